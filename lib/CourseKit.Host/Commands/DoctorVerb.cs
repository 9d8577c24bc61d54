namespace CourseKit.Host.Commands;

/// <summary>doctor</summary>
internal sealed class DoctorVerb : Verb
{
    public override string Name => "doctor";

    public override string Summary => "looks at this machine and says what is missing";

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal) => Task.FromResult(0);
}

namespace CourseKit.Host.Commands;

/// <summary>help [VERB]</summary>
internal sealed class HelpVerb : Verb
{
    private const string Call = "dotnet run coursekit.cs";

    public override string Name => "help";

    public override string Summary => "lists the verbs, or explains one: help VERB";

    public override string FileWord => "VERB";

    public override int MostFiles => 1;

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal) =>
        Task.FromResult(arguments.Files.Count == 0 ? List(terminal) : Explain(CommandLine.Find(arguments.Files[0]), terminal));

    /// <summary>Prints the verbs.</summary>
    public static int List(Terminal terminal)
    {
        terminal.Out.WriteLine($"{Call} VERB [FILE] [options]\n");
        foreach (var verb in CommandLine.Verbs)
            terminal.Out.WriteLine($"  {verb.Name,-8}{verb.Summary}");
        terminal.Out.WriteLine($"\n{Call} help VERB lists a verb's options. Exit codes: 0 done, 1 failed, 2 wrong command line or file, 130 stopped.");
        return 0;
    }

    /// <summary>Prints a verb and its options.</summary>
    public static int Explain(Verb verb, Terminal terminal)
    {
        var file = verb.MostFiles == 0 ? "" : verb.LeastFiles > 0 ? " " + verb.FileWord : $" [{verb.FileWord}]";
        terminal.Out.WriteLine($"{Call} {verb.Name}{file}{(verb.Options.Count > 0 ? " [options]" : "")}\n  {verb.Summary}");
        if (verb.Options.Count > 0)
            terminal.Out.WriteLine();
        foreach (var option in verb.Options)
            terminal.Out.WriteLine($"  {(option.Name + " " + option.Value).TrimEnd(),-24}{option.Help}");
        return 0;
    }
}

using CourseKit.Training;

namespace CourseKit.Host.Commands;

/// <summary>sample MODEL.safetensors</summary>
internal sealed class SampleVerb : Verb
{
    public override string Name => "sample";

    public override string Summary => "lets a trained model write text";

    public override string FileWord => "MODEL.safetensors";

    public override int LeastFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Text("--prompt", "TEXT", "what the text begins with; default nothing"),
        Option.Integer("--length", "characters to write; default 500", 0),
        Option.Number("--temperature", "T", "below 1 safer, above 1 wilder, 0 always the likeliest; default 0.8", orZero: true),
        Option.Integer("--seed", "the same seed gives the same text; default 1", long.MinValue, long.MaxValue),
    ];

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var model = CharacterModel.Load(arguments.ExistingFile());
        var prompt = arguments.Text("--prompt") ?? "";
        var text = model.Write(prompt, arguments.Number("--temperature", 0.8), arguments.Long("--seed", 1));
        // Looked up before anything is printed: an unknown character in the prompt is an error without output.
        using var characters = text.Take(arguments.Integer("--length", 500)).GetEnumerator();
        terminal.Out.Write(prompt);
        while (characters.MoveNext())
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            terminal.Out.Write(characters.Current);
        }
        terminal.Out.WriteLine();
        return Task.FromResult(0);
    }
}

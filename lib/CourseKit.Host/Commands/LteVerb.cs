using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Tasks;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Host.Commands;

/// <summary>lte generate, lte run FILE, lte train</summary>
internal sealed class LteVerb : Verb
{
    private const string Generate = "generate", Run = "run", Train = "train";

    private static readonly AnswerTraining Default = new();

    // Which options belong to which word.
    private static readonly Dictionary<string, string[]> Takes = new()
    {
        [Generate] = ["--length", "--nesting", "--count", "--seed", "--mix"],
        [Run] = [],
        [Train] = ["--length", "--nesting", "--strategy", "--hidden", "--layers", "--batch", "--rate", "--minutes", "--steps", "--seed", "--out", "--resume"],
    };

    public override string Name => "lte";

    public override string Summary => "learning to execute: generates programs, runs one (lte run FILE), trains a network to foretell what they print";

    public override string FileWord => string.Join('|', Actions);

    public override IReadOnlyList<string> Actions { get; } = [Generate, Run, Train];

    public override int LeastFiles => 1;

    public override int MostFiles => 2;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Integer("--length", "generate, train: digits of the programs' numbers; default 1", 1, ProgramTask.MostLength),
        Option.Integer("--nesting", "generate, train: operators of a program; default 1", 1, ProgramTask.MostNesting),
        Option.Integer("--count", "generate: how many programs; default 10", 1),
        Option.Switch("--mix", "generate: lengths and nestings up to these, drawn anew for every number and program"),
        Option.Checked("--strategy", "NAME", $"train: {string.Join(", ", Curriculum.Names)}; default combined", $"one of {string.Join(", ", Curriculum.Names)}", Curriculum.Names.Contains),
        Option.Integer("--hidden", $"train: LSTM cells a layer; default {Default.Hidden}", 1, 1 << 14),
        Option.Integer("--layers", $"train: LSTM layers; default {Default.Layers}", 1, 64),
        Option.Integer("--batch", $"train: programs an update; default {Default.BatchSize}", 1, 1 << 16),
        Option.Number("--rate", "RATE", "train: Adam's learning rate; default 0.003"),
        Option.Number("--minutes", "M", "train: how long, stops not counted; default 5, or without end when --steps is given"),
        Option.Integer("--steps", "train: updates at most; default as many as the minutes allow", 1),
        Option.Integer("--seed", "generate, train: fixes the programs and the result; default 1", int.MinValue),
        Option.Text("--out", "DIR", "train: folder of steps.csv, levels.csv, checkpoint.safetensors, model.safetensors; default in artifacts/lte"),
        Option.Switch("--resume", "train: go on from the checkpoint in the folder when there is one"),
    ];

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var action = arguments.Files[0];
        if (Options.FirstOrDefault(option => arguments.Has(option.Name) && !Takes[action].Contains(option.Name)) is { } foreign)
            throw new UsageException($"lte: {action} takes no {foreign.Name}.{(Takes[action].Length == 0 ? "" : $" It takes {string.Join(", ", Takes[action])}.")}");
        if (action == Run ? arguments.Files.Count < 2 : arguments.Files.Count > 1)
            throw new UsageException(action == Run ? "lte: the program's file is missing. Write: lte run FILE, or lte run - for standard input" : $"lte: \"{arguments.Files[1]}\" is one word too many. {action} takes options only; see: help lte");
        return Task.FromResult(action switch
        {
            Generate => GeneratePrograms(arguments, terminal),
            Run => RunProgram(arguments, terminal),
            _ => TrainModel(arguments, terminal),
        });
    }

    private static Difficulty Target(Arguments arguments) => new(arguments.Integer("--length", 1), arguments.Integer("--nesting", 1), arguments.Has("--mix"));

    private static int GeneratePrograms(Arguments arguments, Terminal terminal)
    {
        var (task, random, difficulty) = (new ProgramTask(), new RandomSource(arguments.Integer("--seed", 1)), Target(arguments));
        for (var left = arguments.Integer("--count", 10); left > 0; left--)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            var (input, target) = task.Draw(difficulty, random);
            terminal.Out.Write($"{input.Replace("\n", "\\n", StringComparison.Ordinal)}\t{target}\n");
        }
        return 0;
    }

    private static int RunProgram(Arguments arguments, Terminal terminal)
    {
        var file = arguments.Files[1];
        var text = file == "-" ? Typed(terminal) : TextFile.Read(arguments.ExistingFile(1));
        try
        {
            terminal.Out.WriteLine(PythonProgram.Evaluate(text));
            return 0;
        }
        catch (ProgramException e)
        {
            terminal.Error.WriteLine($"lte: {(file == "-" ? "standard input" : file)}, line {e.Line}, column {e.Column}: {e.Reason}");
            return 2;
        }
    }

    // No more than is needed to see that it is too long, because what is piped in may never end.
    private static string Typed(Terminal terminal)
    {
        var characters = new char[PythonProgram.MostCharacters + 1];
        return new(characters, 0, terminal.In.ReadBlock(characters));
    }

    private static int TrainModel(Arguments arguments, Terminal terminal)
    {
        var (target, strategy, seed) = (Target(arguments), arguments.Text("--strategy") ?? "combined", arguments.Integer("--seed", Default.Seed));
        var folder = arguments.Text("--out") ?? Path.Combine(terminal.Root, "artifacts", "lte", $"{strategy}-length{target.Length}-nesting{target.Nesting}-seed{seed}");
        string InFolder(string name) => Path.Combine(folder, name);
        AtomicFile.CheckWritable(InFolder("model.safetensors"));
        var checkpoint = new Checkpoint(InFolder("checkpoint.safetensors"), every: Default.ValidateEvery, arguments.Has("--resume"));
        int? steps = arguments.Has("--steps") ? arguments.Integer("--steps", 0) : null;
        var task = new ProgramTask();
        AnswerResult result;
        try
        {
            result = AnswerModel.Train(task, new()
            {
                Curriculum = Curriculum.Of(strategy, target),
                Hidden = arguments.Integer("--hidden", Default.Hidden),
                Layers = arguments.Integer("--layers", Default.Layers),
                BatchSize = arguments.Integer("--batch", Default.BatchSize),
                LearningRate = arguments.Number("--rate", Default.LearningRate),
                Steps = steps,
                Minutes = steps is null || arguments.Has("--minutes") ? arguments.Number("--minutes", 5) : null,
                Seed = seed,
                LevelsFile = InFolder("levels.csv"),
                Callbacks = [new CsvLog(InFolder("steps.csv")), checkpoint],
                OnLevel = point => terminal.Out.WriteLine(FormattableString.Invariant(
                    $"step {point.Step}, {point.Seconds:0} s: {point.Level}: accuracy {point.Accuracy:0.000}; target: accuracy {point.TargetAccuracy:0.000}, exact {point.TargetExact:0.000}")),
                Progress = terminal.Error,
                CancellationToken = terminal.Cancellation,
            });
            result.Model.Model.Save(InFolder("model.safetensors"));
        }
        catch (OperationCanceledException) when (File.Exists(checkpoint.Path))
        {
            terminal.Error.WriteLine($"lte: the checkpoint is {checkpoint.Path}. Go on with the same command and --resume.");
            throw;
        }
        catch (Exception e) when (e is InvalidOperationException or CheckpointException or SafetensorsException)
        {
            terminal.Error.WriteLine($"lte: {e.Message}");
            return e is CheckpointException { InnerException: not (IOException or UnauthorizedAccessException) } ? 2 : 1;
        }
        Measure(result.Model, task, target, seed, terminal);
        terminal.Out.WriteLine($"written to {folder}");
        return 0;
    }

    /// <summary>Prints what the model reaches on programs of the part that nothing has looked at, and what always the same answer would.</summary>
    private static void Measure(AnswerModel model, ProgramTask task, Difficulty target, int seed, Terminal terminal)
    {
        var unseen = task.Examples(1000, target, seed, TextPart.Test);
        var character = unseen.SelectMany(example => example.Target).CountBy(one => one).Max(count => count.Value) / (double)unseen.Sum(example => example.Target.Length);
        var answer = unseen.CountBy(example => example.Target).Max(count => count.Value) / (double)unseen.Count;
        terminal.Out.WriteLine(FormattableString.Invariant($"test, 1000 programs of {target}: accuracy {model.Accuracy(unseen):0.000} per character, {model.ExactShare(unseen):0.000} of the answers exact"));
        terminal.Out.WriteLine(FormattableString.Invariant($"always the most frequent: accuracy {character:0.000} per character, {answer:0.000} of the answers exact"));
    }
}

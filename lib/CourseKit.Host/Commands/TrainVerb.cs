using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Host.Commands;

/// <summary>train FILE</summary>
internal sealed class TrainVerb : Verb
{
    private static readonly CharacterTraining Default = new();

    public override string Name => "train";

    public override string Summary => "trains a character model on a text file; its last tenth measures the result";

    public override int LeastFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Choice("--cell", ["rnn", "lstm", "gru"], "the recurrent cell; default lstm"),
        Option.Integer("--hidden", $"neurons a layer; default {Default.Hidden}", 1, 1 << 14),
        Option.Integer("--layers", $"recurrent layers; default {Default.Layers}", 1, 64),
        Option.Integer("--steps", $"updates; default {Default.Steps}", 1),
        Option.Integer("--batch", $"columns of text read side by side; default {Default.BatchSize}", 1, 1 << 16),
        Option.Integer("--window", $"characters through which gradients flow back; default {Default.Window}", 1, 1 << 20),
        Option.Integer("--seed", $"fixes the result; default {Default.Seed}", int.MinValue),
        Option.Number("--rate", "RATE", "Adam's learning rate; default 0.002"),
        Option.Number("--clip", "NORM", "the greatest common length of all gradients; default 5"),
        Option.Integer("--threads", "cores to use, the result is the same; default all", 1, 1 << 10),
        Option.Choice("--backend", [.. Backend.Names], "what it runs on; best: a GPU where there is one, else the processor; default cpu"),
        Option.Text("--checkpoint", "FILE", "write all that the training is now and then, and when it is stopped, so that it can go on"),
        Option.Integer("--checkpoint-every", "steps between two checkpoints; default 100", 1),
        Option.Switch("--resume", "go on from --checkpoint's file when there is one, with the same bits as without a stop"),
        Option.Text("--out", "FILE", "write the trained model, as safetensors"),
    ];

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var file = arguments.ExistingFile();
        var output = arguments.Text("--out");
        if (output is not null)
        {
            if (Path.GetFullPath(output) == Path.GetFullPath(file))
                throw new UsageException("train: --out is the text itself. Name another file.");
            AtomicFile.CheckWritable(output);
        }
        var checkpoint = CheckpointOf(arguments, file, output);
        var text = TextFile.Read(file);
        if (arguments.Has("--threads"))
            CpuBackend.Default = new CpuBackend(arguments.Integer("--threads", 0));
        IBackend backend;
        try
        {
            backend = BackendOf(arguments, terminal);
        }
        catch (BackendException e)
        {
            terminal.Error.WriteLine($"train: --backend {e.Message}");
            return Task.FromResult(1);
        }
        var options = new CharacterTraining
        {
            Cell = Enum.Parse<CellKind>(arguments.Text("--cell") ?? "lstm", ignoreCase: true),
            Hidden = arguments.Integer("--hidden", Default.Hidden),
            Layers = arguments.Integer("--layers", Default.Layers),
            Steps = arguments.Integer("--steps", Default.Steps),
            BatchSize = arguments.Integer("--batch", Default.BatchSize),
            Window = arguments.Integer("--window", Default.Window),
            Seed = arguments.Integer("--seed", Default.Seed),
            LearningRate = arguments.Number("--rate", Default.LearningRate),
            Clip = arguments.Number("--clip", Default.Clip!.Value),
            Callbacks = checkpoint is null ? [] : [checkpoint],
            Progress = terminal.Out,
            CancellationToken = terminal.Cancellation,
        };
        CharacterResult result;
        try
        {
            result = Tensor.MakeOn(backend, () => CharacterModel.Train(text, options));
        }
        catch (OperationCanceledException) when (checkpoint is not null && File.Exists(checkpoint.Path))
        {
            terminal.Error.WriteLine($"train: the checkpoint is {checkpoint.Path}. Go on with the same command and --resume.");
            throw;
        }
        catch (Exception e) when (e is InvalidOperationException or CheckpointException or BackendException)
        {
            terminal.Error.WriteLine($"train: {e.Message}");
            return Task.FromResult(e is CheckpointException { InnerException: not (IOException or UnauthorizedAccessException) } ? 2 : 1);
        }
        if (output is not null)
        {
            try
            {
                result.Model.Save(output);
            }
            catch (SafetensorsException e)
            {
                terminal.Error.WriteLine($"train: {e.Message}");
                return Task.FromResult(1);
            }
            terminal.Out.WriteLine($"written to {output}");
        }
        terminal.Out.WriteLine(result);
        return Task.FromResult(0);
    }

    // What was picked is said where the user did not name it.
    private static IBackend BackendOf(Arguments arguments, Terminal terminal) => arguments.Text("--backend") switch
    {
        null => CpuBackend.Default,
        "best" => Backend.Best(terminal.Out.WriteLine),
        var name => Backend.Open(name),
    };

    private static Checkpoint? CheckpointOf(Arguments arguments, string file, string? output)
    {
        var path = arguments.Text("--checkpoint");
        if (path is null)
        {
            var alone = arguments.Has("--resume") ? "--resume" : "--checkpoint-every";
            return arguments.Has(alone) ? throw new UsageException($"train: {alone} needs --checkpoint FILE.") : null;
        }
        foreach (var (other, what) in new[] { (file, "the text itself"), (output, "--out's file") })
        {
            if (other is not null && Path.GetFullPath(path) == Path.GetFullPath(other))
                throw new UsageException($"train: --checkpoint is {what}. Name another file.");
        }
        return new(path, arguments.Integer("--checkpoint-every", 100), arguments.Has("--resume"));
    }
}

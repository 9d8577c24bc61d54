using System.Globalization;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Data.Loaders;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tasks;
using CourseKit.Tensors;
using CourseKit.Tests.Data;
using CourseKit.Training;

namespace CourseKit.Tests.Results;

/// <summary>What minutes of training must reach, against figures that others measured: docs/results.md. Each writes its own to artifacts/measurements.</summary>
[Trait("Category", "Long")]
public sealed class HonestChecks
{
    // Validation nats after 3 epochs, batch 50, window 50, Adam, measured with PyTorch.
    private static readonly (CellKind Cell, int Hidden, int Layers, double Reference)[] Shakespeare =
    [
        (CellKind.Rnn, 128, 1, 1.790), (CellKind.Lstm, 64, 1, 1.825), (CellKind.Lstm, 128, 1, 1.720), (CellKind.Lstm, 128, 2, 1.719),
        (CellKind.Lstm, 256, 1, 1.624), (CellKind.Gru, 128, 1, 1.698),
    ];

    [RealDataFact("tinyshakespeare.txt")]
    public void TinyShakespeare_ThreeEpochs_IsWithinFivePercentOfTheReference()
    {
        var text = TinyShakespeare.Load();
        var lines = new List<string>();
        var worst = 0.0;
        foreach (var (cell, hidden, layers, reference) in Shakespeare)
        {
            var steps = 3 * (int)(text.Length * 0.9 / (50 * 50));
            var nats = CharacterModel.Train(text, new()
            {
                Cell = cell,
                Hidden = hidden,
                Layers = layers,
                Steps = steps,
                BatchSize = 50,
                Window = 50,
                LearningRate = 2e-3,
                ValidateEvery = steps,
                Seed = 1,
                Progress = null,
            }).ValidationNats!.Value;
            lines.Add(Line($"{cell} {layers}x{hidden}, {steps} steps", nats, reference));
            worst = Math.Max(worst, nats / reference);
        }

        Write("shakespeare", lines);
        Assert.True(worst < 1.05, string.Join('\n', lines));
    }

    [RealDataFact("tinyshakespeare.txt")]
    public void MinCharRnn_SmoothLoss_FollowsTheReference()
    {
        var text = TinyShakespeare.Load();
        var vocabulary = Vocabulary.OfCharacters(text);
        var ids = vocabulary.Encode(text);
        var initialization = new RecurrentInitialization { InputWeights = Initializer.Normal(0, 0.01f), RecurrentWeights = Initializer.Normal(0, 0.01f), Biases = Initializer.Zeros };
        var model = new Model(1, new SimpleRnn(vocabulary.Count, 100) { Initialization = initialization }, new Linear(100, vocabulary.Count));
        foreach (var parameter in model.Layers[1].Parameters)
            (parameter.Tensor.Shape.Rank == 1 ? Initializer.Zeros : Initializer.Normal(0, 0.01f)).Fill(parameter.Tensor, new RandomSource(2));

        var smooth = 25 * Math.Log(vocabulary.Count);
        var start = smooth;
        // The same algorithm in numpy, float64, seed 1, on the same text.
        (int Step, double Reference)[] marks = [(1000, 87.38), (10_000, 55.37), (50_000, 50.67), (100_000, 48.76)];
        var lines = new List<string> { Line("25 ln 65", start, 104.36) };
        var worst = 0.0;
        model.Fit(OneHotWindows(ids, vocabulary.Count), new FitOptions
        {
            // The reference adds 1e-8 under the root: without it every tiny gradient of the beginning would move its weight by a tenth.
            Optimizer = new Adagrad(0.1, epsilon: 1e-4),
            Steps = 100_000,
            ClipValue = 5,
            // The loss of the reference is the sum over a window, and so are its gradients.
            LossFunction = (output, batch) => FitOptions.DefaultLoss(output, batch) * 25,
            Progress = null,
            OnStep = step =>
            {
                smooth = 0.999 * smooth + 0.001 * step.Loss;
                if (marks.FirstOrDefault(mark => mark.Step == step.Step) is { Step: > 0 } mark)
                {
                    lines.Add(Line($"min-char-rnn, smooth loss after {mark.Step}", smooth, mark.Reference));
                    worst = Math.Max(worst, smooth / mark.Reference);
                }
            },
        });

        Write("min-char-rnn", lines);
        Assert.True(worst < 1.05, string.Join('\n', lines));
    }

    [Fact]
    public void AddingProblem_OfHundredSteps_IsSolvedByGatesAndNotByTanh()
    {
        var task = new AddingProblem(100);
        var lines = new List<string> { Line("predicting the mean", task.BaselineLoss, 1 / 6.0) };
        double Trained(string name, SequenceLayer layer, int steps, double reference, double rate)
        {
            var model = new Model(1, layer, new Linear(32, 1));
            model.Fit(task.Batches(50, seed: 1), new FitOptions { Optimizer = new Adam(rate), Steps = steps, ClipNorm = 1, Progress = null });
            var loss = model.Evaluate(task.Batches(100, seed: 2, count: 10));
            lines.Add(Line($"{name}, {steps} steps", loss, reference));
            return loss;
        }

        var gru = Trained("GRU", new Gru(2, 32, returnSequences: false), 500, 0.003, 0.01);
        var lstm = Trained("LSTM", new Lstm(2, 32, returnSequences: false), 1500, 0.003, 0.01);
        var irnn = Trained("IRNN", SimpleRnn.Irnn(2, 32, returnSequences: false), 4000, 0.061, 0.001);
        var tanh = Trained("tanh", new SimpleRnn(2, 32, returnSequences: false), 4000, 0.17, 0.001);

        Write("adding", lines);
        Assert.True(gru < 0.01 && lstm < 0.01 && irnn < 0.12 && tanh > 0.1, string.Join('\n', lines));
    }

    [Fact]
    public void TemporalOrder_OfFullLength_IsSolvedByForgetBias()
    {
        var lines = new List<string>();
        // How many of three seeds are right in 98 of 100 new sequences before 96,000 have been seen, and by when.
        int Solved(string name, Func<SequenceLayer> layer, float input = 0)
        {
            var at = Enumerable.Range(1, 3).Select(seed => SequencesUntilSolved(layer(), input, seed)).ToList();
            lines.Add($"{name,-32} {string.Join(", ", at.Select(sequences => sequences?.ToString(CultureInfo.InvariantCulture) ?? "not in 96000"))}");
            return at.Count(sequences => sequences is not null);
        }

        Lstm Biased(float forget) => new(8, 8, returnSequences: false) { Initialization = new() { ForgetBias = forget } };

        var tanh = Solved("tanh", () => new SimpleRnn(8, 8, returnSequences: false));
        var one = Solved("LSTM, forget bias 1", () => Biased(1));
        var three = Solved("LSTM, forget bias 3", () => Biased(3));
        var five = Solved("LSTM, forget bias 5, input bias -1", () => Biased(5), input: -1);

        Write("temporal-order", lines);
        Assert.Equal("0 0 3 3", $"{tanh} {one} {three} {five}");
    }

    [Fact]
    public void CopyMemory_OfHundredSteps_IsNotSolvedInSixHundredSteps()
    {
        var task = new CopyMemory(100);
        var model = new Model(1, new Lstm(task.InputSize, 64), new Linear(64, task.OutputSize));
        model.Fit(task.Batches(20, seed: 1), new FitOptions { Optimizer = new Adam(0.01), Steps = 600, ClipNorm = 1, Progress = null });
        var loss = model.Evaluate(task.Batches(100, seed: 2, count: 5));

        Write("copy", [Line("memoryless", task.BaselineLoss, 0.1733), Line("LSTM, 600 steps", loss, 0.174)]);
        Assert.InRange(loss, 0.16, 0.183);
    }

    // 8 units, Adam 0.01, batches of 20, clipping at 1.
    private static int? SequencesUntilSolved(SequenceLayer layer, float inputBias, int seed)
    {
        const int batchSize = 20;
        var task = new TemporalOrder();
        var judge = task.Batches(100, seed: 1000, count: 5).ToList();
        var model = new Model(seed, layer, new Linear(8, 4));
        if (layer is Lstm lstm && inputBias != 0)
        {
            // The gates stand in the order i, f, g, o.
            var biases = lstm.BiasIh().ToArray();
            for (var k = 0; k < 8; k++)
                biases[k] += inputBias;
            lstm.BiasIh().CopyFrom(Tensor.From(biases, biases.Length));
        }

        int? solved = null;
        using var stop = new CancellationTokenSource();
        void Judge(TrainingStep step)
        {
            if (step.Step % 100 != 0 || model.Accuracy(judge) <= 0.98)
                return;
            solved = step.Step * batchSize;
            stop.Cancel();
        }

        try
        {
            model.Fit(task.Batches(batchSize, seed), new FitOptions
            {
                Optimizer = new Adam(0.01),
                Steps = 96_000 / batchSize,
                ClipNorm = 1,
                Progress = null,
                CancellationToken = stop.Token,
                OnStep = Judge,
            });
        }
        catch (OperationCanceledException)
        {
            // It is solved.
        }

        return solved;
    }

    // Windows of 25 characters one after another, again and again; the state goes on but at the text's beginning.
    private static IEnumerable<Batch> OneHotWindows(int[] ids, int count)
    {
        while (true)
            for (var at = 0; at + 26 <= ids.Length; at += 25)
            {
                var x = new float[25 * count];
                for (var t = 0; t < 25; t++)
                    x[t * count + ids[at + t]] = 1;
                yield return new Batch(Tensor.From(x, 1, 25, count), IntTensor.From(ids.AsSpan(at + 1, 25), 1, 25), continues: at > 0);
            }
    }

    private static string Line(string what, double ours, double reference) =>
        string.Create(CultureInfo.InvariantCulture, $"{what,-44} ours {ours,9:0.0000}  reference {reference,9:0.0000}  ratio {ours / reference:0.000}");

    private static void Write(string name, List<string> lines)
    {
        var folder = Path.Combine(Architecture.Repository.Root, "artifacts", "measurements");
        Directory.CreateDirectory(folder);
        File.WriteAllLines(Path.Combine(folder, $"results-{name}.txt"), lines);
    }
}

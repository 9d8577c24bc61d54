using System.Diagnostics;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Benchmarks;

/// <summary>
/// `steps [case ...]`: whole training steps in ms: embedding, recurrent layers, dense decoder, softmax cross-entropy, backward through time, clipping, Adam.
/// Wall is the median and the least; CPU is the mean over all threads, which other programs on the machine disturb less.
/// </summary>
internal static class StepReport
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(3);

    private sealed record Case(string Name, string Cell, int Vocabulary, int Embedding, int Hidden, int Layers, int Steps, int BatchSize, bool Bidirectional = false);

    private static readonly Case[] Cases =
    [
        new("min_char_rnn", "RNN", 65, 100, 100, 1, 25, 1),
        new("char_rnn_small", "RNN", 65, 128, 128, 1, 50, 32),
        new("char_lstm_small", "LSTM", 65, 128, 128, 1, 50, 32),
        new("char_gru_small", "GRU", 65, 128, 128, 1, 50, 32),
        new("char_lstm_medium", "LSTM", 65, 256, 256, 1, 50, 64),
        new("gru_large", "GRU", 65, 512, 512, 1, 50, 64),
        new("learning_to_execute", "LSTM", 64, 400, 400, 2, 50, 100),
        new("ptb_medium", "LSTM", 10000, 650, 650, 2, 35, 20),
        new("bi_deep_lstm", "LSTM", 65, 128, 128, 3, 100, 32, Bidirectional: true),
    ];

    internal static void Print(string[] names)
    {
        foreach (var one in Cases)
        {
            if (names.Length > 0 && !names.Contains(one.Name)) continue;
            Time(one);
        }

        if (names.Length == 0 || names.Contains("sample_lstm")) Sample();
    }

    private static void Time(Case c)
    {
        var width = c.Hidden * (c.Bidirectional ? 2 : 1);
        RecurrentLayer recurrent = c.Cell switch
        {
            "RNN" => new SimpleRnn(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional),
            "GRU" => new Gru(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional),
            _ => new Lstm(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional),
        };
        var model = new Model(1, new Embedding(c.Vocabulary, c.Embedding), recurrent, new Linear(width, c.Vocabulary));
        var random = new Random(1);
        int[] Draw() => [.. Enumerable.Range(0, c.BatchSize * c.Steps).Select(_ => random.Next(c.Vocabulary))];
        var ids = IntTensor.From(Draw(), c.BatchSize, c.Steps);
        var targets = IntTensor.From(Draw(), c.BatchSize, c.Steps);
        var adam = new Adam(1e-3);
        Report(c.Name, 1, () => Tape.Step(() =>
        {
            var loss = Loss.CrossEntropy(model.Forward(ids).Output, targets);
            loss.Backward();
            Gradients.ClipByGlobalNorm(model.Parameters, 5);
            adam.Step(model.Parameters);
            Gradients.Zero(model.Parameters);
        }));
    }

    private static void Sample()
    {
        const int Characters = 200;
        var model = new Model(1, new Embedding(65, 256), new Lstm(256, 256, 2), new Linear(256, 65));
        var random = new RandomSource(1);
        Report("sample_lstm, one character", Characters, () =>
        {
            ModelState? state = null;
            var id = 0;
            for (var i = 0; i < Characters; i++)
            {
                (state, id) = Tape.Inference(() =>
                {
                    var (logits, after) = model.Forward(IntTensor.From([id], 1, 1), state);
                    return (after.Detach(), Sampler.Draw(logits.ToArray(), 1, random));
                });
            }
        });
    }

    private static void Report(string name, int inner, Action run)
    {
        for (var i = 0; i < 40 / inner + 2; i++) run();
        var times = new List<double>();
        var (end, cpu) = (Stopwatch.GetTimestamp() + (Each.TotalSeconds * Stopwatch.Frequency), Environment.CpuUsage.TotalTime);
        while (times.Count < 5 || Stopwatch.GetTimestamp() < end)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds / inner);
        }

        cpu = Environment.CpuUsage.TotalTime - cpu;
        times.Sort();
        Console.WriteLine(FormattableString.Invariant(
            $"{name,-27} {Environment.ProcessorCount} threads: median {times[times.Count / 2],8:F3} ms, least {times[0],8:F3} ms, CPU {cpu.TotalMilliseconds / times.Count / inner,8:F3} ms"));
    }
}

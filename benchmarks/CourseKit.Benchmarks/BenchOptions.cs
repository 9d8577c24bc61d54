using System.Globalization;

namespace CourseKit.Benchmarks;

/// <summary>What is measured and how long. The verb `bench` checks what the user typed; this only reads it.</summary>
internal sealed record BenchOptions
{
    /// <summary>The cases, in the order of cases.json.</summary>
    public IReadOnlyList<BenchCase> Cases { get; private init; } = [];

    /// <summary>Whether PyTorch and ONNX Runtime are measured too.</summary>
    public bool Peer { get; private init; }

    /// <summary>Whether a line is JSON.</summary>
    public bool Json { get; private init; }

    /// <summary>Threads of the kit, and the most that a peer may use.</summary>
    public int Threads { get; private init; } = Environment.ProcessorCount;

    /// <summary>What the kit runs on, a name of <see cref="Backends.Backend.Names"/>.</summary>
    public string Backend { get; private init; } = "cpu";

    /// <summary>Seconds of one measurement of a training step or of generation.</summary>
    public double Seconds { get; private init; } = 1;

    /// <summary>How many times each is measured, in turn with the peers.</summary>
    public int Rounds { get; private init; } = 5;

    /// <summary>Reads the words.</summary>
    public static BenchOptions Of(ReadOnlySpan<string> words)
    {
        var (options, names) = (new BenchOptions(), new List<string>());
        for (var i = 0; i < words.Length; i++)
        {
            options = words[i] switch
            {
                "--peer" => options with { Peer = true },
                "--json" => options with { Json = true },
                "--threads" => options with { Threads = int.Parse(words[++i], CultureInfo.InvariantCulture) },
                "--backend" => options with { Backend = words[++i] },
                "--seconds" => options with { Seconds = double.Parse(words[++i], CultureInfo.InvariantCulture) },
                "--rounds" => options with { Rounds = int.Parse(words[++i], CultureInfo.InvariantCulture) },
                _ => Named(words[i]),
            };
        }

        return options with { Cases = [.. BenchCase.All.Where(one => names.Count == 0 || names.Contains(one.Name))] };

        BenchOptions Named(string name)
        {
            names.Add(BenchCase.Find(name).Name);
            return options;
        }
    }
}

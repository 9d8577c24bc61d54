using System.Text.Json.Serialization;

namespace CourseKit.Benchmarks;

/// <summary>What was measured of one program on one case: medians over all rounds. What was not measured is null.</summary>
internal sealed record BenchResult
{
    /// <summary>The kit and its version; null for a peer.</summary>
    public string? Kit { get; init; }

    /// <summary>The peer and its version; null for the kit.</summary>
    public string? Peer { get; init; }

    /// <summary>The case's name.</summary>
    public required string Case { get; init; }

    /// <summary>Threads that it used.</summary>
    public int Threads { get; init; }

    /// <summary>What else it was told.</summary>
    public string? Settings { get; init; }

    /// <summary>A training step, ms.</summary>
    [JsonPropertyName("step_ms")]
    public double? StepMs { get; init; }

    /// <summary>The forward pass without recording, ms.</summary>
    [JsonPropertyName("forward_ms")]
    public double? ForwardMs { get; init; }

    /// <summary>The recurrent layers' forward pass, ms.</summary>
    [JsonPropertyName("recurrent_ms")]
    public double? RecurrentMs { get; init; }

    /// <summary>A training step's matrix products in GFLOP a second of the whole step.</summary>
    public double? Gflops { get; init; }

    /// <summary>The most multiply-adds that as many threads at once reach on this machine in the same run, GFLOP/s; the best round, since a disturbed one would flatter the kit.</summary>
    [JsonPropertyName("peak_gflops")]
    public double? PeakGflops { get; init; }

    /// <summary>The most memory that the process held, MB of 2^20 bytes.</summary>
    [JsonPropertyName("memory_mb")]
    public double? MemoryMb { get; init; }

    /// <summary>Managed memory that a warm training step allocates, bytes.</summary>
    [JsonPropertyName("allocated_bytes")]
    public double? AllocatedBytes { get; init; }

    /// <summary>Characters generated a second.</summary>
    [JsonPropertyName("characters_per_second")]
    public double? CharactersPerSecond { get; init; }

    /// <summary>The greatest difference between the output and the kit's.</summary>
    public double? Difference { get; init; }

    /// <summary>Takes the medians of a runner.</summary>
    /// <param name="one">The case.</param>
    /// <param name="runner">What measured it.</param>
    /// <param name="isKit">Whether that is the kit.</param>
    public static BenchResult Of(BenchCase one, Runner runner, bool isKit) => new()
    {
        Kit = isKit ? runner.Name : null,
        Peer = isKit ? null : runner.Name,
        Case = one.Name,
        Threads = runner.Threads,
        Settings = runner.Settings,
        StepMs = runner.Median("step"),
        ForwardMs = runner.Median("forward"),
        RecurrentMs = runner.Median("recurrent"),
        Gflops = isKit && runner.Median("step") is { } ms ? one.StepFlops / ms / 1e6 : null,
        PeakGflops = runner.Most("peak"),
        MemoryMb = runner.Median("memory"),
        AllocatedBytes = runner.Median("allocated"),
        CharactersPerSecond = runner.Median("generate"),
        Difference = runner.Median("difference"),
    };
}

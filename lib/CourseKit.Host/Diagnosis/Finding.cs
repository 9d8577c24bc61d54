namespace CourseKit.Host.Diagnosis;

/// <summary>What the doctor found out about one thing.</summary>
/// <param name="What">The thing, one or two words that stay the same from version to version.</param>
/// <param name="Found">What is there.</param>
/// <param name="State">Whether that is well.</param>
/// <param name="Remedy">What to do, or what goes without it; null when all is well.</param>
/// <param name="Numbers">Numbers in <paramref name="Found"/>, by name with the unit at its end.</param>
internal sealed record Finding(string What, string Found, FindingState State, string? Remedy, IReadOnlyList<(string Name, double Value)> Numbers)
{
    /// <summary>All is well.</summary>
    public static Finding Ok(string what, string found, params IReadOnlyList<(string, double)> numbers) => new(what, found, FindingState.Ok, null, numbers);

    /// <summary>Well unless there is a remedy: then it must be taken.</summary>
    public static Finding Needed(string what, string found, string? remedy, params IReadOnlyList<(string, double)> numbers) =>
        new(what, found, remedy is null ? FindingState.Ok : FindingState.Mend, remedy, numbers);

    /// <summary>Well unless there is a remedy, and it goes without.</summary>
    public static Finding Wished(string what, string found, string? remedy, params IReadOnlyList<(string, double)> numbers) =>
        new(what, found, remedy is null ? FindingState.Ok : FindingState.Optional, remedy, numbers);
}

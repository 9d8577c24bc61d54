namespace CourseKit.Inspection;

/// <summary>
/// Compares this library with golden numbers that another framework computed: values, gradients, and weights after training. A file is one JSON object in which a
/// tensor is {"shape": [...], "data": [...]}; docs/interchange.md lists what the kinds of files hold.
/// </summary>
public static class Parity
{
    /// <summary>The largest absolute difference that counts as agreement: 1e-5.</summary>
    public const double Tolerance = 1e-5;

    // What marks a file's kind, and its comparison.
    private static readonly (string[] Marks, Action<GoldenFile, Differences> Compare)[] s_kinds =
    [
        (["tokens_time_major", "start", "end"], TrainingParity.Compare),
        (["layers", "weights", "loss_weight_y"], RecurrentParity.Compare),
        (["units", "weights", "y"], KerasParity.CompareLayer),
        (["labels", "start", "end"], KerasParity.CompareTraining),
        (["runs", "gradients"], OptimizerParity.Compare),
        (["logits", "cross_entropy"], LossParity.Compare),
        (["layer_norm"], LayerParity.Compare),
        (["input_lengths", "logits"], CtcParity.Compare),
    ];

    /// <summary>Compares every .json file of a folder, in the order of their names.</summary>
    /// <param name="folder">The folder; not those inside it.</param>
    /// <returns>One result a file. A file that is not understood has a reason, and the others are compared all the same.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<ParityResult> CheckFolder(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(Check)]
            : throw new DirectoryNotFoundException($"There is no folder '{folder}'. Give one with golden files.");
    }

    /// <summary>Compares one file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The result; with a reason when the file cannot be read or is not understood.</returns>
    public static ParityResult Check(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var differences = new Differences();
        var name = Path.GetFileNameWithoutExtension(path);
        try
        {
            var file = GoldenFile.Read(path);
            var compare = s_kinds.FirstOrDefault(kind => Array.TrueForAll(kind.Marks, mark => file.Has(mark))).Compare
                ?? throw new FormatException("the file is none of the kinds that are known");
            compare(file, differences);
            return new(name, differences.Numbers, differences.Largest, differences.Place, differences.Place is null ? "the file holds no number to compare" : null);
        }
        catch (Exception e) when (e is FormatException or ArgumentException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new(name, differences.Numbers, differences.Largest, differences.Place, e.Message.TrimEnd('.'));
        }
    }
}

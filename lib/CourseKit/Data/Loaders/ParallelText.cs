namespace CourseKit.Data.Loaders;

/// <summary>Sentences in two languages, line by line the same.</summary>
/// <param name="Source">The sentences to translate.</param>
/// <param name="Target">Their translations, as many.</param>
public sealed record ParallelText(IReadOnlyList<string> Source, IReadOnlyList<string> Target)
{
    /// <summary>How many pairs there are.</summary>
    public int Count => Source.Count;

    /// <summary>Reads two text files of one sentence a line.</summary>
    /// <param name="sourcePath">The sentences to translate.</param>
    /// <param name="targetPath">Their translations.</param>
    /// <exception cref="DataException">A file is missing or is not text, or they have not the same number of lines.</exception>
    public static ParallelText Load(string sourcePath, string targetPath)
    {
        var (source, target) = (TextFile.ReadLines(sourcePath), TextFile.ReadLines(targetPath));
        return source.Count == target.Count
            ? new(source, target)
            : throw new DataException($"ParallelText: '{sourcePath}' and '{targetPath}' must have the same number of lines, but have {source.Count} and {target.Count}. Line by line one must be the translation of the other.");
    }
}

namespace CourseKit.Host.Language;

/// <summary>Completes paths: of DLLs after "#r", of any file elsewhere in a string.</summary>
/// <param name="folder">What relative paths are relative to.</param>
internal sealed class FileCompleter(string folder)
{
    private const int Most = 200;

    /// <summary>Files and folders that a path can go on with.</summary>
    /// <param name="typed">The path up to the cursor.</param>
    /// <param name="extension">Files of this kind only, such as ".dll"; null for all.</param>
    /// <returns>Folders end in a slash.</returns>
    public IReadOnlyList<Completion> Complete(string typed, string? extension)
    {
        var (parent, name) = Split(typed);
        try
        {
            var place = Path.Combine(folder, parent);
            if (typed.AsSpan().ContainsAny(Path.GetInvalidPathChars()) || !Directory.Exists(place))
                return [];
            var folders = Directory.EnumerateDirectories(place).Select(path => new Completion($"{Path.GetFileName(path)}/", "path"));
            var files = Directory.EnumerateFiles(place).Where(path => extension is null || Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase))
                .Select(path => new Completion(Path.GetFileName(path), "path"));
            return [.. folders.Concat(files)
                .Where(item => item.Text.StartsWith(name, StringComparison.OrdinalIgnoreCase) && (name.StartsWith('.') || !item.Text.StartsWith('.')))
                .OrderBy(item => item.Text, StringComparer.OrdinalIgnoreCase).Take(Most)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>How much of a path a completion replaces: its last part.</summary>
    public static int LengthOfName(string typed) => Split(typed).Name.Length;

    private static (string Parent, string Name) Split(string typed)
    {
        var slash = typed.LastIndexOfAny(['/', '\\']) + 1;
        return (typed[..slash], typed[slash..]);
    }
}

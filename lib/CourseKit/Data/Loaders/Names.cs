namespace CourseKit.Data.Loaders;

/// <summary>Names to learn from, one a line: of one kind in one file, or a file for each language.</summary>
public static class Names
{
    private static readonly DataSource s_file = new("Names", ["names.txt"], "https://raw.githubusercontent.com/karpathy/makemore/master/names.txt");

    private static readonly DataSource s_folder = new("Names", ["names", "data/names"], "https://download.pytorch.org/tutorial/data.zip");

    /// <summary>Reads the names of a file.</summary>
    /// <param name="path">The file, one name a line, or a folder with names.txt; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <returns>The names in their order; lines without text are left out.</returns>
    /// <exception cref="DataException">It is not there, is not text or holds no name; the message says what was expected where, and how to get it.</exception>
    /// <remarks>The usual file: 32,033 given names, from Karpathy's makemore.</remarks>
    public static IReadOnlyList<string> Load(string? path = null) => Read(s_file, s_file.Find(path));

    /// <summary>Reads a folder with a file for each language: Arabic.txt, Chinese.txt, ...</summary>
    /// <param name="path">The folder, or one that holds it as names or data/names; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <returns>The names by language, the file's name without its ending, in the order of the languages.</returns>
    /// <exception cref="DataException">It is not there, has fewer than two files, or a file is not text or holds no name; the message says what was expected where, and how to get it.</exception>
    /// <remarks>The usual folder: 20,074 surnames of 18 languages, from PyTorch's tutorial on classifying names.</remarks>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> LoadByLanguage(string? path = null)
    {
        var folder = path is not null && Directory.Exists(path) && Files(path).Length > 1 ? path : s_folder.Find(path);
        var files = Directory.Exists(folder) ? Files(folder) : throw s_folder.Wrong(folder, "must be a folder with a .txt file for each language, but is a file");
        if (files.Length < 2)
            throw s_folder.Wrong(folder, $"must hold a .txt file for each of at least 2 languages, but holds {files.Length}");

        var names = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var file in files)
            names.Add(Path.GetFileNameWithoutExtension(file), Read(s_folder, file));
        return names;
    }

    private static string[] Files(string folder) => Directory.GetFiles(folder, "*.txt");

    private static string[] Read(DataSource source, string file)
    {
        string[] names = [.. TextFile.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        return names.Length > 0 ? names : throw source.Wrong(file, "must hold one name a line, but holds none");
    }
}

namespace CourseKit.Data.Loaders;

/// <summary>Tiny Shakespeare: 40,000 lines of his plays in one text of 1.1 million characters, the usual first data of a character model.</summary>
/// <remarks>Karpathy, The Unreasonable Effectiveness of Recurrent Neural Networks, 2015. Public domain.</remarks>
public static class TinyShakespeare
{
    private const string Beginning = "First Citizen:";

    private static readonly DataSource s_source = new("TinyShakespeare", ["tinyshakespeare.txt", "tinyshakespeare/input.txt", "input.txt"],
        "https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt");

    /// <summary>Reads the text.</summary>
    /// <param name="path">The file, or a folder with tinyshakespeare.txt, tinyshakespeare/input.txt or input.txt; null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <returns>The whole text.</returns>
    /// <exception cref="DataException">It is not there or is another text; the message says what was expected where, and how to get it.</exception>
    public static string Load(string? path = null)
    {
        var file = s_source.Find(path);
        var text = TextFile.Read(file);
        return text.StartsWith(Beginning, StringComparison.Ordinal)
            ? text
            : throw s_source.Wrong(file, $"must begin with '{Beginning}', but is another text; TextFile.Read reads any");
    }
}

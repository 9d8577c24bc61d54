using System.Text;

namespace CourseKit.Host.Notebooks;

/// <summary>What a terminal, and Jupyter, shows of a stream that overwrites its own line.</summary>
internal static class StreamText
{
    /// <summary>Collapses "\r" (back to the line's start; later text lies over earlier) and "\b" (one back). "\r\n" is a newline.</summary>
    /// <param name="text">The raw stream.</param>
    /// <returns>The text as it stands at the end.</returns>
    public static string Collapse(string text)
    {
        if (text.AsSpan().IndexOfAny('\r', '\b') < 0)
            return text;
        var result = new StringBuilder(text.Length);
        var line = new StringBuilder();
        var column = 0;
        foreach (var c in text)
        {
            switch (c)
            {
                case '\n':
                    result.Append(line).Append('\n');
                    line.Clear();
                    column = 0;
                    break;
                case '\r':
                    column = 0;
                    break;
                case '\b':
                    column = Math.Max(0, column - 1);
                    break;
                default:
                    if (column < line.Length)
                        line[column] = c;
                    else
                        line.Append(c);
                    column++;
                    break;
            }
        }
        return result.Append(line).ToString();
    }
}

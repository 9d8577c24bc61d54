namespace CourseKit.Cells;

#pragma warning disable IDE1006, CA1707, CA1708 // The names that notebooks use in .NET Interactive: display(x) and x.Display().
/// <summary>What a cell can call without a name before it, as in .NET Interactive.</summary>
public static class CellCommands
{
    /// <summary>Who runs the cells. One process runs one notebook.</summary>
    internal static ICellHost? Host { get; set; }

    /// <summary>Shows a value now, before the cell's end.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">For example "text/plain"; none means all that the value's type offers.</param>
    /// <returns>What is shown, to be replaced later by its Update.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes)
    {
        var id = Guid.NewGuid().ToString("N");
        Running("display").Show(value, mimeTypes, id, update: false);
        return new(id, mimeTypes);
    }

    /// <summary>Shows a value now, before the cell's end.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">For example "text/plain"; none means all that the value's type offers.</param>
    /// <returns>What is shown, to be replaced later by its Update.</returns>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => display(value, mimeTypes);

    /// <summary>Shows text as the given MIME type, as it stands.</summary>
    /// <param name="text">The content, for example HTML.</param>
    /// <param name="mimeType">For example "text/html".</param>
    public static void DisplayAs(this string text, string mimeType) => Running("DisplayAs").ShowAs(text, mimeType);

    /// <summary>Marks text as HTML: as a cell's last expression, or inside display(...), it is shown rendered.</summary>
    /// <param name="content">HTML.</param>
    /// <returns>The marked text.</returns>
    public static Html HTML(string content) => new(content);

    /// <summary>Asks the reader of the notebook for a line, as Console.ReadLine does too.</summary>
    /// <param name="prompt">What is asked. Default: nothing.</param>
    /// <param name="password">Whether what is typed stays hidden. Default: false.</param>
    /// <returns>The line.</returns>
    /// <exception cref="InvalidOperationException">Nobody is there to answer: the notebook runs by itself.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public static string input(string prompt = "", bool password = false) => Running("input").Ask(prompt, password);

    /// <summary>The host.</summary>
    internal static ICellHost Running(string who) => Host ?? throw new InvalidOperationException($"{who}: no notebook is running in this process.");
}

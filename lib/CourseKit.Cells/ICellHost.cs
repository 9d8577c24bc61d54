namespace CourseKit.Cells;

/// <summary>Who runs cells: takes what they show and answers what they ask.</summary>
internal interface ICellHost
{
    /// <summary>Shows a value in its place among the cell's outputs.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="mimeTypes">None means all that the value's type offers.</param>
    /// <param name="id">Names the place.</param>
    /// <param name="update">Whether it takes the place of what was shown there.</param>
    void Show(object? value, IReadOnlyList<string> mimeTypes, string id, bool update);

    /// <summary>Shows text as a MIME type, as it stands.</summary>
    /// <param name="text">The content.</param>
    /// <param name="mimeType">Its type.</param>
    void ShowAs(string text, string mimeType);

    /// <summary>Asks the reader of the notebook for a line.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="password">Whether what is typed stays hidden.</param>
    /// <exception cref="InvalidOperationException">Nobody is there to answer.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    string Ask(string prompt, bool password);
}

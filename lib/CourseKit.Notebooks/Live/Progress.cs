using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>A bar for any loop: how far it is, how fast, and how long it will take. Training has <see cref="Live"/>.</summary>
public static class Progress
{
    /// <summary>
    /// Goes through items and shows a bar, at most 4 times a second. The stop button of a notebook ends the loop before its next item.
    /// <code>
    /// foreach (var length in Progress.Of([10, 20, 50, 100], "lengths"))
    ///     Console.WriteLine(Measure(length));
    /// </code>
    /// </summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="items">What to go through; where their number is known without going through them, the bar knows its end.</param>
    /// <param name="title">What stands before the bar. Default: nothing.</param>
    /// <returns>The same items.</returns>
    /// <exception cref="OperationCanceledException">While going through them: <see cref="Interrupt"/> was requested.</exception>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, string title = "")
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(title);
        return Enumerate(items, title);
    }

    private static IEnumerable<T> Enumerate<T>(IEnumerable<T> items, string title)
    {
        using var bar = new ProgressBar(title, items.TryGetNonEnumeratedCount(out var count) ? count : null);
        foreach (var item in items)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            yield return item;
            bar.Advance();
        }
    }
}

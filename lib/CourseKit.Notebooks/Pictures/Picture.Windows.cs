using System.Numerics;
using CourseKit.Data;

namespace CourseKit.Notebooks;

/// <content>How a sequence is cut into examples.</content>
public static partial class Picture
{
    internal const int SmallestWindow = 2;
    internal const int LargestWindow = 6;
    internal const int LargestStride = 4;
    private static readonly string[] Orders = ["nothing", "examples", "inside, alike", "inside, each"];

    /// <summary>
    /// A series cut into windows as <see cref="Data.Windows"/> cuts it, with three sliders: how many numbers a window has, how far apart the windows begin, and what is
    /// shuffled. Under the series stands a row for every example, its inputs and its target, and how many there are by the formula.
    /// </summary>
    /// <param name="series">At least 4 finite numbers; the first 22 are drawn.</param>
    /// <param name="size">Numbers in a window at first, 2 to 6. Default: 4.</param>
    /// <param name="stride">From the start of one window to that of the next at first, 1 to 4. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">size or stride is outside its range.</exception>
    /// <exception cref="DataException">The series has fewer than size + 1 numbers, or fewer than 4.</exception>
    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static Drawing Windows<T>(IEnumerable<T> series, int size = 4, int stride = 1)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(series);
        return Windows(WindowItems.Of([.. series.Select(double.CreateSaturating)]), size, stride);
    }

    /// <summary>A text cut into windows of tokens, with the same three sliders; each window's target is the token after it.</summary>
    /// <param name="tokens">At least 4, such as the words of a sentence; as many as fit side by side are drawn.</param>
    /// <param name="size">Tokens in a window at first, 2 to 6. Default: 4.</param>
    /// <param name="stride">From the start of one window to that of the next at first, 1 to 4. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">size or stride is outside its range.</exception>
    /// <exception cref="DataException">There are fewer than size + 1 tokens, or fewer than 4.</exception>
    public static Drawing Windows(IEnumerable<string> tokens, int size = 4, int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return Windows(WindowItems.Of([.. tokens]), size, stride);
    }

    private static DialsDrawing Windows(WindowItems items, int size, int stride)
    {
        if (size is < SmallestWindow or > LargestWindow)
            throw new ArgumentOutOfRangeException(nameof(size), $"Picture.Windows: size must be from {SmallestWindow} to {LargestWindow}, but got {Num.Whole(size)}. It is where the slider starts.");
        if (stride is < 1 or > LargestStride)
            throw new ArgumentOutOfRangeException(nameof(stride), $"Picture.Windows: stride must be from 1 to {LargestStride}, but got {Num.Whole(stride)}. It is where the slider starts.");
        var fewest = Math.Max(size, SmallestWindow + 1) + 1;
        if (items.Count < fewest)
            throw new DataException($"Picture.Windows: there must be at least {Num.Whole(fewest)} {items.Unit}, for a window of {Num.Whole(size)} and its target, but {(items.Count < items.All ? "only the first " : "there are ")}{Num.Whole(items.Count)}{(items.Count < items.All ? " fit side by side" : "")}. Give a longer series or shorter tokens, or a smaller size.");
        int[] sizes = [.. Enumerable.Range(SmallestWindow, Math.Min(LargestWindow, items.Count - 1) - SmallestWindow + 1)], strides = [.. Enumerable.Range(1, LargestStride)];
        return new DialsDrawing(
            "Windows over a sequence",
            [new("size", Array.ConvertAll(sizes, SliderDrawing.Text), Array.IndexOf(sizes, size)), new("stride", Array.ConvertAll(strides, SliderDrawing.Text), stride - 1), new("shuffle", Orders)],
            setting => new WindowsDrawing(items, sizes[setting[0]], strides[setting[1]], (WindowOrder)setting[2]));
    }
}

namespace CourseKit.Benchmarks;

/// <summary>A table whose lines can be printed one by one: the first column to the left, the others to the right, each as wide as its title needs.</summary>
internal sealed class TextTable(params string[] titles)
{
    private const int FirstWidth = 20, LeastWidth = 7;

    /// <summary>The line of titles.</summary>
    public string Header => Row(titles);

    /// <summary>A line; null for what is not known.</summary>
    public string Row(params string?[] values) => string.Join("  ", values.Select((value, column) => column == 0
        ? (value ?? "").PadRight(FirstWidth)
        : (value ?? "-").PadLeft(Math.Max(LeastWidth, titles[column].Length)))).TrimEnd();
}

using System.Collections;
using System.Runtime.CompilerServices;

namespace CourseKit.Notebooks;

/// <summary>Where an answer differs from the right one. Numbers are compared with their shapes; tuples and lists part by part.</summary>
internal static class Difference
{
    /// <summary>Null when they are the same to the tolerance, else a sentence that says where and how they differ, and what it looks like.</summary>
    /// <param name="mine">The learner's.</param>
    /// <param name="right">The right one.</param>
    /// <param name="tolerance">The largest absolute difference of numbers that passes.</param>
    /// <param name="parts">Names of a tuple's parts, with their axes, such as "dInputs[time, feature]".</param>
    public static string? Between(object? mine, object? right, double tolerance, IReadOnlyList<string> parts) =>
        Find(mine, right, tolerance, parts is [var only] ? only : "", parts);

    private static string? Find(object? mine, object? right, double tolerance, string name, IReadOnlyList<string> parts)
    {
        var what = name.Length == 0 ? "" : $"{name.Split('[')[0]}: ";
        if (mine is null || right is null)
            return mine is null && right is null ? null : $"{what}expected {Text(right)}, but got {Text(mine)}.";
        if (right is ITuple rights)
            return mine is ITuple mines && mines.Length == rights.Length
                ? Enumerable.Range(0, rights.Length)
                    .Select(k => Find(mines[k], rights[k], tolerance, k < parts.Count ? parts[k] : $"part {k + 1}", [])).FirstOrDefault(text => text is not null)
                : $"{what}expected {rights.Length} parts, but got {TypeName.Of(mine.GetType())}.";
        if (NumberBlock.From(mine) is { } a && NumberBlock.From(right) is { } b)
            return Numbers(a, b, tolerance, what, name);
        if (right is string or char or bool or Enum)
            return mine.Equals(right) ? null : $"{what}expected {Text(right)}, but got {Text(mine)}.";
        if (mine is IEnumerable mineItems && right is IEnumerable rightItems)
            return Items([.. mineItems.Cast<object?>()], [.. rightItems.Cast<object?>()], tolerance, what, name);
        return mine.Equals(right) ? null : $"{what}expected {Text(right)}, but got {Text(mine)}.";
    }

    private static string? Items(object?[] mine, object?[] right, double tolerance, string what, string name) =>
        mine.Length != right.Length
            ? $"{what}expected {Num.Whole(right.Length)} items, but got {Num.Whole(mine.Length)}."
            : Enumerable.Range(0, right.Length)
                .Select(k => Find(mine[k], right[k], tolerance, $"{name.Split('[')[0]}({k})", [])).FirstOrDefault(text => text is not null);

    private static string? Numbers(NumberBlock mine, NumberBlock right, double tolerance, string what, string name)
    {
        if (!mine.Squeezed.SequenceEqual(right.Squeezed))
            return right.Shape.Length == 0
                ? $"{what}expected one number, but got shape {NumberBlock.Text(mine.Shape)}."
                : $"{what}expected shape {NumberBlock.Text(right.Shape)}, but got {NumberBlock.Text(mine.Shape)}.{Hints.ForShapes(mine, right, tolerance)}";
        var worst = -1;
        var differing = 0;
        for (var k = 0; k < right.Values.Length; k++)
        {
            // Two infinities of one sign, or two that are no numbers, are the same; everything else that is not finite differs.
            var distance = mine.Values[k].Equals(right.Values[k]) ? 0 : Math.Abs(mine.Values[k] - right.Values[k]);
            if (distance <= tolerance)
                continue;
            differing++;
            if (worst < 0)
                worst = k;
        }

        if (worst < 0)
            return null;
        var single = right.Values.Length == 1;
        var count = single ? "" : $" {Num.Whole(differing)} of {Num.Whole(right.Values.Length)} numbers differ.";
        return $"{what}expected {Num.Digits(right.Values[worst], 6)}{(single ? "" : $" at {Place(right, worst, name)}")}, but got {Num.Digits(mine.Values[worst], 6)}.{count}" +
            Hints.ForValues(mine, right, tolerance);
    }

    // "[time 2, feature 0]" where the axes have names, else "[2, 0]".
    private static string Place(NumberBlock block, int k, string name)
    {
        var place = block.Place(k);
        if (!name.EndsWith(']') || name.IndexOf('[') is not (> 0 and var at))
            return place;
        var axes = name[(at + 1)..^1].Split(", ");
        var numbers = place[1..^1].Split(", ");
        return axes.Length == numbers.Length ? $"[{string.Join(", ", axes.Zip(numbers, (axis, number) => $"{axis} {number}"))}]" : place;
    }

    /// <summary>A value in a few words: numbers, text, or the beginning of a list.</summary>
    public static string Text(object? value) => value switch
    {
        null => "nothing (null)",
        string text => text.Length > 60 ? $"\"{text[..57]}...\"" : $"\"{text}\"",
        char letter => $"'{letter}'",
        bool truth => truth ? "true" : "false",
        double number => Num.Short(number),
        float number => Num.Short(number),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(k => Text(tuple[k])))})",
        Delegate => "a function",
        Array { Rank: > 1 } or MathNet.Numerics.LinearAlgebra.Matrix<double> or Tensors.Tensor => $"{NumberBlock.From(value) switch { { } block => NumberBlock.Text(block.Shape), _ => "numbers" }} numbers",
        IEnumerable items => List([.. items.Cast<object?>()]),
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => TypeName.Of(value.GetType()),
    };

    private static string List(object?[] items) =>
        $"[{string.Join(", ", items.Take(8).Select(Text))}{(items.Length > 8 ? $", ... {items.Length} in all" : "")}]";
}

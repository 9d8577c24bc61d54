using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>How often each class was taken for which, at every position of the output, and how often each position was right.</summary>
internal sealed class ConfusionDrawing : Drawing
{
    private const int MostBars = 200;
    private const int MostMatrices = 12;
    private const int MostClasses = 40;
    private const double Width = 200;
    private const double Edge = 24;
    private const int Other = int.MinValue;
    private const int None = int.MinValue + 1;
    private readonly ConfusionCounts _counts;
    private readonly int[] _classes;
    private readonly string[] _names;
    private readonly bool _isCut;

    public ConfusionDrawing(ConfusionCounts counts, Func<int, string>? name)
    {
        _counts = counts;
        var often = counts.Pairs.SelectMany(position => position).SelectMany(pair => pair.Prediction is { } prediction ? (int[])[pair.Truth, prediction] : [pair.Truth])
            .GroupBy(k => k).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key).ToArray();
        _isCut = often.Length > MostClasses;
        var missing = counts.Pairs.Any(position => position.Exists(pair => pair.Prediction is null));
        _classes = [.. often.Take(MostClasses).Order(), .. _isCut ? [Other] : Array.Empty<int>(), .. missing ? [None] : Array.Empty<int>()];
        _names = [.. _classes.Select(k => k switch { Other => "…", None => "∅", _ => name?.Invoke(k) ?? Num.Whole(k) })];
    }

    /// <summary>By position, [truth][prediction]: how often, in the order of <see cref="Names"/>.</summary>
    public int[][,] Matrices => [.. _counts.Pairs.Select(Matrix)];

    /// <summary>The classes that occur, in the order of their numbers.</summary>
    public IReadOnlyList<string> Names => _names;

    private double Cell => (Width - Edge) / _classes.Length;

    internal override string ToFigure()
    {
        var (body, matrices) = (new StringBuilder(), Matrices.Take(MostMatrices).ToArray());
        body.Append(Figure.Svg(130, "Accuracy by position", "", ToString(), Bars(out var boxes)));
        body.Append($"<div class=\"ck-key\" aria-hidden=\"true\"><span>share of the row 0 <b style=\"background:linear-gradient(to right,transparent,var(--ck-s0))\"></b> 1</span><span>rows: what is true, columns: what is predicted</span></div>\n");
        body.Append("<div class=\"ck-panels\">\n");
        for (var t = 0; t < matrices.Length; t++)
            body.Append($"<div><strong>position {Num.Whole(t + 1)}</strong><small>{Share(t)} right</small>\n")
                .Append(Figure.Svg(Width, "Confusion", $"position {Num.Whole(t + 1)}", Worst(t), Draw(matrices[t]), Width)).Append("</div>\n");
        body.Append("</div>\n");
        return Figure.Of("How right each position of the output is", [], body.ToString(), Notes(), json =>
        {
            json.WriteStartArray("panels");
            WriteBoxes(json, boxes);
            foreach (var matrix in matrices)
                WriteCells(json, matrix);
            json.WriteEndArray();
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"Confusion by position: {Num.Whole(_counts.Right)} of {Num.Whole(_counts.Total)} right ({Percent(_counts.Right, _counts.Total)}); by position " +
        $"{string.Join(", ", _counts.Pairs.Take(MostMatrices).Select((_, t) => Share(t)))}{(_counts.Pairs.Count > MostMatrices ? ", ..." : "")}.";

    private static string Percent(int part, int all) => all == 0 ? "none" : $"{Num.Digits(100.0 * part / all, 3)} %";

    private string Share(int t) => Percent(ConfusionCounts.RightAt(_counts.Pairs[t]), _counts.Pairs[t].Count);

    private int[,] Matrix(List<(int Truth, int? Prediction)> position)
    {
        var matrix = new int[_classes.Length, _classes.Length];
        foreach (var (truth, prediction) in position)
            matrix[Index(truth), Index(prediction ?? None)]++;
        return matrix;

        int Index(int k) => Array.IndexOf(_classes, k) is >= 0 and var at ? at : Array.IndexOf(_classes, Other);
    }

    // The mistake that is made most often.
    private string Worst(int t)
    {
        var worst = _counts.Pairs[t].Where(pair => pair.Truth != pair.Prediction).GroupBy(pair => pair).OrderByDescending(group => group.Count()).FirstOrDefault();
        return $"{Share(t)} of {Num.Whole(_counts.Pairs[t].Count)} right{(worst is null ? "" : $"; most often {Name(worst.Key.Truth)} was taken for {Name(worst.Key.Prediction ?? None)}, {Num.Whole(worst.Count())} times")}.";

        string Name(int k) => Array.IndexOf(_classes, k) is >= 0 and var at ? _names[at] : "another";
    }

    private string Bars(out List<(double X, double Width, string Text)> boxes)
    {
        var (svg, positions) = (new StringBuilder(), Math.Min(_counts.Pairs.Count, MostBars));
        var y = Axis.Fit(0, 1, log: false, round: true, target: 2).Between(100, 12);
        const double Left = 46;
        var band = Math.Min(60, (Layout.Width - Left) / positions);
        PlotFrame.DrawY(svg, y, "", Left, Left + band * positions);
        boxes = [];
        svg.Append("<path class=\"ck-fill\" d=\"");
        for (var t = 0; t < positions; t++)
        {
            var share = (double)ConfusionCounts.RightAt(_counts.Pairs[t]) / Math.Max(1, _counts.Pairs[t].Count);
            if (share > 0)
                svg.Append($"M{Num.Px(Left + (t + 0.14) * band)},{Num.Px(y.From)}V{Num.Px(y.Place(share))}h{Num.Px(0.72 * band)}V{Num.Px(y.From)}z");
            boxes.Add((Left + t * band, band, $"position {Num.Whole(t + 1)}\n{Share(t)} of {Num.Whole(_counts.Pairs[t].Count)} right"));
        }

        svg.Append("\"/>\n");
        var stride = Math.Max(1, (int)Math.Ceiling(3 * Layout.CharWidth / band));
        for (var t = 0; t < positions; t += stride)
            svg.Append(Markup.Text(Left + (t + 0.5) * band, y.From + 22, Num.Whole(t + 1), "middle", " class=\"ck-tick\""));
        return svg.Append('\n').ToString();
    }

    private string Draw(int[,] matrix)
    {
        var (svg, count, fits) = (new StringBuilder(), _classes.Length, Cell >= 8);
        var sums = Enumerable.Range(0, count).Select(row => Enumerable.Range(0, count).Sum(column => matrix[row, column])).ToArray();
        // Ink on paper: what never happened is blank, and what is rare is faint, on white and on black.
        CellGrid.Draw(svg, count, count, (row, column) => matrix[row, column] == 0 ? double.NaN : (double)matrix[row, column] / sums[row], ColorScale.Shares, Edge, 0, Cell, Cell,
            level => $"class=\"ck-fill\" fill-opacity=\"{Math.Max(0.12, level / (Palette.Levels - 1.0)).ToString("0.##", CultureInfo.InvariantCulture)}\"");
        svg.Append($"<rect class=\"ck-seam\" x=\"{Num.Px(Edge)}\" y=\"0\" width=\"{Num.Px(Width - Edge)}\" height=\"{Num.Px(Width - Edge)}\"/>\n");
        for (var k = 0; k < count && fits; k++)
        {
            var (text, size) = (Markup.Shorten(Markup.Visible(_names[k]), 3), $" class=\"ck-tick ck-fixed\" style=\"font-size:{Num.Px(Math.Min(12, Cell * 1.1))}px\"");
            svg.Append(Markup.Text(Edge - 3, (k + 0.5) * Cell + 4, text, "end", size)).Append(Markup.Text(Edge + (k + 0.5) * Cell, Width - Edge + 13, text, "middle", size));
        }

        return svg.Append('\n').ToString();
    }

    private static void WriteBoxes(Utf8JsonWriter json, List<(double X, double Width, string Text)> boxes)
    {
        json.WriteStartObject();
        json.WriteString("kind", "boxes");
        json.WriteStartArray("boxes");
        foreach (var (x, width, _) in boxes)
        {
            json.WriteStartArray();
            foreach (var number in (double[])[x, 0, width, 130])
                json.WriteValue(number, 4);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteTexts("texts", boxes.Select(box => box.Text));
        json.WriteEndObject();
    }

    private void WriteCells(Utf8JsonWriter json, int[,] matrix)
    {
        json.WriteStartObject();
        json.WriteString("kind", "cells");
        json.WriteNumber("left", Edge);
        json.WriteNumber("top", 0);
        json.WriteNumber("width", Cell);
        json.WriteNumber("height", Cell);
        json.WriteString("x", "predicted");
        json.WriteString("y", "true");
        json.WriteTexts("rows", _names.Select(Markup.Visible));
        json.WriteTexts("columns", _names.Select(Markup.Visible));
        json.WriteNumbers("values", matrix.Cast<int>().Select(count => (double)count));
        json.WriteEndObject();
    }

    private List<string> Notes()
    {
        var notes = new List<string>();
        if (_counts.Pairs.Count > MostBars)
            notes.Add($"The first {Num.Whole(MostBars)} of {Num.Whole(_counts.Pairs.Count)} positions have their bar.");
        if (_counts.Pairs.Count > MostMatrices)
            notes.Add($"The first {Num.Whole(MostMatrices)} of {Num.Whole(_counts.Pairs.Count)} positions have their matrix.");
        if (_isCut)
            notes.Add($"The {Num.Whole(MostClasses)} most frequent classes have a row, all others the one named ….");
        if (_classes.Contains(None))
            notes.Add("∅: nothing was predicted there, as the output had ended, or was not a number.");
        if (_counts.Beyond > 0)
            notes.Add($"{Num.Whole(_counts.Beyond)} predictions beyond the end of the truth are not counted.");
        return notes;
    }
}

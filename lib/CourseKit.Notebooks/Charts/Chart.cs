using System.Numerics;
using CourseKit.Tensors;

namespace CourseKit.Notebooks;

/// <summary>
/// A picture of numbers that a notebook cell ends on: SVG in HTML with no dependency, readable offline and in print.
/// Make one with <see cref="Line{TX, TY}"/>, <see cref="Scatter{TX, TY}"/>, <see cref="Bar{T}"/>,
/// <see cref="Heatmap{T}(T[,], IEnumerable{string}, IEnumerable{string})"/> or <see cref="ColoredText{T}"/>.
/// </summary>
/// <remarks>A chart copies its data, so later changes to an array do not change the picture.</remarks>
public abstract class Chart : Drawing
{
    private protected Chart()
    {
    }

    /// <summary>The text above the picture; empty when none was given.</summary>
    private protected string TitleText { get; set; } = "";

    /// <summary>Starts a chart with one line through the points (xs[k], ys[k]).</summary>
    /// <param name="xs">Horizontal positions, any numeric type.</param>
    /// <param name="ys">Vertical positions, one for every x. NaN and infinity leave a gap.</param>
    /// <param name="name">The line's name in the legend; null for none.</param>
    /// <returns>A chart that takes more lines, points and baselines.</returns>
    /// <exception cref="ArgumentException">xs and ys have different lengths.</exception>
    public static XYChart Line<TX, TY>(IEnumerable<TX> xs, IEnumerable<TY> ys, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> => new XYChart().AddLine(xs, ys, name);

    /// <summary>Starts a chart with one line through the points (k, ys[k]), k = 0, 1, 2, ...</summary>
    /// <param name="ys">Vertical positions, any numeric type. NaN and infinity leave a gap.</param>
    /// <param name="name">The line's name in the legend; null for none.</param>
    /// <returns>A chart that takes more lines, points and baselines.</returns>
    public static XYChart Line<T>(IEnumerable<T> ys, string? name = null)
        where T : INumber<T> => new XYChart().AddLine(ys, name);

    /// <summary>Starts a chart with one dot at every (xs[k], ys[k]).</summary>
    /// <param name="xs">Horizontal positions, any numeric type.</param>
    /// <param name="ys">Vertical positions, one for every x. Points that are not finite are left out, and the chart says so.</param>
    /// <param name="name">The points' name in the legend; null for none.</param>
    /// <returns>A chart that takes more lines, points and baselines.</returns>
    /// <exception cref="ArgumentException">xs and ys have different lengths.</exception>
    public static XYChart Scatter<TX, TY>(IEnumerable<TX> xs, IEnumerable<TY> ys, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> => new XYChart().AddScatter(xs, ys, name);

    /// <summary>Starts a chart with one bar for every label.</summary>
    /// <param name="labels">What stands under the bars.</param>
    /// <param name="values">The bars' heights, one for every label, negative ones too. A value that is not finite has no bar.</param>
    /// <param name="name">The bars' name in the legend; null for none.</param>
    /// <returns>A chart that takes more bars beside the first ones.</returns>
    /// <exception cref="ArgumentException">values has not one number for every label.</exception>
    public static BarChart Bar<T>(IEnumerable<string> labels, IEnumerable<T> values, string? name = null)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(labels);
        return new BarChart([.. labels]).AddBars(values, name);
    }

    /// <summary>Shows a matrix as coloured cells, row 0 on top.</summary>
    /// <param name="values">The matrix, [rows, columns]. Cells that are not finite stay blank.</param>
    /// <param name="rowLabels">One label for every row; null for row numbers.</param>
    /// <param name="columnLabels">One label for every column; null for column numbers.</param>
    /// <returns>A chart whose colours run from the smallest to the largest value, or evenly around zero when both signs occur.</returns>
    /// <exception cref="ArgumentException">There is not one label for every row or column.</exception>
    public static HeatmapChart Heatmap<T>(
        T[,] values, IEnumerable<string>? rowLabels = null, IEnumerable<string>? columnLabels = null)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        var copy = new double[values.GetLength(0), values.GetLength(1)];
        for (var row = 0; row < copy.GetLength(0); row++)
            for (var column = 0; column < copy.GetLength(1); column++)
                copy[row, column] = double.CreateSaturating(values[row, column]);
        return new HeatmapChart(copy, rowLabels?.ToArray(), columnLabels?.ToArray());
    }

    /// <summary>Shows rows of numbers as coloured cells, row 0 on top.</summary>
    /// <param name="rows">The rows, all of one length. Cells that are not finite stay blank.</param>
    /// <param name="rowLabels">One label for every row; null for row numbers.</param>
    /// <param name="columnLabels">One label for every column; null for column numbers.</param>
    /// <returns>A chart whose colours run from the smallest to the largest value, or evenly around zero when both signs occur.</returns>
    /// <exception cref="ArgumentException">The rows' lengths differ, or there is not one label for every row or column.</exception>
    public static HeatmapChart Heatmap<T>(
        IEnumerable<IEnumerable<T>> rows, IEnumerable<string>? rowLabels = null, IEnumerable<string>? columnLabels = null)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(rows);
        var all = rows.Select(row => ToDoubles(row)).ToArray();
        var columns = all.Length == 0 ? 0 : all[0].Length;
        var copy = new double[all.Length, columns];
        for (var row = 0; row < all.Length; row++)
        {
            if (all[row].Length != columns)
                throw new ArgumentException(
                    $"Chart.Heatmap: every row must have {columns} values as row 0 has, but row {row} has {all[row].Length}. " +
                    "Give rows of one length; double.NaN leaves a cell blank.", nameof(rows));
            for (var column = 0; column < columns; column++)
                copy[row, column] = all[row][column];
        }

        return new HeatmapChart(copy, rowLabels?.ToArray(), columnLabels?.ToArray());
    }

    /// <summary>Shows a tensor as coloured cells, row 0 on top.</summary>
    /// <param name="matrix">The matrix, [rows, columns]; dimensions of size 1 before them, such as a batch of one, are passed over.</param>
    /// <param name="rowLabels">One label for every row; null for row numbers.</param>
    /// <param name="columnLabels">One label for every column; null for column numbers.</param>
    /// <returns>A chart whose colours run from the smallest to the largest value, or evenly around zero when both signs occur.</returns>
    /// <exception cref="ShapeException">The tensor is not a matrix.</exception>
    /// <exception cref="ArgumentException">There is not one label for every row or column.</exception>
    public static HeatmapChart Heatmap(
        Tensor matrix, IEnumerable<string>? rowLabels = null, IEnumerable<string>? columnLabels = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        var (rows, columns) = MatrixOf(matrix, "Chart.Heatmap: matrix must be [rows, columns]");
        var copy = new double[rows, columns];
        var values = matrix.ToArray();
        for (var k = 0; k < values.Length; k++)
            copy[k / columns, k % columns] = values[k];
        return new HeatmapChart(copy, rowLabels?.ToArray(), columnLabels?.ToArray());
    }

    /// <summary>
    /// Shows a text whose background colours are values in [-1, 1], such as one neuron's state after it read each character.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="values">
    /// One value for every <c>char</c> of the text (a surrogate pair takes the colour of its first). Blue is -1, no colour 0,
    /// orange 1; values beyond are shown in the end colour.
    /// </param>
    /// <returns>A chart that wraps like text.</returns>
    /// <exception cref="ArgumentException">values has not one number for every character.</exception>
    public static ColoredTextChart ColoredText<T>(string text, IEnumerable<T> values)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(values);
        return new ColoredTextChart(text, ToDoubles(values));
    }

    /// <summary>Shows a text whose background colours are one neuron's states in [-1, 1] after it read each character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="states">
    /// The states, [characters, neurons], as <c>CharacterModel.States(text)</c> gives them; dimensions of size 1 before them are passed over.
    /// </param>
    /// <param name="neuron">Which neuron, from 0.</param>
    /// <returns>A chart that wraps like text.</returns>
    /// <exception cref="ShapeException">The states are not a matrix.</exception>
    /// <exception cref="ArgumentException">states has not one row for every character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron.</exception>
    public static ColoredTextChart ColoredText(string text, Tensor states, int neuron)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(states);
        var (rows, columns) = MatrixOf(states, "Chart.ColoredText: states must be [characters, neurons]");
        if (neuron < 0 || neuron >= columns)
            throw new ArgumentOutOfRangeException(nameof(neuron), neuron,
                $"Chart.ColoredText: neuron must be 0 to {Num.Whole(columns - 1)}, as states are {states.Shape}, but got {Num.Whole(neuron)}.");
        var values = states.ToArray();
        return new ColoredTextChart(text, [.. Enumerable.Range(0, rows).Select(row => (double)values[row * columns + neuron])]);
    }

    /// <summary>Puts a title above the picture.</summary>
    /// <param name="text">The title.</param>
    /// <returns>This chart.</returns>
    public virtual Chart Title(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        TitleText = text;
        return this;
    }

    /// <summary>
    /// The chart as JSON for Plotly.js: an object with <c>data</c> (the traces, all points) and <c>layout</c>.
    /// Plotly.NET, VS Code and any page with Plotly.js take it.
    /// </summary>
    /// <returns>The JSON text. Values that are not finite are null.</returns>
    public abstract string ToPlotlyJson();

    internal static double[] ToDoubles<T>(IEnumerable<T> values)
        where T : INumber<T>
    {
        ArgumentNullException.ThrowIfNull(values);
        return [.. values.Select(double.CreateSaturating)];
    }

    private static (int Rows, int Columns) MatrixOf(Tensor tensor, string must)
    {
        var sizes = tensor.Shape.Sizes;
        return sizes.Length >= 2 && sizes[..^2].IndexOfAnyExcept(1) < 0
            ? (sizes[^2], sizes[^1])
            : throw new ShapeException($"{must}, but got {tensor.Shape}. Take one example of the batch, or Reshape it first.");
    }
}

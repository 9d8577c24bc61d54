using System.Numerics;

namespace CourseKit.Notebooks;

/// <summary>Lines and dots over two axes. Made by <see cref="Chart.Line{TX, TY}"/> and <see cref="Chart.Scatter{TX, TY}"/>.</summary>
public sealed class XYChart : Chart
{
    private readonly List<XYSeries> _series = [];
    private readonly List<Baseline> _baselines = [];

    internal XYChart()
    {
    }

    internal IReadOnlyList<XYSeries> Series => _series;

    internal IReadOnlyList<Baseline> Baselines => _baselines;

    internal string XLabel { get; private set; } = "";

    internal string YLabel { get; private set; } = "";

    internal bool XLog { get; private set; }

    internal bool YLog { get; private set; }

    internal string Heading => TitleText;

    /// <summary>Adds a line through the points (xs[k], ys[k]).</summary>
    /// <param name="xs">Horizontal positions, any numeric type.</param>
    /// <param name="ys">Vertical positions, one for every x. NaN and infinity leave a gap.</param>
    /// <param name="name">The line's name in the legend; null for none.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">xs and ys have different lengths.</exception>
    public XYChart AddLine<TX, TY>(IEnumerable<TX> xs, IEnumerable<TY> ys, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> => Add("Line", ToDoubles(xs), ToDoubles(ys), name);

    /// <summary>Adds a line through the points (k, ys[k]), k = 0, 1, 2, ...</summary>
    /// <param name="ys">Vertical positions, any numeric type. NaN and infinity leave a gap.</param>
    /// <param name="name">The line's name in the legend; null for none.</param>
    /// <returns>This chart.</returns>
    public XYChart AddLine<T>(IEnumerable<T> ys, string? name = null)
        where T : INumber<T>
    {
        var values = ToDoubles(ys);
        return Add("Line", [.. Enumerable.Range(0, values.Length).Select(k => (double)k)], values, name);
    }

    /// <summary>Adds a dot at every (xs[k], ys[k]).</summary>
    /// <param name="xs">Horizontal positions, any numeric type.</param>
    /// <param name="ys">Vertical positions, one for every x. Points that are not finite are left out, and the chart says so.</param>
    /// <param name="name">The points' name in the legend; null for none.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">xs and ys have different lengths.</exception>
    public XYChart AddScatter<TX, TY>(IEnumerable<TX> xs, IEnumerable<TY> ys, string? name = null)
        where TX : INumber<TX>
        where TY : INumber<TY> => Add("Scatter", ToDoubles(xs), ToDoubles(ys), name);

    /// <summary>Adds a dashed horizontal line with its label and value, such as what a simple model reaches.</summary>
    /// <param name="value">Its height; a finite number.</param>
    /// <param name="label">Its label; empty for the value alone.</param>
    /// <returns>This chart.</returns>
    /// <exception cref="ArgumentException">value is not finite.</exception>
    public XYChart Baseline(double value, string label = "")
    {
        _baselines.Add(Notebooks.Baseline.Of(value, label));
        return this;
    }

    /// <inheritdoc/>
    public override XYChart Title(string text)
    {
        base.Title(text);
        return this;
    }

    /// <summary>Labels the horizontal axis.</summary>
    /// <param name="label">What it counts, with its unit.</param>
    /// <param name="log">Whether equal distances are equal factors; values that are not positive then leave gaps.</param>
    /// <returns>This chart.</returns>
    public XYChart XAxis(string label, bool log = false)
    {
        ArgumentNullException.ThrowIfNull(label);
        (XLabel, XLog) = (label, log);
        return this;
    }

    /// <summary>Labels the vertical axis.</summary>
    /// <param name="label">What it counts, with its unit.</param>
    /// <param name="log">Whether equal distances are equal factors; values that are not positive then leave gaps.</param>
    /// <returns>This chart.</returns>
    public XYChart YAxis(string label, bool log = false)
    {
        ArgumentNullException.ThrowIfNull(label);
        (YLabel, YLog) = (label, log);
        return this;
    }

    internal override string ToFigure() => XYDrawing.ToFigure(this);

    /// <inheritdoc/>
    public override string ToPlotlyJson() => XYPlotly.Json(this);

    /// <inheritdoc/>
    public override string ToString() => XYDrawing.Describe(this);

    private XYChart Add(string kind, double[] xs, double[] ys, string? name)
    {
        if (xs.Length != ys.Length)
            throw new ArgumentException(
                $"Chart.{kind}{(name is null ? "" : $"(name: \"{name}\")")}: ys must have one value for every x, " +
                $"but got {Num.Whole(xs.Length)} xs and {Num.Whole(ys.Length)} ys. Shorten the longer one, or leave xs out to count 0, 1, 2, ...",
                nameof(ys));
        _series.Add(new XYSeries(name ?? "", kind == "Line", xs, ys, _series.Count));
        return this;
    }
}

using System.Text.Json;
using Plotly.NET;

namespace CourseKit.Interactive;

/// <summary>The kit's charts as Plotly.NET's.</summary>
public static class PlotlyCharts
{
    /// <summary>
    /// Makes a chart of Plotly.NET that shows the same: zoom and save it in the notebook, restyle it with Plotly.NET's functions, combine it with other charts of Plotly.NET.
    /// Its traces and its layout are those of <see cref="Notebooks.Chart.ToPlotlyJson"/>.
    /// </summary>
    /// <param name="chart">The chart: lines, dots, bars, a heatmap or coloured text.</param>
    /// <returns>Plotly.NET's chart, with its default configuration and no template. Values that are not finite are null.</returns>
    public static GenericChart ToPlotly(this Notebooks.Chart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        using var json = JsonDocument.Parse(chart.ToPlotlyJson());
        return PlotlyFigure.From(json.RootElement);
    }
}

using System.Globalization;
using System.Text;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>How the library's tensors, models and histories look as a cell's result.</summary>
internal static class LibraryDisplay
{
    /// <summary>A tensor's numbers; a message in their place when the step that made it has ended.</summary>
    public static string Tensor(Tensor tensor, bool html)
    {
        float[] values;
        try
        {
            values = tensor.ToArray();
        }
        catch (InvalidOperationException gone)
        {
            return html ? $"<div>{Markup.Escape(gone.Message)}</div>\n" : gone.Message;
        }

        return Table(tensor.ToString(), tensor.Shape, values.Select(value => (double)value), html);
    }

    /// <summary>A tensor of whole numbers.</summary>
    public static string IntTensor(IntTensor tensor, bool html) =>
        Table(tensor.ToString(), tensor.Shape, tensor.ToArray().Select(value => (double)value), html);

    /// <summary>A model's layers, the shapes they give, their parameters and the total.</summary>
    public static string Summary(string heading, ModelSummary summary)
    {
        var html = new StringBuilder(NumberTable.TableStyle);
        html.Append("<div class=\"ck-table\">\n");
        if (heading.Length > 0)
            html.Append("<div>").Append(Markup.Escape(heading)).Append("</div>\n");
        html.Append("<table>\n<tr><th class=\"l\">name</th><th class=\"l\">layer</th><th class=\"l\">output</th><th>parameters</th></tr>\n");
        foreach (var layer in summary.Layers)
            html.Append($"<tr><td class=\"l\">{Markup.Escape(layer.Name)}</td><td class=\"l\">{Markup.Escape(layer.Layer)}</td>")
                .Append($"<td class=\"l\">{Markup.Escape(layer.Output)}</td><td>{Grouped(layer.ParameterCount)}</td></tr>\n");
        return html.Append($"<tr><td class=\"l sum\" colspan=\"3\">total</td><td class=\"sum\">{Grouped(summary.ParameterCount)}</td></tr>\n</table>\n</div>\n").ToString();
    }

    /// <summary>A training's losses as a chart, with the last values under it.</summary>
    public static string History(string heading, History history)
    {
        var chart = Chart.Line(history.Steps.Select(step => step.Step), history.Steps.Select(step => step.Loss), "training")
            .Title("Loss").XAxis("step").YAxis("loss");
        if (history.Validation.Count > 0)
            chart.AddLine(history.Validation.Select(point => point.Step), history.Validation.Select(point => point.Loss), "validation");
        var last = history.ToString();
        if (history.Best is { } best)
            last += $"; best validation {Num.Short(best.Loss)} at step {Num.Whole(best.Step)}";
        return Figure.Complete(heading.Length > 0 ? XYDrawing.ToFigure(chart, last, heading) : XYDrawing.ToFigure(chart, last));
    }

    private static string Grouped(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Table(string heading, Shape shape, IEnumerable<double> values, bool html)
    {
        var table = new NumberTable(heading, shape.Sizes.ToArray(), [.. values]);
        return html ? table.Html() : table.Text();
    }
}

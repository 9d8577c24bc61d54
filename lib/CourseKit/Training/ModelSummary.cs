using System.Globalization;
using System.Text;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>A model's layers, the shapes they give, and how many numbers they learn.</summary>
/// <param name="Layers">One row a layer.</param>
[TypeFormatterSource]
public sealed record ModelSummary(IReadOnlyList<LayerSummary> Layers)
{
    /// <summary>Numbers that the model learns.</summary>
    public long ParameterCount => Layers.Sum(layer => layer.ParameterCount);

    /// <summary>The table as text.</summary>
    public override string ToString()
    {
        string[][] rows = [["name", "layer", "output", "parameters"], .. Layers.Select(Cells)];
        var widths = Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
            text.Append(row[0].PadRight(widths[0])).Append("  ").Append(row[1].PadRight(widths[1])).Append("  ")
                .Append(row[2].PadRight(widths[2])).Append("  ").AppendLine(row[3].PadLeft(widths[3]));
        return text.Append(CultureInfo.InvariantCulture, $"{ParameterCount:N0} parameters").ToString();
    }

    private static string[] Cells(LayerSummary layer) =>
        [layer.Name, layer.Layer, layer.Output, layer.ParameterCount.ToString("N0", CultureInfo.InvariantCulture)];
}

/// <summary>One row of a <see cref="ModelSummary"/>.</summary>
/// <param name="Name">The layer's name in the model.</param>
/// <param name="Layer">Its kind and configuration: "Lstm(inputSize: 8, hiddenSize: 32)".</param>
/// <param name="Output">The shape that it gives: "[batch, time, 32]".</param>
/// <param name="ParameterCount">Numbers that it learns.</param>
public sealed record LayerSummary(string Name, string Layer, string Output, long ParameterCount);

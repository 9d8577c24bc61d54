using CourseKit.Layers;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>What the rows of an unrolled network are, the first layer first.</summary>
internal static class NetworkRows
{
    private const int Most = 12;

    /// <summary>The rows of a model. Of a very deep one the middle is a single row.</summary>
    public static List<NetworkRow> Of(Model model)
    {
        var rows = model.Layers.Zip(model.Summary().Layers).SelectMany(pair => Of(pair.First, pair.Second.Output)).ToList();
        // What comes out last is the output, whatever layer gives it.
        if (rows[^1] is { Flow: NetworkFlow.Each, Symbol.Length: > 0 })
            rows[^1] = rows[^1] with { Symbol = "y" };
        var hidden = rows.Count - Most + 1;
        if (hidden < 2)
            return rows;
        var middle = rows.GetRange(Most / 2, hidden);
        return
        [
            .. rows[..(Most / 2)],
            new NetworkRow($"{hidden} more layers", "", "", middle.Sum(row => row.ParameterCount), "⋮", middle.All(row => row.Flow == NetworkFlow.Each) ? NetworkFlow.Each : NetworkFlow.Forward) { Hidden = hidden },
            .. rows[(Most / 2 + hidden)..],
        ];
    }

    /// <summary>The rows of a layer: one, or one for every layer of a stack.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="output">The shape that it gives.</param>
    public static IEnumerable<NetworkRow> Of(Layer layer, string output) => layer switch
    {
        RecurrentLayer recurrent => Enumerable.Range(0, recurrent.Layers).Select(k => Stacked(recurrent, k, output)),
        RecurrentCellLayer cell =>
        [
            Row(layer, output, "h", cell.Reverse ? NetworkFlow.Reverse : NetworkFlow.Forward) with { HasCell = cell.HasCell, Sequences = cell.ReturnSequences },
        ],
        Bidirectional both =>
        [
            Row(layer, output, "h", NetworkFlow.Both) with { Merge = both.Merge, HasCell = ((RecurrentCellLayer)both.Parts[0]).HasCell, Sequences = ((RecurrentCellLayer)both.Parts[0]).ReturnSequences },
        ],
        RecurrentResidual residual => [AroundRecurrent(residual, output)],
        SequenceLayer => [Row(layer, output, "h", NetworkFlow.Forward)],
        Residual => [Row(layer, output, "a", NetworkFlow.Each) with { IsResidual = true }],
        Embedding => [Row(layer, output, "e", NetworkFlow.Each)],
        Dropout dropout => [Row(layer, output, "", NetworkFlow.Each) with { Name = FormattableString.Invariant($"{layer.Name} {dropout.P}"), Kind = "" }],
        _ => [Row(layer, output, "a", NetworkFlow.Each)],
    };

    private static NetworkRow Row(Layer layer, string output, string symbol, NetworkFlow flow)
    {
        var kind = layer.GetType().Name;
        // A name that the layer gave itself, perhaps with a number, says its kind.
        var said = layer.Name.StartsWith(kind, StringComparison.OrdinalIgnoreCase) && layer.Name[kind.Length..].All(char.IsAsciiDigit);
        return new(layer.Name, said ? "" : kind, output, Learned(layer, _ => true), symbol, flow);
    }

    private static NetworkRow Stacked(RecurrentLayer layer, int k, string output)
    {
        var suffix = $"_l{Num.Whole(k)}";
        var whole = Row(layer, output, "h", layer.Bidirectional ? NetworkFlow.Both : NetworkFlow.Forward);
        var last = k == layer.Layers - 1;
        var apart = layer.Merge == BidirectionalMerge.None;
        return whole with
        {
            Name = layer.Layers == 1 ? layer.Name : $"{layer.Name}.l{Num.Whole(k)}",
            Output = last ? output : $"[batch, time, {(apart ? "2, " : "")}{Num.Whole(layer.OutputSize)}]",
            ParameterCount = Learned(layer, name => name.EndsWith(suffix, StringComparison.Ordinal) || name.EndsWith($"{suffix}_reverse", StringComparison.Ordinal)),
            HasCell = layer is Lstm or DepthGatedLstm,
            Merge = layer.Merge,
            Sequences = layer.ReturnSequences || !last,
        };
    }

    private static NetworkRow AroundRecurrent(RecurrentResidual layer, string output)
    {
        var inner = Of(layer.Parts.OfType<SequenceLayer>().Single(), output).Last();
        return Row(layer, output, "h", inner.Flow) with { HasCell = inner.HasCell, Merge = inner.Merge, IsResidual = true };
    }

    private static long Learned(Layer layer, Func<string, bool> counts) =>
        layer.Parameters.Where(parameter => parameter.Tensor.RequiresGradient && counts(parameter.Name)).Sum(parameter => (long)parameter.Tensor.Length);
}

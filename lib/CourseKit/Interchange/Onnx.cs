using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Interchange;

/// <summary>Writes layers as an ONNX file, which ONNX Runtime and others run without this library, with the same outputs.</summary>
/// <remarks>
/// Operator set 17. ONNX stacks the gates of an LSTM as i, o, f, c and of a GRU as z, r, h, and runs its recurrent operators over [time, batch, feature]; inputs and
/// outputs of the file are [batch, time, feature] as here. Batch and time are free. Open Neural Network Exchange: https://onnx.ai.
/// </remarks>
public static class Onnx
{
    // A file holds at most 2 GiB, and the graph around the numbers needs a little of it.
    private const long MostNumbers = 500_000_000;

    // Stands for any number of time steps where the shapes of layers are asked for.
    private const int Time = 3;

    // No such gate among ours.
    private const int None = -1;

    // Where ONNX's gates stand among ours: i, o, f, c in i, f, g, o or (coupled) in i, g, o; z, r, h in r, z, n; peepholes i, o, f in i, f, o or in i, o.
    private static readonly Gate[] s_one = [0], s_lstm = [0, 3, 1, 2], s_coupled = [0, 2, None, 1], s_gru = [1, 0, 2], s_peephole = [0, 2, 1], s_coupledPeephole = [0, 1, None];

    // z, n of the simplified GRU, whose reset gate stands open: σ(100) is 1. And f, n of the minimal gated unit: z = 1 − f = σ(−a), r = f = σ(a).
    private static readonly Gate[] s_simplified = [0, new(None, Bias: 100), 1], s_minimal = [new(0, Sign: -1), 0, 1];

    /// <summary>Writes layers as an ONNX file, whole or not at all.</summary>
    /// <param name="layers">
    /// In a row, as in a model: Embedding (first only, without paddingId), SimpleRnn, Lstm (without projection and layerNorm), Gru, SimplifiedGru,
    /// MinimalGatedUnit, Linear, LayerNorm, ActivationLayer, Dropout, and Residual, RecurrentResidual and TimeDistributed of them. Dropout does nothing outside
    /// training, and is left out; zoneout cannot be written.
    /// The file's input is x, float32 [batch, time, inputSize] or, without a recurrent layer, [batch, inputSize]; or with an Embedding ids, int64 [batch, time].
    /// Its output is y; and the states after the last step are outputs named after their layers, lstm.hn and lstm.cn, [layers*directions, batch, hiddenSize].
    /// </param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="initialStates">
    /// Whether the states before the first step are inputs, lstm.h0 and lstm.c0, [layers*directions, batch, hiddenSize]. Default: false, they are zeros.
    /// </param>
    /// <param name="softmax">Whether y are probabilities: a softmax over the last dimension stands at the end. Default: false.</param>
    /// <exception cref="ArgumentException">There is no layer, two have one name, one does not take what the one before gives, or one cannot be written in ONNX; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(IReadOnlyList<Layer> layers, string path, bool initialStates = false, bool softmax = false)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
            throw new ArgumentException("Onnx.Export: give at least one layer.");
        if (layers.GroupBy(layer => layer.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Onnx.Export: every layer must have a name of its own, but \"{twice.Key}\" comes twice. Set Name, or put the layers into a Model, which does.");
        if (layers.Sum(layer => layer.Parameters.Sum(parameter => (long)parameter.Tensor.Length)) is > MostNumbers and var numbers)
            throw new ArgumentException($"Onnx.Export: the layers hold {numbers} numbers, but an ONNX file takes at most {MostNumbers}.");

        var writer = new Writer(initialStates);
        writer.Write(layers, softmax);
        WholeFile.Write(path, file => file.Write(writer.Graph.ToBytes()));
    }

    private sealed class Writer(bool initialStates)
    {
        public OnnxGraph Graph { get; } = new();

        public void Write(IReadOnlyList<Layer> layers, bool softmax)
        {
            var shape = InputShape(layers);
            var value = layers[0] is Embedding ? Graph.Input("ids", ids: true, "batch", "time") : Graph.Input("x", ids: false, Dimensions(shape));
            foreach (var layer in layers)
            {
                value = layer is Embedding embedding && ReferenceEquals(layer, layers[0]) ? Lookup(embedding, value) : Write(layer, layer.Name, value);
                shape = layer.OutputShape(shape);
            }

            Graph.Output("y", softmax ? Graph.Node("Softmax", [value], ("axis", -1)) : value, Dimensions(shape));
        }

        private string Write(Layer layer, string name, string x)
        {
            switch (layer)
            {
                case Linear linear:
                    return Affine(linear, name, x);
                case LayerNorm norm:
                    return Graph.Node("LayerNormalization",
                        [x, Graph.Constant($"{name}.weight", norm.Weight.ToArray(), norm.Size), Graph.Constant($"{name}.bias", norm.Bias.ToArray(), norm.Size)], ("axis", -1), ("epsilon", norm.Epsilon));
                case ActivationLayer activation:
                    return Graph.Node(activation.Function.ToString(), [x]);
                case Dropout:
                    return x;
                case TimeDistributed:
                    return Inner(layer, name, x);
                case Residual or RecurrentResidual:
                    return Graph.Node("Add", [x, Inner(layer, name, x)]);
                case RecurrentLayer recurrent:
                    return Recurrent(recurrent, name, x);
                default:
                    throw NotWritten(layer);
            }
        }

        private string Inner(Layer layer, string name, string x) => layer.Parts.Aggregate(x, (value, part) => Write(part, $"{name}.{part.Name}", value));

        private static ArgumentException NotWritten(Layer layer) => new(
            $"Onnx.Export: {layer} cannot be written in ONNX. What can: an Embedding without paddingId as the first layer, SimpleRnn, Lstm without projection and layerNorm, Gru, SimplifiedGru, MinimalGatedUnit, all without zoneout, Linear, LayerNorm, ActivationLayer, Dropout, Residual, RecurrentResidual, TimeDistributed.");

        private static Shape InputShape(IReadOnlyList<Layer> layers)
        {
            if (layers[0] is Embedding)
                return new Shape(1, Time);
            if (layers.Select(layer => layer.SmallestInput).FirstOrDefault(shape => shape is not null) is not { } smallest)
                throw new ArgumentException("Onnx.Export: the layers must tell the size of their input, but none of them has one. Give an Embedding, a Linear or a recurrent layer.");
            return smallest.Rank > 2 || layers.Any(layer => layer is SequenceLayer) ? new Shape(1, Time, smallest.Last) : smallest;
        }

        // The first dimension is the batch; the second is time, unless it is the last or the two directions kept apart.
        private static object[] Dimensions(Shape shape) =>
            [.. Enumerable.Range(0, shape.Rank).Select(i => i == 0 ? "batch" : i == 1 && shape.Rank > 2 && shape[1] == Time ? "time" : (object)shape[i])];

        private string Lookup(Embedding embedding, string ids) => embedding.PaddingId is null
            ? Graph.Node("Gather", [Graph.Constant($"{embedding.Name}.weight", embedding.Weight.ToArray(), [.. embedding.Weight.Shape.Sizes]), ids])
            : throw NotWritten(embedding);

        private string Affine(Linear linear, string name, string x)
        {
            var (rows, columns) = (linear.OutputSize, linear.InputSize);
            var (weight, turned) = (linear.Weight.ToArray(), new float[linear.Weight.Length]);
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    turned[(column * rows) + row] = weight[(row * columns) + column];
            var y = Graph.Node("MatMul", [x, Graph.Constant($"{name}.weight", turned, columns, rows)]);
            return linear.Bias is { } bias ? Graph.Node("Add", [y, Graph.Constant($"{name}.bias", bias.ToArray(), rows)]) : y;
        }

        private string Recurrent(RecurrentLayer layer, string name, string x)
        {
            if (layer is { Merge: BidirectionalMerge.None, Layers: > 1 } or { HiddenZoneout: > 0 } or { CellZoneout: > 0 } or not (SimpleRnn or Gru or SimplifiedGru or MinimalGatedUnit or Lstm { ProjectionSize: null, HasLayerNorm: false }))
                throw NotWritten(layer);
            var directions = layer.Bidirectional ? 2 : 1;
            object[] stateShape = [layer.Layers * directions, "batch", layer.HiddenSize];
            var (hidden, cell) = (Split(layer, $"{name}.h0", stateShape), layer is Lstm ? Split(layer, $"{name}.c0", stateShape) : null);
            var (hiddenAfter, cellAfter) = (new string[layer.Layers], new string[layer.Layers]);
            var value = Graph.Node("Transpose", [x], ("perm", (int[])[1, 0, 2]));
            for (var i = 0; i < layer.Layers; i++)
            {
                (hiddenAfter[i], cellAfter[i]) = ($"{name}.hn_l{i}", $"{name}.cn_l{i}");
                var outputs = new List<string> { $"{name}.y_l{i}", hiddenAfter[i] };
                if (layer is Lstm)
                    outputs.Add(cellAfter[i]);
                Graph.Node(Operator(layer), [value, .. Weights(layer, name, i, directions), "", hidden[i], .. cell is null ? [] : new[] { cell[i] }, .. Peepholes(layer, name, i, directions)], outputs, Attributes(layer, directions));
                // [time, directions, batch, hiddenSize] to what the next layer reads.
                if (i < layer.Layers - 1 || layer.ReturnSequences)
                    value = Merged(layer, outputs[0], axis: 1);
            }

            value = layer.ReturnSequences
                ? Graph.Node("Transpose", [value], ("perm", layer.Merge == BidirectionalMerge.None ? [1, 0, 2, 3] : (int[])[1, 0, 2]))
                : Merged(layer, hiddenAfter[^1], axis: 0);
            Graph.Output($"{name}.hn", Joined(hiddenAfter), stateShape);
            if (layer is Lstm)
                Graph.Output($"{name}.cn", Joined(cellAfter), stateShape);
            return value;
        }

        // A state's input, cut into one part a layer; no names where it is no input, which ONNX reads as zeros.
        private string[] Split(RecurrentLayer layer, string name, object[] shape)
        {
            if (!initialStates)
                return [.. Enumerable.Repeat("", layer.Layers)];
            var input = Graph.Input(name, ids: false, shape);
            if (layer.Layers == 1)
                return [input];
            string[] parts = [.. Enumerable.Range(0, layer.Layers).Select(i => $"{input}_l{i}")];
            Graph.Node("Split", [input], parts, ("axis", 0));
            return parts;
        }

        private string Joined(string[] parts) => parts.Length == 1 ? parts[0] : Graph.Node("Concat", parts, ("axis", 0));

        private string Merged(RecurrentLayer layer, string value, int axis)
        {
            if (!layer.Bidirectional)
                return Graph.Node("Squeeze", [value, Graph.Integers(axis)]);
            switch (layer.Merge)
            {
                case BidirectionalMerge.Sum:
                    return Graph.Node("ReduceSum", [value, Graph.Integers(axis)], ("keepdims", 0));
                case BidirectionalMerge.Multiply:
                    return Graph.Node("ReduceProd", [value], ("axes", (int[])[axis]), ("keepdims", 0));
                case BidirectionalMerge.Average:
                    return Graph.Node("ReduceMean", [value], ("axes", (int[])[axis]), ("keepdims", 0));
                default:
                    var apart = Graph.Node("Transpose", [value], ("perm", axis == 1 ? [0, 2, 1, 3] : (int[])[1, 0, 2]));
                    return layer.Merge == BidirectionalMerge.None ? apart : Graph.Node("Reshape", [apart, axis == 1 ? Graph.Integers(0, 0, -1) : Graph.Integers(0, -1)]);
            }
        }

        private static string Operator(RecurrentLayer layer) => layer switch
        {
            SimpleRnn => "RNN",
            Lstm => "LSTM",
            _ => "GRU",
        };

        private static (string Name, object Value)[] Attributes(RecurrentLayer layer, int directions)
        {
            (string, object)[] all = [("hidden_size", layer.HiddenSize), ("direction", directions == 2 ? "bidirectional" : "forward")];
            return layer switch
            {
                SimpleRnn { Activation: var function } => [.. all, ("activations", Enumerable.Repeat(function.ToString(), directions).ToArray())],
                Lstm { IsCoupled: true } => [.. all, ("input_forget", 1)],
                Gru { ResetAfter: true } or SimplifiedGru => [.. all, ("linear_before_reset", 1)],
                _ => all,
            };
        }

        // W [directions, gates*hiddenSize, inputSize], R [directions, gates*hiddenSize, hiddenSize], B [directions, 2*gates*hiddenSize].
        private string[] Weights(RecurrentLayer layer, string name, int index, int directions)
        {
            var order = layer switch
            {
                Lstm { IsCoupled: true } => s_coupled,
                Lstm => s_lstm,
                Gru => s_gru,
                SimplifiedGru => s_simplified,
                MinimalGatedUnit => s_minimal,
                _ => s_one,
            };
            var (rows, columns) = (order.Length * layer.HiddenSize, layer.WeightIh(index).Shape[1]);
            List<float> weightIh = [], weightHh = [], bias = [];
            for (var direction = 0; direction < directions; direction++)
            {
                var reverse = direction == 1;
                weightIh.AddRange(Reordered(layer.WeightIh(index, reverse), layer.HiddenSize, order));
                weightHh.AddRange(Reordered(layer.WeightHh(index, reverse), layer.HiddenSize, order));
                bias.AddRange(Reordered(layer.BiasIh(index, reverse), layer.HiddenSize, order, biased: true));
                bias.AddRange(Reordered(layer.BiasHh(index, reverse), layer.HiddenSize, order));
            }

            return
            [
                Graph.Constant($"{name}.weight_ih_l{index}", weightIh.ToArray(), directions, rows, columns),
                Graph.Constant($"{name}.weight_hh_l{index}", weightHh.ToArray(), directions, rows, layer.HiddenSize),
                Graph.Constant($"{name}.bias_l{index}", bias.ToArray(), directions, 2 * rows),
            ];
        }

        // P [directions, 3*hiddenSize] of i, o, f.
        private string[] Peepholes(RecurrentLayer layer, string name, int index, int directions)
        {
            if (layer is not Lstm { HasPeephole: true } lstm)
                return [];
            List<float> peepholes = [];
            for (var direction = 0; direction < directions; direction++)
                peepholes.AddRange(Reordered(lstm.Peephole(index, direction == 1)!, lstm.HiddenSize, lstm.IsCoupled ? s_coupledPeephole : s_peephole));
            return [Graph.Constant($"{name}.weight_peephole_l{index}", peepholes.ToArray(), directions, 3 * lstm.HiddenSize)];
        }

        private static float[] Reordered(Tensor weight, int hiddenSize, Gate[] order, bool biased = false)
        {
            var from = weight.ToArray();
            var block = hiddenSize * (weight.Shape.Rank == 2 ? weight.Shape[1] : 1);
            var to = new float[order.Length * block];
            for (var i = 0; i < to.Length; i++)
            {
                var gate = order[i / block];
                to[i] = gate.Block == None ? (biased ? gate.Bias : 0) : gate.Sign * from[(gate.Block * block) + (i % block)];
            }

            return to;
        }
    }

    /// <summary>Which of our gates stands somewhere in ONNX; where none does are zeros and perhaps a bias.</summary>
    private readonly record struct Gate(int Block, float Sign = 1, float Bias = 0)
    {
        public static implicit operator Gate(int block) => new(block);
    }
}

using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Interchange;

/// <summary>Puts weights of a Keras model into layers: turns the matrices around and the gates into this library's order.</summary>
/// <remarks>
/// Keras keeps kernel [inputSize, gates*hiddenSize] and recurrent_kernel [hiddenSize, gates*hiddenSize] with the gates i, f, c, o (LSTM) or z, r, h (GRU); here they
/// are the rows of [gates*hiddenSize, ·] as i, f, g, o and r, z, n. One bias there is biasIh here, while biasHh becomes zero and is no longer learned, so that
/// training on goes as it does there. A GRU with reset_after=True has two, [2, gates*hiddenSize].
/// </remarks>
public static class Keras
{
    private static readonly int[] s_asTheyAre = [0, 1, 2, 3];

    // Where the gates r, z, n stand among z, r, h.
    private static readonly int[] s_gru = [1, 0, 2];

    /// <summary>Overwrites the layers' parameters; when a weight does not fit, all stay as they are.</summary>
    /// <param name="layers">A model's layers. A stack of recurrent layers takes as many Keras layers, each forward, then backward when bidirectional.</param>
    /// <param name="weights">
    /// In the order of model.get_weights(): Embedding: embeddings. Dense: kernel, bias. LayerNormalization: gamma, beta. SimpleRNN, LSTM, GRU: kernel,
    /// recurrent_kernel, bias. Bidirectional: the three of forward, the three of backward. A weight with a name must end in that word.
    /// </param>
    /// <exception cref="ArgumentException">There are too few or too many weights, a name or a shape does not fit, or a layer has no counterpart in Keras.</exception>
    public static void Load(IReadOnlyList<Layer> layers, IReadOnlyList<Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(weights);
        var reader = new Reader(weights);
        foreach (var layer in layers)
            reader.Read(layer);
        reader.Apply();
    }

    private sealed class Reader(IReadOnlyList<Tensor> weights)
    {
        private readonly List<(Tensor To, float[] Values)> _changes = [];
        private readonly List<Tensor> _constants = [];
        private int _next;

        public void Read(Layer layer)
        {
            switch (layer)
            {
                case Embedding embedding:
                    Add(embedding.Weight, Take(layer, "embeddings", embedding.Weight.Shape).ToArray());
                    break;
                case Linear linear:
                    // A tied layer has no matrix of its own.
                    if (linear.Tied is null)
                        Add(linear.Weight, Transposed(Take(layer, "kernel", new Shape(linear.InputSize, linear.OutputSize)), [0]));
                    if (linear.Bias is { } bias)
                        Add(bias, Take(layer, "bias", bias.Shape).ToArray());
                    break;
                case LayerNorm norm:
                    Add(norm.Weight, Take(layer, "gamma", norm.Weight.Shape).ToArray());
                    Add(norm.Bias, Take(layer, "beta", norm.Bias.Shape).ToArray());
                    break;
                case RecurrentLayer recurrent when recurrent is SimpleRnn or Gru or Lstm { HasPeephole: false, IsCoupled: false, HasLayerNorm: false, ProjectionSize: null }:
                    for (var i = 0; i < recurrent.Layers; i++)
                    {
                        Read(recurrent, i, reverse: false);
                        if (recurrent.Bidirectional)
                            Read(recurrent, i, reverse: true);
                    }

                    break;
                case Residual or RecurrentResidual or TimeDistributed:
                    foreach (var part in layer.Parts)
                        Read(part);
                    break;
                case { Parameters.Count: > 0 }:
                    throw new ArgumentException($"Keras.Load: {layer} has no counterpart in Keras. Load the layers around it.");
            }
        }

        public void Apply()
        {
            if (_next < weights.Count)
                throw new ArgumentException($"Keras.Load: the layers take {_next} weights, but {weights.Count} are given; {Named(_next)}, left over. Give the weights of these layers only.");
            foreach (var (to, values) in _changes)
                to.CopyFrom(values);
            foreach (var constant in _constants)
            {
                constant.CopyFrom(new float[constant.Length]);
                constant.RequiresGradient = false;
            }
        }

        private void Read(RecurrentLayer layer, int index, bool reverse)
        {
            var (weightIh, weightHh) = (layer.WeightIh(index, reverse), layer.WeightHh(index, reverse));
            var rows = weightHh.Shape[0];
            var order = layer is Gru ? s_gru : s_asTheyAre[..(rows / layer.HiddenSize)];
            Add(weightIh, Transposed(Take(layer, "kernel", new Shape(weightIh.Shape[1], rows)), order));
            Add(weightHh, Transposed(Take(layer, "recurrent_kernel", new Shape(layer.HiddenSize, rows)), order));

            var (biasIh, biasHh) = (layer.BiasIh(index, reverse), layer.BiasHh(index, reverse));
            if (layer is Gru { ResetAfter: true })
            {
                var both = Take(layer, "bias", new Shape(2, rows)).ToArray();
                Add(biasIh, Reordered(both.AsSpan(0, rows), order));
                Add(biasHh, Reordered(both.AsSpan(rows), order));
            }
            else
            {
                Add(biasIh, Reordered(Take(layer, "bias", new Shape(rows)).ToArray(), order));
                _constants.Add(biasHh);
            }
        }

        private Tensor Take(Layer layer, string name, Shape shape)
        {
            if (_next == weights.Count)
                throw new ArgumentException($"Keras.Load: {layer} needs {name} {shape}, but there are only {weights.Count} weights. Give them in the order of get_weights().");
            var weight = weights[_next];
            if (weight.Shape != shape || (weight.Name is { } given && given.Split('/')[^1].Split(':')[0] != name))
                throw new ArgumentException($"Keras.Load: {layer} needs {name} {shape}, but {Named(_next)}. Give the weights in the order of get_weights(), and layers of the same sizes and kinds.");
            _next++;
            return weight;
        }

        private string Named(int index) => $"weight {index} is {(weights[index].Name is { } name ? name + " " : "")}{weights[index].Shape}";

        private void Add(Tensor to, float[] values) => _changes.Add((to, values));

        // [columns, gates*size] as [gates*size, columns], the gates in another order.
        private static float[] Transposed(Tensor kernel, int[] order)
        {
            var (columns, rows) = (kernel.Shape[0], kernel.Shape[1]);
            var (from, to) = (kernel.ToArray(), new float[kernel.Length]);
            for (var row = 0; row < rows; row++)
            {
                var source = Source(row, rows, order);
                for (var column = 0; column < columns; column++)
                    to[(row * columns) + column] = from[(column * rows) + source];
            }

            return to;
        }

        private static float[] Reordered(ReadOnlySpan<float> bias, int[] order)
        {
            var to = new float[bias.Length];
            for (var row = 0; row < to.Length; row++)
                to[row] = bias[Source(row, to.Length, order)];
            return to;
        }

        private static int Source(int row, int rows, int[] order)
        {
            var size = rows / order.Length;
            return (order[row / size] * size) + (row % size);
        }
    }
}

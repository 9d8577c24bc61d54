using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>
/// Makes tensors and layers for golden numbers. A layer is made only after the file has shown weights of its sizes: a size alone is a word, and could ask for any
/// amount of memory.
/// </summary>
internal static class GoldenLayers
{
    private const int LargestSize = 1 << 24, MostLayers = 100;

    extension(GoldenTensor golden)
    {
        /// <summary>As a tensor of this library.</summary>
        public Tensor ToTensor(bool requiresGradient = false)
        {
            var tensor = Tensor.From(golden.Floats, new Shape(golden.Shape));
            tensor.RequiresGradient = requiresGradient;
            return tensor;
        }

        /// <summary>Whole numbers, such as ids.</summary>
        /// <exception cref="FormatException">A number is not whole or too large.</exception>
        public IntTensor ToIntTensor() => IntTensor.From(
            Array.ConvertAll(golden.Data, number => number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
                ? (int)number
                : throw new FormatException(FormattableString.Invariant($"an id must be a whole number, but is {number}"))), golden.Shape);
    }

    extension(GoldenFile file)
    {
        /// <summary>A size: a whole number from 1 to 2^24.</summary>
        public int Size(params ReadOnlySpan<object> keys) => file.Int(keys) is >= 1 and <= LargestSize and var size
            ? size
            : throw new FormatException($"{string.Join(".", keys.ToArray())} must be from 1 to {LargestSize}, but is {file.Int(keys)}");

        /// <summary>How many layers are stacked, from 1 to 100.</summary>
        public int Layers() => file.Int("layers") is >= 1 and <= MostLayers and var layers
            ? layers
            : throw new FormatException($"layers must be from 1 to {MostLayers}, but is {file.Int("layers")}");

        /// <summary>The weights of a stack under PyTorch's names, each held to its shape; they end at the first that is missing.</summary>
        public Dictionary<string, GoldenTensor> RecurrentWeights(string under, string prefix, int gates, int inputSize, int hiddenSize, int layers, int directions)
        {
            var weights = new Dictionary<string, GoldenTensor>();
            var rows = gates * hiddenSize;
            for (var i = 0; i < layers * directions; i++)
            {
                var suffix = $"_l{i / directions}{(i % directions == 1 ? "_reverse" : "")}";
                var columns = i < directions ? inputSize : directions * hiddenSize;
                Add("weight_ih", rows, columns);
                Add("weight_hh", rows, hiddenSize);
                Add("bias_ih", rows);
                Add("bias_hh", rows);

                void Add(string name, params int[] shape) => weights.Add(prefix + name + suffix, file.TensorOf(shape, under, prefix + name + suffix));
            }

            return weights;
        }
    }

    /// <summary>How many gates the weights of a kind stack: "LSTM", "gru", "simpleRNN", "RNN".</summary>
    /// <exception cref="FormatException">There is no such kind.</exception>
    public static int Gates(string kind) => kind.ToUpperInvariant() switch
    {
        "LSTM" => 4,
        "GRU" => 3,
        "RNN" or "SIMPLERNN" => 1,
        _ => throw new FormatException($"kind must be LSTM, GRU, RNN or simpleRNN, but is {(kind.Length > 30 ? kind[..30] + "..." : kind)}"),
    };

    /// <summary>Copies golden weights into parameters of the same names.</summary>
    public static void Fill(IReadOnlyList<Parameter> parameters, Dictionary<string, GoldenTensor> weights)
    {
        foreach (var (name, tensor) in parameters)
            tensor.CopyFrom(weights[name].Floats);
    }
}

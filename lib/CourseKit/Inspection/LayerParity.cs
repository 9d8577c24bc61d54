using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>PyTorch's embedding, layer normalisation and attention, with gradients.</summary>
internal static class LayerParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        var weight = file.Tensor("embedding", "weight");
        if (weight.Shape is not [var vocabulary, var size])
            throw new FormatException("embedding.weight must be [vocabulary, size]");
        var embedding = new Embedding(vocabulary, size);
        embedding.Weight.CopyFrom(weight.Floats);
        int[][] ids = [.. Enumerable.Range(0, file.Count("embedding", "ids")).Select(row => file.Ints("embedding", "ids", row))];
        Run(() => embedding.Forward(IntTensor.From([.. ids.SelectMany(row => row)], ids.Length, ids.Length == 0 ? 0 : ids[0].Length)), "embedding", "y", ("weight", embedding.Weight));

        void Run(Func<Tensor> forward, string part, string result, params (string Name, Tensor Tensor)[] inputs)
        {
            Tape.Step(() =>
            {
                var y = forward();
                differences.Compare($"{part}.{result}", file.Tensor(part, result), y);
                (y * file.Tensor(part, "loss_weight").ToTensor()).Sum().Backward();
            });
            foreach (var (name, tensor) in inputs)
                differences.Compare($"{part}.grad_{name}", file.Tensor(part, $"grad_{name}"), tensor.Gradient);
        }
    }
}

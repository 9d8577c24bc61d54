using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>PyTorch's embedding, layer normalisation and attention, with gradients.</summary>
internal sealed class LayerParity
{
    private readonly GoldenFile _file;
    private readonly Differences _differences;

    private LayerParity(GoldenFile file, Differences differences) => (_file, _differences) = (file, differences);

    public static void Compare(GoldenFile file, Differences differences)
    {
        var parity = new LayerParity(file, differences);
        if (file.Has("embedding"))
            parity.CompareEmbedding("embedding");
        if (file.Has("layer_norm"))
            parity.CompareLayerNorm("layer_norm");
        if (file.Has("scaled_dot_attention"))
            parity.CompareDotAttention("scaled_dot_attention");
        if (file.Has("additive_attention"))
            parity.CompareAdditiveAttention("additive_attention");
    }

    private void CompareEmbedding(string part)
    {
        var weight = Matrix(part, "weight");
        var embedding = new Embedding(weight.Shape[0], weight.Shape[1]);
        embedding.Weight.CopyFrom(weight.Floats);
        int[][] rows = [.. Enumerable.Range(0, _file.Count(part, "ids")).Select(row => _file.Ints(part, "ids", row))];
        var ids = IntTensor.From([.. rows.SelectMany(row => row)], rows.Length, rows.Length == 0 ? 0 : rows[0].Length);
        Run(part, () => [("y", embedding.Forward(ids))], ("weight", embedding.Weight));
    }

    private void CompareLayerNorm(string part)
    {
        var x = Input(part, "x");
        var norm = new LayerNorm(_file.Tensor(part, "weight").Data.Length, (float)_file.Number(part, "eps"));
        norm.Weight.CopyFrom(_file.Tensor(part, "weight").Floats);
        norm.Bias.CopyFrom(_file.Tensor(part, "bias").Floats);
        Run(part, () => [("y", norm.Forward(x))], ("x", x), ("weight", norm.Weight), ("bias", norm.Bias));
    }

    private void CompareDotAttention(string part)
    {
        var (query, keys, values) = (Input(part, "query"), Input(part, "keys"), Input(part, "values"));
        var attention = new DotAttention(query.Shape.Last, scaled: true);
        Run(part, () => Attended(attention.Forward(query, keys, values)), ("query", query), ("keys", keys), ("values", values));
    }

    private void CompareAdditiveAttention(string part)
    {
        var (query, keys) = (Input(part, "query"), Input(part, "keys"));
        var (weightQuery, weightKey) = (Matrix(part, "W_query"), Matrix(part, "W_key"));
        var attention = new AdditiveAttention(weightQuery.Shape[1], weightKey.Shape[1], weightQuery.Shape[0]);
        attention.WeightQuery.CopyFrom(weightQuery.Floats);
        attention.WeightKey.CopyFrom(weightKey.Floats);
        attention.V.CopyFrom(_file.Tensor(part, "v").Floats);
        Run(part, () => Attended(attention.Forward(query, keys)),
            ("query", query), ("keys", keys), ("W_query", attention.WeightQuery), ("W_key", attention.WeightKey), ("v", attention.V));
    }

    private static (string, Tensor)[] Attended((Tensor Context, Tensor Weights) result) => [("context", result.Context), ("weights", result.Weights)];

    /// <summary>Compares the results; the loss is the first one's numbers times loss_weight, and its gradients are compared.</summary>
    private void Run(string part, Func<(string Name, Tensor Result)[]> forward, params (string Name, Tensor Tensor)[] inputs)
    {
        Tape.Step(() =>
        {
            var results = forward();
            foreach (var (name, result) in results)
                _differences.Compare($"{part}.{name}", _file.Tensor(part, name), result);
            (results[0].Result * _file.Tensor(part, "loss_weight").ToTensor()).Sum().Backward();
        });
        foreach (var (name, tensor) in inputs)
            _differences.Compare($"{part}.grad_{name}", _file.Tensor(part, $"grad_{name}"), tensor.Gradient);
    }

    private Tensor Input(string part, string name) => _file.Tensor(part, name) is { Shape.Length: > 0 } golden
        ? golden.ToTensor(requiresGradient: true)
        : throw new FormatException($"{part}.{name} must have a dimension");

    private GoldenTensor Matrix(string part, string name) => _file.Tensor(part, name) is { Shape.Length: 2 } golden
        ? golden
        : throw new FormatException($"{part}.{name} must be a matrix");
}

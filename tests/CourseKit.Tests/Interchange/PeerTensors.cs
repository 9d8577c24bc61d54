using CourseKit.Tensors;

namespace CourseKit.Tests.Interchange;

/// <summary>Tensors as other frameworks take them: states stacked, [layers*directions, batch, hiddenSize].</summary>
internal static class PeerTensors
{
    public static Tensor Normal(RandomSource random, params int[] shape)
    {
        var numbers = new float[new Shape(shape).Length];
        random.FillNormal(numbers);
        return Tensor.From(numbers, shape);
    }

    public static Tensor[] Parts(Tensor states)
    {
        var size = states.Shape[1] * states.Shape[2];
        return [.. Enumerable.Range(0, states.Shape[0]).Select(i => Tensor.From(states.ToArray().AsSpan(i * size, size), states.Shape[1], states.Shape[2]))];
    }

    public static Tensor Stacked(IReadOnlyList<Tensor> states) =>
        Tensor.From([.. states.SelectMany(state => state.ToArray())], new Shape(states.Count, states[0].Shape[0], states[0].Shape[1]));
}

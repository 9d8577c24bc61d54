using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.Inspection;

/// <summary>Every layer of the library in its forms, for the checks that each must pass. A new layer needs a line here.</summary>
internal static class LayerTable
{
    public static Dictionary<string, Func<SequenceLayer>> Sequences { get; } = new()
    {
        ["SimpleRnn"] = () => new SimpleRnn(3, 4),
        ["SimpleRnn odd size"] = () => new SimpleRnn(2, 19),
        ["SimpleRnn relu"] = () => new SimpleRnn(3, 4, activation: Activation.Relu),
        ["SimpleRnn bidirectional"] = () => new SimpleRnn(3, 4, bidirectional: true),
        ["Lstm"] = () => new Lstm(3, 4),
        ["Lstm odd size"] = () => new Lstm(2, 9),
        ["Lstm stacked"] = () => new Lstm(3, 4, layers: 2),
        ["Lstm bidirectional"] = () => new Lstm(3, 4, bidirectional: true),
        ["Lstm stacked bidirectional sum"] = () => new Lstm(3, 4, layers: 2, bidirectional: true, merge: BidirectionalMerge.Sum),
        ["Lstm final"] = () => new Lstm(3, 4, returnSequences: false),
        ["Lstm coupled"] = () => new Lstm(3, 4, coupled: true),
        ["Lstm peephole"] = () => new Lstm(3, 4, peephole: true),
        ["Lstm projection"] = () => new Lstm(3, 4, projectionSize: 2),
        ["Lstm layer norm"] = () => new Lstm(3, 4, layerNorm: true),
        ["Lstm all"] = () => new Lstm(3, 4, bidirectional: true, coupled: true, peephole: true, projectionSize: 3),
        ["Gru"] = () => new Gru(3, 4),
        ["Gru before"] = () => new Gru(3, 4, resetAfter: false),
        ["Gru stacked bidirectional"] = () => new Gru(3, 4, layers: 2, bidirectional: true),
        ["Gru final"] = () => new Gru(3, 4, returnSequences: false),
        ["SimplifiedGru"] = () => new SimplifiedGru(3, 4),
        ["SimplifiedGru bidirectional"] = () => new SimplifiedGru(3, 4, bidirectional: true),
        ["MinimalGatedUnit"] = () => new MinimalGatedUnit(3, 4),
        ["MinimalGatedUnit bidirectional"] = () => new MinimalGatedUnit(3, 4, bidirectional: true),
        ["DepthGatedLstm"] = () => new DepthGatedLstm(3, 4),
        ["DepthGatedLstm bidirectional"] = () => new DepthGatedLstm(3, 4, layers: 1, bidirectional: true),
        ["RecurrentResidual"] = () => new RecurrentResidual(new Lstm(3, 3)),
        ["Bidirectional"] = () => new Bidirectional(new Leaky(), new Leaky(reverse: true)),
    };

    public static Dictionary<string, Func<GradientCheckResult>> Others { get; } = new()
    {
        ["Linear"] = () => GradientCheck.Of(new Linear(3, 4), Draw(2, 5, 3)),
        ["Embedding"] = () => GradientCheck.Of(new Embedding(5, 3), IntTensor.From([1, 4, 1, 0], 2, 2)),
        ["ActivationLayer"] = () => GradientCheck.Of(new ActivationLayer(Activation.Sigmoid), Draw(2, 5, 3)),
        ["Dropout"] = () => GradientCheck.Of(new Dropout(0.4f), Draw(2, 5, 3)),
        ["AdaptiveSoftmax"] = () => GradientCheck.Of(new AdaptiveSoftmax(5, 9, [3, 6], divisor: 2, headBias: true), Draw(2, 3, 5)),
        ["LayerNorm"] = () => GradientCheck.Of(new LayerNorm(3), Draw(2, 5, 3)),
        ["TimeDistributed"] = () => GradientCheck.Of(new TimeDistributed(new Linear(3, 4)), Draw(2, 5, 3)),
        ["Residual"] = () => GradientCheck.Of(new Residual(new Linear(3, 3)), Draw(2, 5, 3)),
        ["AdditiveAttention"] = () => Of(new AdditiveAttention(3, 3, 5)),
        ["GeneralAttention"] = () => Of(new GeneralAttention(3, 3)),
        ["DotAttention"] = () => Of(new DotAttention(3)),
    };

    /// <summary>Layers made of other layers whose gradients stand under test beside them.</summary>
    public static IReadOnlyList<Type> TestedElsewhere { get; } = [typeof(EncoderDecoder)];

    public static Tensor Draw(params int[] shape) => GradientCheckCase.Draw(shape);

    private static GradientCheckResult Of(Attention attention)
    {
        attention.Initialize(new RandomSource(1));
        var (query, keys) = (Draw(2, 4, 3), Draw(2, 5, 3));
        return GradientCheck.Of(() =>
        {
            var (context, weights) = attention.Forward(query, keys);
            return [context, weights];
        }, [query, keys, .. attention.Parameters.Select(parameter => parameter.Tensor)], attention.ToString());
    }

    // h_t = h_{t-1}/2 + tanh(W·x_t + b)/2.
    private sealed class Leaky : RecurrentCellLayer
    {
        private readonly Linear input;

        public Leaky(bool reverse = false)
            : base(3, 4, reverse: reverse)
        {
            input = AddLayer(new Linear(3, 4));
            Initialize(new RandomSource(1));
        }

        public override StepState Step(Tensor x, StepState state) => (0.5f * state.Hidden) + (0.5f * Ops.Tanh(input.Forward(x)));
    }
}

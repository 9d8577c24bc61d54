using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Inspection;
using CourseKit.Tensors;
using static CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Autograd;

/// <summary>For every public operation of <see cref="Ops"/> its gradient checks, at least one an overload. A new operation needs a line here.</summary>
internal static class OpGradientTable
{
    // Made where the check runs.
    private static IntTensor Classes => IntTensor.From([0, 3, -100, 2, 2, 1], 2, 3);

    private static Tensor Mask => Tensor.From([1f, 1, 0, 0, 1, 1], 2, 3);

    public static Dictionary<string, Func<GradientCheckResult>[]> Checks { get; } = new()
    {
        [nameof(Ops.Tanh)] = [One(Ops.Tanh)],
        [nameof(Ops.Sigmoid)] = [One(Ops.Sigmoid)],
        [nameof(Ops.Relu)] = [One(Ops.Relu)],
        [nameof(Ops.Activate)] = [One(x => Ops.Activate(x, Activation.Tanh)), One(x => Ops.Activate(x, Activation.Sigmoid)), One(x => Ops.Activate(x, Activation.Relu))],
        [nameof(Ops.Add)] = [Two(Ops.Add)],
        [nameof(Ops.Subtract)] = [Two(Ops.Subtract)],
        [nameof(Ops.Multiply)] = [Two(Ops.Multiply)],
        [nameof(Ops.Scale)] = [One(x => Ops.Scale(x, -2.7f))],
        [nameof(Ops.Sum)] = [One(Ops.Sum)],
        [nameof(Ops.Mean)] = [One(Ops.Mean)],
        [nameof(Ops.Softmax)] = [One(Ops.Softmax)],
        [nameof(Ops.LayerNorm)] = [LayerNorm(withGain: true), LayerNorm(withGain: false)],
        [nameof(Ops.MatMul)] = [Inputs([2, 3, 4], [4, 5], Ops.MatMul), Inputs([1, 1], [1, 1], Ops.MatMul)],
        [nameof(Ops.BatchMatMul)] = [Inputs([2, 3, 4], [2, 4, 5], (a, b) => Ops.BatchMatMul(a, b)), Inputs([2, 3, 4], [2, 5, 4], (a, b) => Ops.BatchMatMul(a, b, transposeB: true))],
        [nameof(Ops.Linear)] = [Linear(4, 3, 5, bias: true), Linear(1, 1, 1, bias: false)],
        [nameof(Ops.Embedding)] = [() => { var w = Draw(1, 5, 3); return Of(() => Ops.Embedding(IntTensor.From([1, 3, 1, 0], 2, 2), w), w); }],
        [nameof(Ops.Dropout)] = [One(x => Ops.Dropout(x, 0.4f, new RandomSource(5))), One(x => Ops.Dropout(x, 0.4f, new RandomSource(5), sameOverTime: true))],
        [nameof(Ops.ApplyMask)] = [One(x => Ops.ApplyMask(x, Mask))],
        [nameof(Ops.Concat)] = [Two((a, b) => Ops.Concat(a, b, a))],
        [nameof(Ops.Slice)] = [One(x => Ops.Slice(x, 1, 2))],
        [nameof(Ops.Split)] = [() => { var x = Draw(1, 2, 3, 4); return Of(() => Ops.Split(x, 2), [x]); }],
        [nameof(Ops.SelectStep)] = [One(x => Ops.SelectStep(x, 1))],
        [nameof(Ops.LastStep)] = [One(Ops.LastStep)],
        [nameof(Ops.Reshape)] = [One(x => Ops.Reshape(x, new Shape(4, 6)))],
        [nameof(Ops.MaskedSoftmax)] = [One(x => Ops.MaskedSoftmax(x, null)), One(x => Ops.MaskedSoftmax(x, Tensor.From([1f, 0, 1, 1, 0, 1, 1, 0], 2, 4)))],
        [nameof(Ops.AdditiveScores)] = [() => { var (q, k, v) = (Draw(1, 2, 3, 4), Draw(2, 2, 5, 4), Draw(3, 4)); return Of(() => Ops.AdditiveScores(q, k, v), q, k, v); }],
        [nameof(Ops.CrossEntropy)] =
        [
            One(x => Ops.CrossEntropy(x, Classes)),
            One(x => Ops.CrossEntropy(x, Classes, labelSmoothing: 0.1f)),
            One(x => Ops.CrossEntropy(x, Classes, labelSmoothing: 0.3f, classWeights: Tensor.From([0.5f, 1, 0, 2]), reduction: LossReduction.None)),
        ],
        [nameof(Ops.SequenceCrossEntropy)] = [.. Enum.GetValues<SequenceReduction>().Select(reduction => One(x => Ops.SequenceCrossEntropy(x, Classes, Mask, reduction, labelSmoothing: 0.1f)))],
        [nameof(Ops.Ctc)] =
        [
            Ctc((x, targets) => Ops.Ctc(x, targets)),
            Ctc((x, targets) => Ops.Ctc(x, targets, IntTensor.From([5, 4], 2), IntTensor.From([3, 1], 2), blank: 2, LossReduction.None)),
        ],
        [nameof(Ops.BinaryCrossEntropyWithLogits)] = [One(x => Ops.BinaryCrossEntropyWithLogits(x, Tensor.From([.. Enumerable.Range(0, 24).Select(i => i / 23f)], 2, 3, 4)))],
        [nameof(Ops.MeanSquaredError)] = [One(x => Ops.MeanSquaredError(x, Tensor.From(new float[24], 2, 3, 4)))],
        [nameof(Ops.SimpleRnn)] = Recurrent(1, (x, h, _, w, reverse) => [.. Both(Ops.SimpleRnn(x, h, w, Activation.Tanh, reverse))]),
        [nameof(Ops.Gru)] =
        [
            .. Recurrent(3, (x, h, _, w, reverse) => Both(Ops.Gru(x, h, w, GruForm.ResetAfter, reverse))),
            .. Recurrent(3, (x, h, _, w, reverse) => Both(Ops.Gru(x, h, w, GruForm.ResetBefore, reverse))),
            .. Recurrent(2, (x, h, _, w, reverse) => Both(Ops.Gru(x, h, w, GruForm.UpdateOnly, reverse))),
            .. Recurrent(2, (x, h, _, w, reverse) => Both(Ops.Gru(x, h, w, GruForm.Minimal, reverse))),
        ],
        [nameof(Ops.Lstm)] = [.. Recurrent(4, (x, h, c, w, reverse) => Three(Ops.Lstm(x, h, c, w, reverse))), LstmVariant(coupled: true), LstmVariant(coupled: false)],
        [nameof(Ops.DepthGatedLstm)] = [DepthGatedLstm(reverse: false), DepthGatedLstm(reverse: true)],
    };

    private static Func<GradientCheckResult> One(Func<Tensor, Tensor> op) => () =>
    {
        var x = Draw(1, 2, 3, 4);
        return Of(() => op(x), x);
    };

    private static Func<GradientCheckResult> Two(Func<Tensor, Tensor, Tensor> op) => Inputs([2, 3, 4], [2, 3, 4], op);

    private static Func<GradientCheckResult> Inputs(int[] first, int[] second, Func<Tensor, Tensor, Tensor> op) => () =>
    {
        var (a, b) = (Draw(1, first), Draw(2, second));
        return Of(() => op(a, b), a, b);
    };

    private static Func<GradientCheckResult> Linear(int rows, int inputSize, int outputSize, bool bias) => () =>
    {
        var (x, w, b) = (Draw(1, rows, inputSize), Draw(2, outputSize, inputSize), bias ? Draw(3, outputSize) : null);
        return Of(() => Ops.Linear(x, w, b), b is null ? [x, w] : [x, w, b]);
    };

    private static Func<GradientCheckResult> Ctc(Func<Tensor, IntTensor, Tensor> op) => () =>
    {
        var x = Draw(1, 2, 5, 4);
        return Of(() => op(x, IntTensor.From([1, 1, 3, 3, 1, 1], 2, 3)), x);
    };

    private static Func<GradientCheckResult> LayerNorm(bool withGain) => () =>
    {
        var (x, gain, bias) = (Draw(1, 2, 3, 4), Draw(2, 4), Draw(3, 4));
        return withGain ? Of(() => Ops.LayerNorm(x, gain, bias), x, gain, bias) : Of(() => Ops.LayerNorm(x), x);
    };

    // One step, one unit; several of each with a state; and from the last step to the first.
    private static Func<GradientCheckResult>[] Recurrent(int gates, Func<Tensor, Tensor?, Tensor?, RecurrentWeights, bool, Tensor[]> op) =>
    [
        Recurrent(gates, 1, 1, 1, 1, reverse: false, op),
        Recurrent(gates, 2, 3, 2, 3, reverse: false, op),
        Recurrent(gates, 2, 3, 2, 3, reverse: true, op),
    ];

    private static Func<GradientCheckResult> Recurrent(int gates, int B, int T, int I, int H, bool reverse, Func<Tensor, Tensor?, Tensor?, RecurrentWeights, bool, Tensor[]> op) => () =>
    {
        var (x, hidden, cell) = (Draw(1, B, T, I), Draw(2, B, H), Draw(3, B, H));
        var weights = new RecurrentWeights(Draw(4, gates * H, I), Draw(5, gates * H, H), Draw(6, gates * H), Draw(7, gates * H));
        Tensor[] inputs = [x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!];
        return Of(() => op(x, hidden, cell, weights, reverse), gates == 4 ? [.. inputs, cell] : inputs);
    };

    // Peepholes and a projection from 3 to 2, once with coupled gates.
    private static Func<GradientCheckResult> LstmVariant(bool coupled) => () =>
    {
        var gates = coupled ? 3 : 4;
        var (x, hidden, cell) = (Draw(1, 2, 3, 2), Draw(2, 2, 2), Draw(3, 2, 3));
        var weights = new RecurrentWeights(Draw(4, gates * 3, 2), Draw(5, gates * 3, 2), Draw(6, gates * 3), Draw(7, gates * 3));
        var variant = new LstmVariant { Coupled = coupled, Peephole = Draw(8, (gates - 1) * 3), Projection = Draw(9, 2, 3) };
        return Of(() => Three(Ops.Lstm(x, hidden, cell, weights, options: new RecurrentOptions { Mask = Mask }, variant: variant)),
            [x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!, variant.Peephole, variant.Projection]);
    };

    private static Func<GradientCheckResult> DepthGatedLstm(bool reverse) => () =>
    {
        var (x, hidden, cell) = (Draw(1, 2, 3, 2), Draw(2, 2, 3), Draw(3, 2, 3));
        var weights = new RecurrentWeights(Draw(4, 12, 2), Draw(5, 12, 3), Draw(6, 12), Draw(7, 12));
        var gate = new LstmDepthGate(Draw(8, 2, 3, 3), Draw(9, 3, 2), Draw(10, 3), Draw(11, 3), Draw(12, 3));
        return Of(() =>
        {
            var (y, h, c, cells) = Ops.DepthGatedLstm(x, hidden, cell, weights, gate, reverse);
            return [y, h, c, cells];
        }, [x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!, gate.CellBelow, gate.WeightIh, gate.FromCell, gate.FromBelow, gate.Bias!]);
    };

    private static Tensor[] Both((Tensor, Tensor) results) => [results.Item1, results.Item2];

    private static Tensor[] Three((Tensor, Tensor, Tensor) results) => [results.Item1, results.Item2, results.Item3];
}

using CourseKit.Autograd;
using CourseKit.Backends.Reference;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>The variants of the LSTM operation: gradients through the tape, and what they refuse.</summary>
public class LstmVariantTests
{
    private const int BatchSize = 2, Steps = 3, InputSize = 2, HiddenSize = 5, ProjectionSize = 3;

    public static TheoryData<string> Variants => ["coupled", "peephole", "coupled peephole", "projection", "coupled peephole projection", "norm", "norm coupled projection"];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Lstm_Variant_GradientIsTheDifference(string what)
    {
        var (variant, weights, stateSize) = Draw(what);
        Tensor x = GradientCheck.Draw(1, BatchSize, Steps, InputSize), hidden = GradientCheck.Draw(6, BatchSize, stateSize), cell = GradientCheck.Draw(7, BatchSize, HiddenSize);
        Tensor?[] inputs = [x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh, variant.Peephole, variant.Projection,
            variant.Norm?.GainIh, variant.Norm?.GainHh, variant.Norm?.GainCell, variant.Norm?.BiasCell];
        GradientCheck.Of(
            () =>
            {
                var (y, h, c) = Ops.Lstm(x, hidden, cell, weights, variant: variant);
                return [y, h, c];
            },
            [.. inputs.OfType<Tensor>()]);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Lstm_Variant_OnTheCpuGivesTheNumbersOfFloat64(string what)
    {
        var (variant, weights, stateSize) = Draw(what);
        Tensor x = GradientCheck.Draw(1, BatchSize, Steps, InputSize), cell = GradientCheck.Draw(7, BatchSize, HiddenSize), weight = GradientCheck.Draw(30, BatchSize, Steps, stateSize);
        Tensor?[] all = [x, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh, variant.Peephole, variant.Projection,
            variant.Norm?.GainIh, variant.Norm?.GainHh, variant.Norm?.GainCell, variant.Norm?.BiasCell];
        List<float[]> Run()
        {
            var numbers = new List<float[]>();
            Tape.Step(() =>
            {
                var (y, h, c) = Ops.Lstm(x, null, cell, weights, reverse: true, variant: variant);
                numbers.AddRange([y.ToArray(), h.ToArray(), c.ToArray()]);
                ((y * weight).Sum() + h.Sum() + c.Sum()).Backward();
            });
            numbers.AddRange(all.OfType<Tensor>().Select(tensor => tensor.Gradient!.ToArray()));
            return numbers;
        }

        var cpu = Run();
        var float64 = new Float64Backend();
        foreach (var tensor in all.OfType<Tensor>().Append(weight)) tensor.MoveTo(float64);
        foreach (var (expected, actual) in Run().Zip(cpu))
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("peephole")]
    [InlineData("coupled projection")]
    public void DepthGatedLstm_TwoLayers_GradientIsTheDifference(string what)
    {
        var (variant, weights, stateSize) = Draw(what);
        var (_, above, _) = Draw(what, inputSize: stateSize, seed: 40);
        Tensor x = GradientCheck.Draw(1, BatchSize, Steps, InputSize), weightIh = GradientCheck.Draw(20, HiddenSize, stateSize);
        Tensor fromCell = GradientCheck.Draw(21, HiddenSize), fromBelow = GradientCheck.Draw(22, HiddenSize), bias = GradientCheck.Draw(23, HiddenSize);
        var mask = new RecurrentOptions { Mask = Tensor.From([1f, 1, 1, 1, 0, 1], BatchSize, Steps) };
        GradientCheck.Of(
            () =>
            {
                var (lower, _, _, cells) = Ops.DepthGatedLstm(x, null, null, weights, depthGate: null, options: mask, variant: variant);
                var gate = new LstmDepthGate(cells, weightIh, fromCell, fromBelow, bias);
                var (y, h, c, last) = Ops.DepthGatedLstm(lower, null, null, above, gate, options: mask, variant: variant);
                return [y, h, c, last];
            },
            x, weightIh, fromCell, fromBelow, bias, weights.WeightIh, weights.WeightHh, above.WeightIh, above.BiasIh!);
    }

    [Fact]
    public void DepthGatedLstm_WithoutAGate_IsAnLstmThatGivesItsCells()
    {
        var (_, weights, _) = Draw("");
        var x = GradientCheck.Draw(1, BatchSize, Steps, InputSize);
        var (y, h, c) = Ops.Lstm(x, null, null, weights);
        var (y2, h2, c2, cells) = Ops.DepthGatedLstm(x, null, null, weights, depthGate: null);
        Assert.Equal(y.ToArray(), y2.ToArray());
        Assert.Equal(h.ToArray(), h2.ToArray());
        Assert.Equal(c.ToArray(), c2.ToArray());
        for (var b = 0; b < BatchSize; b++)
            for (var j = 0; j < HiddenSize; j++)
                Assert.Equal(c[b, j], cells[b, Steps - 1, j]);
    }

    [Fact]
    public void DepthGatedLstm_OnlyTheCellsUsed_GradientIsTheDifference()
    {
        var (_, weights, _) = Draw("");
        var x = GradientCheck.Draw(1, BatchSize, Steps, InputSize);
        GradientCheck.Of(() => Ops.DepthGatedLstm(x, null, null, weights, depthGate: null).Cells, x, weights.WeightIh, weights.WeightHh);
    }

    [Fact]
    public void Lstm_VariantOfTheWrongShape_ThrowsNamingBoth()
    {
        var x = Tensor.Zeros(BatchSize, Steps, InputSize);
        var (plain, three, projected) = (Draw("").Weights, Draw("coupled").Weights, Draw("projection").Weights);
        void Throws(string message, RecurrentWeights weights, LstmVariant variant, Tensor? hidden = null) =>
            Assert.Equal(message, Assert.Throws<ShapeException>(() => Ops.Lstm(x, hidden, null, weights, variant: variant)).Message);

        Throws("Lstm: variant.Peephole must be [15], but got [7]. It is [3*hiddenSize], of i, f, o.", plain, new() { Peephole = Tensor.Zeros(7) });
        Throws("Lstm: variant.Peephole must be [10], but got [15]. It is [2*hiddenSize], of i, o.", three, new() { Coupled = true, Peephole = Tensor.Zeros(15) });
        Throws("Lstm: weightHh must be [15, 5], but got [20, 5]. It is [3*hiddenSize, hiddenSize].", plain, new() { Coupled = true });
        Throws("Lstm: variant.Projection must be [3, 5], but got [4, 5]. It is [projectionSize, hiddenSize], and weightHh is [20, 3].", projected, new() { Projection = Tensor.Zeros(4, 5) });
        Throws("Lstm: variant.Projection must be [projectionSize, hiddenSize], but got [5].", projected, new() { Projection = Tensor.Zeros(5) });
        var ones = Tensor.Zeros(20);
        Throws("Lstm: variant.Norm.GainIh must be [20], but got [5]. It is [4*hiddenSize].", plain, new() { Norm = new(Tensor.Zeros(5), ones, Tensor.Zeros(5), Tensor.Zeros(5)) });
        Throws("Lstm: variant.Norm.BiasCell must be [5], but got [20]. It is [hiddenSize].", plain, new() { Norm = new(ones, ones, Tensor.Zeros(5), ones) });
        Throws("Lstm: hidden must be [2, 3], but got [2, 5]. It is [batch, projectionSize].", projected, new() { Projection = Tensor.Zeros(3, 5) }, Tensor.Zeros(2, 5));
    }

    [Fact]
    public void DepthGatedLstm_GateOfTheWrongShape_ThrowsNamingBoth()
    {
        var x = Tensor.Zeros(BatchSize, Steps, InputSize);
        var good = new LstmDepthGate(Tensor.Zeros(2, 3, 5), Tensor.Zeros(5, 2), Tensor.Zeros(5), Tensor.Zeros(5), Tensor.Zeros(5));
        void Throws(string message, LstmDepthGate gate) =>
            Assert.Equal(message, Assert.Throws<ShapeException>(() => Ops.DepthGatedLstm(x, null, null, Draw("").Weights, gate)).Message);

        Throws("DepthGatedLstm: depthGate.CellBelow must be [2, 3, 5], but got [2, 3, 4]. It is [batch, time, hiddenSize]: both layers must have the same hiddenSize.", good with { CellBelow = Tensor.Zeros(2, 3, 4) });
        Throws("DepthGatedLstm: depthGate.WeightIh must be [5, 2], but got [2, 5]. It is [hiddenSize, inputSize].", good with { WeightIh = Tensor.Zeros(2, 5) });
        Throws("DepthGatedLstm: depthGate.FromCell must be [5], but got [4]. It is [hiddenSize].", good with { FromCell = Tensor.Zeros(4) });
        Throws("DepthGatedLstm: depthGate.FromBelow must be [5], but got [4]. It is [hiddenSize].", good with { FromBelow = Tensor.Zeros(4) });
        Throws("DepthGatedLstm: depthGate.Bias must be [5], but got [1]. It is [hiddenSize].", good with { Bias = Tensor.Zeros(1) });
    }

    private static (LstmVariant Variant, RecurrentWeights Weights, int StateSize) Draw(string what, int inputSize = InputSize, long seed = 2)
    {
        bool Has(string part) => what.Contains(part, StringComparison.Ordinal);
        var stateSize = Has("projection") ? ProjectionSize : HiddenSize;
        var rows = (Has("coupled") ? 3 : 4) * HiddenSize;
        var variant = new LstmVariant
        {
            Coupled = Has("coupled"),
            Peephole = Has("peephole") ? GradientCheck.Draw(seed + 10, rows - HiddenSize) : null,
            Projection = Has("projection") ? GradientCheck.Draw(seed + 11, ProjectionSize, HiddenSize) : null,
            Norm = Has("norm") ? new(Ones(rows), Ones(rows), Ones(HiddenSize), GradientCheck.Draw(seed + 12, HiddenSize)) : null,
        };
        return (variant, new(GradientCheck.Draw(seed, rows, inputSize), GradientCheck.Draw(seed + 1, rows, stateSize), GradientCheck.Draw(seed + 2, rows), GradientCheck.Draw(seed + 3, rows)), stateSize);
    }

    private static Tensor Ones(int length)
    {
        var ones = Tensor.From(Enumerable.Repeat(1f, length).ToArray());
        ones.RequiresGradient = true;
        return ones;
    }
}

using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Masks, dropout of the recurrent product and zoneout in the simple recurrent operation and in every form of the GRU.</summary>
public class GatedOptionsTests
{
    private const int BatchSize = 3, Steps = 4, InputSize = 2, HiddenSize = 5;

    public static TheoryData<string> Kinds => ["SimpleRnn", .. Enum.GetNames<GruForm>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void AllOptions_Gradient_IsTheDifference(string kind)
    {
        var (weights, options) = (Weights(kind), All());
        Tensor x = GradientCheck.Draw(1, BatchSize, Steps, InputSize), hidden = GradientCheck.Draw(6, BatchSize, HiddenSize);
        foreach (var reverse in new[] { false, true })
        {
            GradientCheck.Of(() => Run(kind, x, hidden, weights, reverse, options), x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!);
            GradientCheck.Of(() => Run(kind, x, null, weights with { BiasIh = null, BiasHh = null }, reverse, options), x, weights.WeightIh, weights.WeightHh);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mask_InReverse_StartsAtEachRowsOwnLastStep(string kind)
    {
        var weights = Weights(kind);
        var x = GradientCheck.Draw(1, 1, Steps, InputSize);
        var shorter = Run(kind, Tensor.From(x.ToArray().AsSpan(0, 3 * InputSize), 1, 3, InputSize), null, weights, reverse: true, null);
        var whole = Run(kind, x, null, weights, reverse: true, new RecurrentOptions { Mask = Tensor.From([1f, 1, 1, 0], 1, Steps) });
        Assert.Equal(shorter[0].ToArray(), whole[0].ToArray()[..(3 * HiddenSize)]);
        Assert.Equal(shorter[1].ToArray(), whole[1].ToArray());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mask_OfZeros_GivesTheStateBack(string kind)
    {
        var hidden = GradientCheck.Draw(6, BatchSize, HiddenSize);
        var results = Run(kind, GradientCheck.Draw(1, BatchSize, Steps, InputSize), hidden, Weights(kind), false, All() with { Mask = Tensor.Zeros(BatchSize, Steps) });
        Assert.Equal(hidden.ToArray(), results[1].ToArray());
        Assert.All(results[0].ToArray(), value => Assert.Equal(0, value));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Zoneout_OfOnes_HoldsTheStateAndShowsIt(string kind)
    {
        var hidden = GradientCheck.Draw(6, 1, HiddenSize);
        var ones = Tensor.From(Enumerable.Repeat(1f, Steps * HiddenSize).ToArray(), 1, Steps, HiddenSize);
        var results = Run(kind, GradientCheck.Draw(1, 1, Steps, InputSize), hidden, Weights(kind), false, new RecurrentOptions { HiddenZoneout = ones });
        Assert.All(results[0].ToArray().Chunk(HiddenSize), state => Assert.Equal(hidden.ToArray(), state));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void HiddenDropout_OfZeros_IsTheLayerWithoutRecurrentWeights(string kind)
    {
        var (weights, x) = (Weights(kind), GradientCheck.Draw(1, 1, Steps, InputSize));
        var without = Run(kind, x, null, weights with { WeightHh = Tensor.Zeros(weights.WeightHh.Shape.Sizes.ToArray()) }, false, null);
        var dropped = Run(kind, x, null, weights, false, new RecurrentOptions { HiddenDropout = Tensor.Zeros(1, HiddenSize) });
        Assert.Equal(without[0].ToArray(), dropped[0].ToArray());
    }

    [Theory]
    [InlineData("SimpleRnn", "Mask", "SimpleRnn: options.Mask must be [3, 4], but got [7]. It is [batch, time].")]
    [InlineData("ResetAfter", "HiddenDropout", "Gru: options.HiddenDropout must be [3, 5], but got [7]. It is [batch, hiddenSize].")]
    [InlineData("Minimal", "HiddenZoneout", "Gru: options.HiddenZoneout must be [3, 4, 5], but got [7]. It is [batch, time, hiddenSize].")]
    [InlineData("UpdateOnly", "CellZoneout", "Gru: options.CellZoneout must be null, but is [7]. Only an LSTM has a cell.")]
    [InlineData("SimpleRnn", "CellZoneout", "SimpleRnn: options.CellZoneout must be null, but is [7]. Only an LSTM has a cell.")]
    public void Options_ThatDoNotFit_ThrowNamingBoth(string kind, string which, string message)
    {
        var wrong = Tensor.Zeros(7);
        var options = which switch
        {
            "Mask" => new RecurrentOptions { Mask = wrong },
            "HiddenDropout" => new RecurrentOptions { HiddenDropout = wrong },
            "HiddenZoneout" => new RecurrentOptions { HiddenZoneout = wrong },
            _ => new RecurrentOptions { CellZoneout = wrong },
        };
        var error = Assert.Throws<ShapeException>(() => Run(kind, Tensor.Zeros(BatchSize, Steps, InputSize), null, Weights(kind), false, options));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void Gru_WeightsOfAnotherForm_ThrowsNamingBoth()
    {
        var error = Assert.Throws<ShapeException>(() => Ops.Gru(Tensor.Zeros(BatchSize, Steps, InputSize), null, Weights("ResetAfter"), GruForm.Minimal));
        Assert.Equal("Gru: weightHh must be [10, 5], but got [15, 5]. It is [2*hiddenSize, hiddenSize].", error.Message);
    }

    [Fact]
    public void Gru_NoSuchForm_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Gru(Tensor.Zeros(BatchSize, Steps, InputSize), null, Weights("ResetAfter"), (GruForm)9));
        Assert.Equal("Gru: form must be ResetAfter, ResetBefore, UpdateOnly or Minimal, but got 9.", error.Message);
    }

    private static Tensor[] Run(string kind, Tensor x, Tensor? hidden, RecurrentWeights weights, bool reverse, RecurrentOptions? options)
    {
        var (y, h) = kind == "SimpleRnn" ? Ops.SimpleRnn(x, hidden, weights, Activation.Tanh, reverse, options) : Ops.Gru(x, hidden, weights, Enum.Parse<GruForm>(kind), reverse, options);
        return [y, h];
    }

    private static RecurrentWeights Weights(string kind)
    {
        var rows = HiddenSize * (kind switch { "SimpleRnn" => 1, "UpdateOnly" or "Minimal" => 2, _ => 3 });
        return new(GradientCheck.Draw(2, rows, InputSize), GradientCheck.Draw(3, rows, HiddenSize), GradientCheck.Draw(4, rows), GradientCheck.Draw(5, rows));
    }

    private static RecurrentOptions All() => new()
    {
        Mask = Tensor.From([1f, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1], BatchSize, Steps),
        HiddenDropout = Choose(8, 0, 1.25f, BatchSize, HiddenSize),
        HiddenZoneout = Choose(9, 0, 1, BatchSize, Steps, HiddenSize),
    };

    private static Tensor Choose(long seed, float one, float other, params int[] shape) =>
        Tensor.From([.. GradientCheck.Draw(seed, shape).ToArray().Select(value => value < 0.2f ? one : other)], shape);
}

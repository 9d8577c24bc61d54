using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Masks, dropout of the recurrent product and zoneout in the LSTM operation.</summary>
public class LstmOptionsTests
{
    private const int BatchSize = 3, Steps = 4, InputSize = 2, HiddenSize = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AllOptions_Gradient_IsTheDifference(bool reverse)
    {
        var weights = Weights();
        Tensor x = GradientCheck.Draw(1, BatchSize, Steps, InputSize), hidden = GradientCheck.Draw(6, BatchSize, HiddenSize), cell = GradientCheck.Draw(7, BatchSize, HiddenSize);
        GradientCheck.Of(() => Three(Ops.Lstm(x, hidden, cell, weights, reverse, All())), x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh!, weights.BiasHh!);
    }

    [Fact]
    public void Mask_AtTheBack_IsTheShorterSequence()
    {
        var weights = Weights();
        var x = GradientCheck.Draw(1, 1, Steps, InputSize);
        var (shorter, h, c) = Ops.Lstm(Tensor.From(x.ToArray().AsSpan(0, 2 * InputSize), 1, 2, InputSize), null, null, weights);
        var (y, hN, cN) = Ops.Lstm(x, null, null, weights, options: new RecurrentOptions { Mask = Tensor.From([1f, 1, 0, 0], 1, Steps) });
        Assert.Equal(shorter.ToArray(), y.ToArray()[..(2 * HiddenSize)]);
        Assert.All(y.ToArray()[(2 * HiddenSize)..], value => Assert.Equal(0, value));
        Assert.Equal(h.ToArray(), hN.ToArray());
        Assert.Equal(c.ToArray(), cN.ToArray());
    }

    [Fact]
    public void Mask_InReverse_StartsAtEachRowsOwnLastStep()
    {
        var weights = Weights();
        var x = GradientCheck.Draw(1, 1, Steps, InputSize);
        var (shorter, h, _) = Ops.Lstm(Tensor.From(x.ToArray().AsSpan(0, 3 * InputSize), 1, 3, InputSize), null, null, weights, reverse: true);
        var (y, hN, _) = Ops.Lstm(x, null, null, weights, reverse: true, new RecurrentOptions { Mask = Tensor.From([1f, 1, 1, 0], 1, Steps) });
        Assert.Equal(shorter.ToArray(), y.ToArray()[..(3 * HiddenSize)]);
        Assert.Equal(h.ToArray(), hN.ToArray());
    }

    [Fact]
    public void Mask_OfZeros_GivesTheStateBack()
    {
        Tensor hidden = GradientCheck.Draw(6, BatchSize, HiddenSize), cell = GradientCheck.Draw(7, BatchSize, HiddenSize);
        var options = All() with { Mask = Tensor.Zeros(BatchSize, Steps) };
        var (y, hN, cN) = Ops.Lstm(GradientCheck.Draw(1, BatchSize, Steps, InputSize), hidden, cell, Weights(), options: options);
        Assert.Equal(hidden.ToArray(), hN.ToArray());
        Assert.Equal(cell.ToArray(), cN.ToArray());
        Assert.All(y.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Zoneout_OfOnes_HoldsTheStateAndShowsIt()
    {
        Tensor hidden = GradientCheck.Draw(6, 1, HiddenSize), cell = GradientCheck.Draw(7, 1, HiddenSize);
        var ones = Tensor.From(Enumerable.Repeat(1f, Steps * HiddenSize).ToArray(), 1, Steps, HiddenSize);
        var (y, _, cN) = Ops.Lstm(GradientCheck.Draw(1, 1, Steps, InputSize), hidden, cell, Weights(), options: new RecurrentOptions { HiddenZoneout = ones, CellZoneout = ones });
        Assert.All(y.ToArray().Chunk(HiddenSize), state => Assert.Equal(hidden.ToArray(), state));
        Assert.Equal(cell.ToArray(), cN.ToArray());
    }

    [Fact]
    public void HiddenDropout_OfZeros_IsAnLstmWithoutRecurrentWeights()
    {
        var (weights, x) = (Weights(), GradientCheck.Draw(1, 1, Steps, InputSize));
        var (without, _, _) = Ops.Lstm(x, null, null, weights with { WeightHh = Tensor.Zeros(4 * HiddenSize, HiddenSize) });
        var (y, _, _) = Ops.Lstm(x, null, null, weights, options: new RecurrentOptions { HiddenDropout = Tensor.Zeros(1, HiddenSize) });
        Assert.Equal(without.ToArray(), y.ToArray());
    }

    [Theory]
    [InlineData("Mask", "Lstm: options.Mask must be [3, 4], but got [7]. It is [batch, time].")]
    [InlineData("HiddenDropout", "Lstm: options.HiddenDropout must be [3, 5], but got [7]. It is [batch, hiddenSize].")]
    [InlineData("HiddenZoneout", "Lstm: options.HiddenZoneout must be [3, 4, 5], but got [7]. It is [batch, time, hiddenSize].")]
    [InlineData("CellZoneout", "Lstm: options.CellZoneout must be [3, 4, 5], but got [7]. It is [batch, time, hiddenSize].")]
    public void Options_OfTheWrongShape_ThrowNamingBoth(string which, string message)
    {
        var wrong = Tensor.Zeros(7);
        var options = which switch
        {
            "Mask" => new RecurrentOptions { Mask = wrong },
            "HiddenDropout" => new RecurrentOptions { HiddenDropout = wrong },
            "HiddenZoneout" => new RecurrentOptions { HiddenZoneout = wrong },
            _ => new RecurrentOptions { CellZoneout = wrong },
        };
        var error = Assert.Throws<ShapeException>(() => Ops.Lstm(Tensor.Zeros(BatchSize, Steps, InputSize), null, null, Weights(), options: options));
        Assert.Equal(message, error.Message);
    }

    private static RecurrentWeights Weights() => new(
        GradientCheck.Draw(2, 4 * HiddenSize, InputSize), GradientCheck.Draw(3, 4 * HiddenSize, HiddenSize), GradientCheck.Draw(4, 4 * HiddenSize), GradientCheck.Draw(5, 4 * HiddenSize));

    private static RecurrentOptions All() => new()
    {
        Mask = Tensor.From([1f, 1, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1], BatchSize, Steps),
        HiddenDropout = Choose(8, 0, 1.25f, BatchSize, HiddenSize),
        HiddenZoneout = Choose(9, 0, 1, BatchSize, Steps, HiddenSize),
        CellZoneout = Choose(10, 0, 1, BatchSize, Steps, HiddenSize),
    };

    private static Tensor Choose(long seed, float one, float other, params int[] shape) =>
        Tensor.From([.. GradientCheck.Draw(seed, shape).ToArray().Select(value => value < 0.2f ? one : other)], shape);

    private static Tensor[] Three((Tensor Output, Tensor Hidden, Tensor Cell) results) => [results.Output, results.Hidden, results.Cell];
}

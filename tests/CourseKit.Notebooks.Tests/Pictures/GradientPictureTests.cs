using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests.Pictures;

/// <summary>Pictures of gradients through time: their numbers are those of the library, and of what is computed by hand.</summary>
public class GradientPictureTests
{
    [Theory]
    [InlineData(3, 2, 1, 3, false)]
    [InlineData(1, 3, 2, 4, false)]
    [InlineData(2, 2, 2, 4, true)]
    [InlineData(1, 1, 1, 1, false)]
    public void BackwardSteps_Gradients_AreThoseOfTheLibrary(int inputs, int hidden, int outputs, int steps, bool relu)
    {
        var (cell, weightHy, biasY, x, targets) = Make(inputs, hidden, outputs, steps, relu);
        var pass = new BackwardPass(cell, weightHy, biasY, x, targets);

        var rnn = new SimpleRnn(inputs, hidden, activation: relu ? Backends.Activation.Relu : Backends.Activation.Tanh);
        var readOut = new Linear(hidden, outputs);
        rnn.WeightIh().CopyFrom(Tensor.From(cell.Weights.WeightIh.ToArray()));
        rnn.WeightHh().CopyFrom(Tensor.From(cell.Weights.WeightHh.ToArray()));
        rnn.BiasIh().CopyFrom(Tensor.From(cell.Weights.BiasIh.ToArray(), hidden));
        rnn.BiasHh().CopyFrom(Tensor.From(cell.Weights.BiasHh.ToArray(), hidden));
        readOut.Weight.CopyFrom(Tensor.From(weightHy.ToArray()));
        readOut.Bias!.CopyFrom(Tensor.From(biasY.ToArray(), outputs));
        var (input, target) = (Tensor.From(Flat(x), 1, steps, inputs), Tensor.From(Flat(targets), 1, steps, outputs));
        input.RequiresGradient = true;
        var loss = Tape.Step(() =>
        {
            var difference = readOut.Forward(rnn.Forward(input).Output) - target;
            var loss = 0.5f * Ops.Sum(difference * difference);
            loss.Backward();
            return loss.ToArray()[0];
        });

        Assert.Equal(loss, pass.Loss, 1e-5);
        Check.Same(Total(pass, time => time.DWeightHh), rnn.WeightHh().Gradient!, tolerance: 1e-5);
        Check.Same(Total(pass, time => time.DWeightIh), rnn.WeightIh().Gradient!, tolerance: 1e-5);
        Check.Same(Total(pass, time => time.DWeightHy), readOut.Weight.Gradient!, tolerance: 1e-5);
        Check.Same(Total(pass, time => time.DSum.ToColumnMatrix()), rnn.BiasIh().Gradient!, tolerance: 1e-5);
        Check.Same(Flat([.. pass.Times.Select(time => time.DInput)]), Flat(input.Gradient!), tolerance: 1e-5);
    }

    [Fact]
    public void BackwardSteps_Moments_FollowTheEquations()
    {
        var (cell, weightHy, biasY, x, targets) = Make(3, 2, 1, 3, relu: false);
        var pass = new BackwardPass(cell, weightHy, biasY, x, targets);
        for (var t = 0; t < 3; t++)
        {
            var time = pass.Times[t];
            Check.Same(time.Sum.PointwiseTanh(), time.Hidden, tolerance: 1e-15);
            Check.Same(time.FromOutput + (time.FromNext ?? pass.Start), time.DHidden, tolerance: 0);
            Check.Same(time.DHidden.PointwiseMultiply(pass.Slope(time)), time.DSum, tolerance: 1e-15);
            if (t < 2)
                Check.Same(cell.Weights.WeightHh.Transpose() * pass.Times[t + 1].DSum, time.FromNext!, tolerance: 1e-15);
        }
    }

    [Fact]
    public void BackwardSteps_Frames_AreTheForwardPassAndFourATimeStep()
    {
        var slider = Backward();
        var fragment = new Fragment(slider);
        fragment.AssertInsideViewBox();
        Assert.Equal(13, fragment.WithClass("ck-frame").Count());
        Assert.Contains("\"forward\",\"∂L/∂y₃\",\"∂L/∂h₃\",\"∂L/∂a₃\",\"∂L/∂W, t=3\",\"∂L/∂y₂\"", System.Text.RegularExpressions.Regex.Unescape(fragment.WithClass("ck-slider").Single().Attribute("data-values")!.Value), StringComparison.Ordinal);
        Assert.StartsWith("Slider \"backward step\": 13 drawings, forward to ∂L/∂W, t=1, ", slider.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void BackwardSteps_AFrame_ShowsItsNumbersAndTheGradientsKnownByThen()
    {
        var (cell, weightHy, biasY, x, targets) = Make(3, 2, 1, 3, relu: false);
        var pass = new BackwardPass(cell, weightHy, biasY, x, targets);
        var frame = new BackwardFrame(pass, 6);
        Assert.Equal((BackwardMove.Hidden, 1), (frame.Move, frame.Time));
        var fragment = new Fragment(frame);
        var shown = fragment.WithClass("ck-back").Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        // y3, h3, a3, x3 and y2, h2: 1 + 2 + 2 + 3 + 1 + 2 gradients.
        Assert.Equal(11, shown.Count);
        Assert.Contains(FormattableString.Invariant($"{pass.Times[1].DHidden[1]:F3}"), shown);
        var words = fragment.WithClass("ck-step").Single().Elements("p").First().Value;
        Assert.StartsWith("∂L/∂h₂ = W_hyᵀ·∂L/∂y₂ + W_hhᵀ·∂L/∂a₃ = (", words, StringComparison.Ordinal);
        Assert.EndsWith(FormattableString.Invariant($" = ({pass.Times[1].DHidden[0]:F3}, {pass.Times[1].DHidden[1]:F3})."), words, StringComparison.Ordinal);
        Assert.Single(fragment.WithClass("ck-box"), box => box.Attribute("class")!.Value.Contains("ck-rev", StringComparison.Ordinal));
        Assert.Equal("∂L/∂W_hh so far", fragment.WithClass("ck-sums").Single().Descendants("strong").First().Value);
        Assert.StartsWith("Backward pass, step 6: ∂L/∂h₂ = ", fragment.Description, StringComparison.Ordinal);
        Assert.Equal("∂L/∂W_hh", new Fragment(new BackwardFrame(pass, 12)).WithClass("ck-sums").Single().Descendants("strong").First().Value);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(1, 3)]
    [InlineData(4, 1)]
    public void BackwardSteps_LargestAndSmallest_StayInsideTheViewBox(int steps, int size)
    {
        var (cell, weightHy, biasY, x, targets) = Make(size, size, size, steps, relu: false);
        new Fragment(Picture.BackwardSteps(cell, weightHy, biasY, x, targets)).AssertInsideViewBox();
    }

    [Fact]
    public void BackwardSteps_LossAtTheEndAlone_SaysSoAtTheOthers()
    {
        var (cell, weightHy, biasY, x, targets) = Make(1, 2, 1, 3, relu: false);
        Vector<double>?[] last = [null, null, targets[2]];
        var pass = new BackwardPass(cell, weightHy, biasY, x, last);
        Assert.Equal([0.0], pass.Times[0].DOutput);
        Assert.NotEqual(0, pass.Times[0].DHidden.L2Norm());
        Assert.Equal("Backward pass, step 5: Time step 2 has no loss of its own: ∂L/∂y₂ = 0.", new BackwardFrame(pass, 5).ToString());
    }

    [Fact]
    public void BackwardSteps_Cell_KeepsItsOwnGradients()
    {
        var (cell, weightHy, biasY, x, targets) = Make(2, 2, 1, 2, relu: false);
        cell.Gradients.BiasHh[0] = 7;
        Picture.BackwardSteps(cell, weightHy, biasY, x, targets);
        Assert.Equal([7, 0], cell.Gradients.BiasHh);
    }

    [Fact]
    public void BackwardSteps_WrongUse_SaysWhichAndTheMend()
    {
        var (cell, weightHy, biasY, x, targets) = Make(2, 2, 1, 2, relu: false);
        void Message(string expected, Func<Drawing> call) => Assert.StartsWith(expected, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
        Message("Picture.BackwardSteps: x must have 1 to 4 time steps, but has 5. Take the first few: every further one goes the same way.",
            () => Picture.BackwardSteps(cell, weightHy, biasY, Enumerable.Repeat(x[0], 5), targets));
        Message("Picture.BackwardSteps: input, state and output may have 3 numbers each, but have 2, 4 and 1. Take a smaller network.",
            () => Picture.BackwardSteps(Make(2, 4, 1, 1, false).Cell, weightHy, biasY, x, targets));
        Message("Picture.BackwardSteps: weightHy must be [outputSize, 2] and biasY [outputSize], but got [2, 1] and [1].",
            () => Picture.BackwardSteps(cell, weightHy.Transpose(), biasY, x, targets));
        Message("Picture.BackwardSteps: targets must be one for each of the 2 time steps, but there are 1. Give null where a time step has no loss.",
            () => Picture.BackwardSteps(cell, weightHy, biasY, x, [targets[0]]));
        Message("Picture.BackwardSteps: a target must have 1 numbers as the output, but one has 2.",
            () => Picture.BackwardSteps(cell, weightHy, biasY, x, [x[0], null]));
        Message("Picture.BackwardSteps: at least one time step must have a target, but none has. Without a loss there is no gradient.",
            () => Picture.BackwardSteps(cell, weightHy, biasY, x, [null, null]));
    }

    [Fact]
    public void SpectralRadius_OfARotation_FollowsTheLawExactly()
    {
        var gains = new GradientGains(1.7 * Rotation(0.3), [0.9, 1.1], 49, input: 0.1, seed: 1);
        for (var k = 0; k <= 49; k++)
        {
            Assert.Equal(1, gains.Linear[0][k] / Math.Pow(0.9, k), 1e-12);
            Assert.Equal(1, gains.Linear[1][k] / Math.Pow(1.1, k), 1e-12);
        }

        Assert.Equal(5.73e-3, gains.Linear[0][49], 5e-6);
        Assert.All(gains.Tanh[0].Zip(gains.Linear[0]), pair => Assert.True(pair.First <= pair.Second));
        Assert.All(gains.Eigenvalues, value => Assert.Equal(1, value.Magnitude, 1e-12));
    }

    [Fact]
    public void SpectralRadius_Frames_ShareTheirAxesAndSayTheLengths()
    {
        var drawing = Picture.SpectralRadius(Rotation(0.3), [0.8, 1, 1.2], steps: 20);
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(3, fragment.WithClass("ck-frame").Count());
        var ticks = fragment.Pictures.Select(picture => string.Join(" ", picture.Descendants().Where(e => e.Attribute("class")?.Value == "ck-tick").Select(e => e.Value))).Distinct();
        Assert.Single(ticks);
        Assert.StartsWith("After 20 time steps a gradient of length 1 has the length 0.0115 (W alone), ", fragment.Notes[0], StringComparison.Ordinal);
        Assert.EndsWith("; ρ^k is 0.0115.", fragment.Notes[0], StringComparison.Ordinal);
        Assert.StartsWith("Slider \"spectral radius\": 3 drawings, 0.8 to 1.2, ", drawing.ToString(), StringComparison.Ordinal);
        var layer = new SimpleRnn(1, 2);
        layer.WeightHh().CopyFrom(Tensor.From(Rotation(0.3).ToArray()));
        Assert.StartsWith("Slider \"spectral radius\": 17 drawings, 0.5 to 1.3, ", Picture.SpectralRadius(layer).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void SpectralRadius_WrongUse_SaysWhichAndTheMend()
    {
        var matrix = Rotation(1);
        void Message(string expected, Func<Drawing> call) => Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
        Message("Picture.SpectralRadius: weightHh must be square, [hiddenSize, hiddenSize], but is [2, 1]. ", () => Picture.SpectralRadius(matrix.SubMatrix(0, 2, 0, 1)));
        Message("Picture.SpectralRadius: every number of weightHh must be finite, but one is not. ", () => Picture.SpectralRadius(double.NaN * matrix));
        Message("Picture.SpectralRadius: each radius must be above 0, but radii[1] is 0.", () => Picture.SpectralRadius(matrix, [1, 0]));
        Message("Picture.SpectralRadius: steps must be from 1 to 200, but got 0.", () => Picture.SpectralRadius(matrix, steps: 0));
        Message("Picture.SpectralRadius: input must be a standard deviation of at least 0, but got -1.", () => Picture.SpectralRadius(matrix, input: -1));
        Message("Picture.SpectralRadius: the spectral radius of weightHh must be above 0, but is 0", () => Picture.SpectralRadius(0 * matrix));
    }

    [Fact]
    public void LossCliff_Descents_AreGradientDescentWithAndWithoutClipping()
    {
        var surface = new LossSurface(Bowl, (-2, 2), (-1, 1), (1.5, 0.5), 0.1, 1, 3) { FirstName = "w", SecondName = "b" };
        var (w, b) = (1.5, 0.5);
        var norm = Math.Sqrt(3 * 3 + 10 * 10);
        Assert.Equal(new LossPoint(w, b, w * w + 10 * b * b, norm), surface.Plain[0]);
        Assert.Equal((w - 0.1 * 3, b - 0.1 * 10), (surface.Plain[1].First, surface.Plain[1].Second));
        Assert.Equal(w - 0.1 * 3 / norm, surface.Clipped[1].First, 1e-12);
        Assert.Equal(b - 0.1 * 10 / norm, surface.Clipped[1].Second, 1e-12);
        // The cell in the upper left corner: the least of the first, the largest of the second parameter.
        Assert.Equal(Bowl(-2 + 2.0 / LossSurface.Columns, 1 - 1.0 / LossSurface.Rows).Loss, surface.Losses[0, 0], 1e-12);
    }

    [Fact]
    public void LossCliff_Frames_SayWhereBothAreAndStayInside()
    {
        var drawing = Picture.LossCliff(Bowl, (-2, 2), (-1, 1), (1.5, 0.5), learningRate: 0.3, clipNorm: 1, updates: 2, firstName: "u", secondName: "v");
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(3, fragment.WithClass("ck-frame").Count());
        Assert.Equal("Without clipping: u 1.5, v 0.5, loss 4.75, length of the gradient 10.4.", fragment.Notes[0]);
        Assert.Equal("Without clipping: u 0.6, v -2.5 (outside the picture), loss 62.9, length of the gradient 50.", fragment.Notes[2]);
        Assert.StartsWith("Slider \"updates\": 3 drawings, 0 to 2, ", drawing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void LossCliff_WrongUse_SaysWhichAndTheMend()
    {
        void Message(string expected, Func<Drawing> call) => Assert.StartsWith(expected, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
        Message("Picture.LossCliff: a range must go from a smaller to a larger number, but they are 1 to 1 and 0 to 1.", () => Picture.LossCliff(Bowl, (1, 1), (0, 1), (1, 0), 0.1, 1));
        Message("Picture.LossCliff: the start must lie inside both ranges, but is (2, 0).", () => Picture.LossCliff(Bowl, (0, 1), (0, 1), (2, 0), 0.1, 1));
        Message("Picture.LossCliff: learningRate and clipNorm must be above 0, but are 0.1 and 0.", () => Picture.LossCliff(Bowl, (0, 1), (0, 1), (1, 0), 0.1, 0));
        Message("Picture.LossCliff: updates must be from 1 to 60, but got 0.", () => Picture.LossCliff(Bowl, (0, 1), (0, 1), (1, 0), 0.1, 1, updates: 0));
        Message("Picture.LossCliff: the loss must be a finite number above 0 somewhere in the picture, but is nowhere.", () => Picture.LossCliff((_, _) => (double.NaN, 0, 0), (0, 1), (0, 1), (1, 0), 0.1, 1));
    }

    /// <summary>A steep valley.</summary>
    internal static (double Loss, double DFirst, double DSecond) Bowl(double w, double b) => (w * w + 10 * b * b, 2 * w, 20 * b);

    internal static Matrix<double> Rotation(double angle) =>
        Matrix<double>.Build.DenseOfArray(new[,] { { Math.Cos(angle), -Math.Sin(angle) }, { Math.Sin(angle), Math.Cos(angle) } });

    internal static Drawing Backward()
    {
        var (cell, weightHy, biasY, x, targets) = Make(3, 2, 1, 3, relu: false);
        return Picture.BackwardSteps(cell, weightHy, biasY, x, targets);
    }

    private static (SimpleRnnCell Cell, Matrix<double> WeightHy, Vector<double> BiasY, Vector<double>[] X, Vector<double>[] Targets) Make(int inputs, int hidden, int outputs, int steps, bool relu)
    {
        var random = new RandomSource(5);
        Vector<double> Draw(int size) => Vector<double>.Build.Dense(size, _ => random.NextNormal());
        var cell = new SimpleRnnCell(CellWeights.Random(inputs, hidden, 1, seed: 5), relu);
        return (cell, Matrix<double>.Build.Dense(outputs, hidden, (_, _) => random.NextNormal()), Draw(outputs), [.. Enumerable.Range(0, steps).Select(_ => Draw(inputs))], [.. Enumerable.Range(0, steps).Select(_ => Draw(outputs))]);
    }

    private static Matrix<double> Total(BackwardPass pass, Func<BackwardTime, Matrix<double>> share) => pass.Times.Select(share).Aggregate((a, b) => a + b);

    private static float[] Flat(IEnumerable<Vector<double>> vectors) => [.. vectors.SelectMany(vector => vector).Select(value => (float)value)];

    private static float[] Flat(Tensor tensor) => tensor.ToArray();
}

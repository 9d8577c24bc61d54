using CourseKit.Backends;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests.Pictures;

public class CellPlayerTests
{
    private static readonly Tensor Day = Tensor.From([1f, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1], 1, 4, 3);
    private static readonly string[] Labels = ["screen", "battery", "screen", "van"];

    [Theory]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Relu)]
    public void Player_OfAModel_ShowsTheModelsOwnNumbers(Activation activation)
    {
        var (rnn, readOut) = (new SimpleRnn(3, 5, activation: activation), new Linear(5, 4));
        var model = new Model(7, rnn, readOut);
        var frames = Frames(Picture.CellPlayer(model, Day, Labels));
        var (states, outputs) = (rnn.Forward(Day).Output, model.Predict(Day));
        for (var t = 0; t < 4; t++)
        {
            var text = frames[4 * t + 3];
            Assert.Contains($"h = {(activation == Activation.Tanh ? "tanh" : "relu")}(sum) = {Numbers(5, k => states[0, t, k])}", text, StringComparison.Ordinal);
            Assert.Contains($"y = {Numbers(4, k => outputs[0, t, k])}", text, StringComparison.Ordinal);
            Assert.Contains($"h before = {Numbers(5, k => t == 0 ? 0 : states[0, t - 1, k])}", text, StringComparison.Ordinal);
            Assert.Contains($"({Labels[t]})", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Player_OfACell_AddsWhatComesFromInputAndState()
    {
        var cell = new SimpleRnnCell(CellWeights.Random(2, 3, gates: 1, seed: 4));
        Vector<double>[] x = [Vector<double>.Build.Dense([1, -2]), Vector<double>.Build.Dense([0.5, 3])];
        var play = new CellPlay(cell, x, readOut: null, labels: null);
        foreach (var (step, expected) in play.Steps.Zip(Sequence.Forward(cell, x)))
        {
            Assert.Equal(expected.Before.Hidden, step.Before);
            Assert.Equal(expected.Hidden, step.Hidden);
            Assert.Equal(step.FromInput + step.FromState, step.Sum);
            Assert.True((step.Sum.PointwiseTanh() - step.Hidden).L2Norm() < 1e-12);
            Assert.Null(step.Output);
        }

        Assert.True(play.IsTanh);
        new Fragment(Picture.CellPlayer(cell, x)).AssertInsideViewBox();
    }

    [Fact]
    public void Player_Moments_ShowOnlyWhatIsComputed()
    {
        var frames = Frames(Picture.CellPlayer(new Model(1, new SimpleRnn(3, 2), new Linear(2, 1)), Day));
        Assert.Equal(16, frames.Count);
        Assert.DoesNotContain("W·x", frames[0], StringComparison.Ordinal);
        Assert.DoesNotContain("sum =", frames[1], StringComparison.Ordinal);
        Assert.DoesNotContain("y =", frames[2], StringComparison.Ordinal);
        Assert.Contains("y =", frames[3], StringComparison.Ordinal);
        Assert.StartsWith("Recurrent cell, time step 2 of 4, read: x = [0.00, 1.00, 0.00]", frames[4], StringComparison.Ordinal);
    }

    [Fact]
    public void Player_Figure_HasButtonsAndStartsWithTheFirstStepDone()
    {
        var fragment = new Fragment(Picture.CellPlayer(new Model(1, new SimpleRnn(3, 5), new Linear(5, 4)), Day, Labels));
        fragment.AssertInsideViewBox();
        Assert.Equal(["◀ back", "play", "next ▶"], fragment.Root.Descendants("button").Select(button => button.Value));
        Assert.Equal("Time step 1 of 4: give out", fragment.WithClass("ck-first").Single().Descendants().First(e => e.Attribute("class")?.Value == "ck-title").Value);
        Assert.Equal("1 give out", fragment.Root.Descendants("output").Single().Value);
    }

    [Fact]
    public void Player_LongVectorsAndSequences_AreShortened()
    {
        var x = Tensor.Zeros(14, 9);
        var notes = new Fragment(Picture.CellPlayer(new Model(1, new SimpleRnn(9, 8)), x)).Notes;
        Assert.Subset(notes.ToHashSet(), new HashSet<string> { "The first 6 of 9 numbers of x are shown.", "The first 6 of 8 numbers of h are shown.", "The first 12 of 14 time steps are shown." });
    }

    [Fact]
    public void Player_WrongUse_SaysWhichAndTheMend()
    {
        var model = new Model(1, new SimpleRnn(3, 5), new Linear(5, 4));
        Message<ArgumentException>("Picture.CellPlayer: the model must be a SimpleRnn of one layer and one direction, and after it at most a Linear, but is Gru(", () => Picture.CellPlayer(new Model(1, new Gru(3, 5)), Day));
        Message<ArgumentException>("Picture.CellPlayer: the model must be a SimpleRnn of one layer", () => Picture.CellPlayer(new Model(1, new SimpleRnn(3, 5, layers: 2)), Day));
        Message<ShapeException>("Picture.CellPlayer: x must be one sequence, [1, time, 3], but got [2, 4, 3].", () => Picture.CellPlayer(model, Tensor.Zeros(2, 4, 3)));
        Message<ArgumentException>("Picture.CellPlayer: labels must be one for every time step, but got 1 labels and 4 time steps.", () => Picture.CellPlayer(model, Day, ["a"]));
    }

    private static List<string> Frames(Drawing player) =>
        [.. new Fragment(player).Pictures.Select(picture => picture.Elements().First(e => e.Name.LocalName == "desc").Value)];

    private static string Numbers(int count, Func<int, double> value) => $"[{string.Join(", ", Enumerable.Range(0, count).Select(k => CellPlayerDrawing.Number(value(k))))}]";

    private static void Message<TException>(string expected, Func<Drawing> drawing)
        where TException : Exception =>
        Assert.StartsWith(expected, Assert.Throws<TException>(drawing).Message, StringComparison.Ordinal);
}

using System.Globalization;
using CourseKit.Textbook;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests.Pictures;

/// <summary>Pictures of one gated cell show the numbers that the cell really has, and leave it as it was.</summary>
public class CellPictureTests
{
    private static readonly double[] Wave = [1, -0.5, 0.8, -1, 0.3, 1.2];

    [Fact]
    public void LstmCell_Numbers_AreThoseOfTheStep()
    {
        var steps = Sequence.Forward(new LstmCell(CellWeights.Random(3, 4, 4, seed: 5)), OneHots(0, 1, 1, 2));
        var step = (LstmStep)steps[2];
        for (var neuron = 0; neuron < 4; neuron++)
        {
            var drawing = Assert.IsType<LstmCellDrawing>(Picture.LstmCell(step, neuron));
            Assert.Equal(step.Before.Cell![neuron], drawing.Numbers["c before"]);
            Assert.Equal(step.After.Cell![neuron], drawing.Numbers["c"]);
            Assert.Equal(drawing.Numbers["c"], drawing.Numbers["f∘c"] + drawing.Numbers["i∘g"], 12);
            Assert.Equal(step.Hidden[neuron], drawing.Numbers["o"] * drawing.Numbers["tanh c"], 12);
            var fragment = new Fragment(drawing);
            fragment.AssertInsideViewBox();
            Assert.Contains($"f {step.F[neuron].ToString("F2", CultureInfo.InvariantCulture)}", fragment.Texts);
            Assert.Contains($"h₁ {step.Hidden[neuron].ToString("F2", CultureInfo.InvariantCulture)}", fragment.Texts);
            Assert.Equal(8, fragment.Hover.GetProperty("boxes").GetArrayLength());
        }
    }

    [Theory]
    [InlineData(LstmStage.All, 0, 0)]
    [InlineData(LstmStage.Forget, 1, 3)]
    [InlineData(LstmStage.Store, 1, 3)]
    [InlineData(LstmStage.Update, 1, 3)]
    [InlineData(LstmStage.Output, 1, 3)]
    public void LstmCell_Stage_IsShownStronglyAndTheOthersWeakly(LstmStage stage, int lit, int dim)
    {
        var step = (LstmStep)Sequence.Forward(new LstmCell(CellWeights.Random(2, 1, 4, seed: 1)), [Vector(1, 0)])[0];
        var fragment = new Fragment(Picture.LstmCell(step, stage: stage));
        Assert.Equal((lit, dim), (fragment.WithClass("ck-lit").Count(), fragment.WithClass("ck-dim").Count()));
        Assert.Equal(stage != LstmStage.All, Picture.LstmCell(step, stage: stage).ToString().Contains("stage ", StringComparison.Ordinal));
        Assert.Empty(fragment.Notes);
    }

    [Fact]
    public void LstmCell_OfSteps_IsASliderWithOneFrameForEach()
    {
        var steps = Sequence.Forward(new LstmCell(CellWeights.Random(3, 2, 4, seed: 5)), OneHots(0, 1, 2));
        var fragment = new Fragment(Picture.LstmCell(steps, neuron: 1));
        Assert.Equal(3, fragment.WithClass("ck-frame").Count());
        Assert.Equal("The numbers are those of neuron 1 of 2; the gates read h of all of them.", fragment.Notes[0]);
    }

    [Fact]
    public void LstmCell_WrongUse_SaysWhichAndTheMend()
    {
        var gru = Sequence.Forward(new GruCell(CellWeights.Random(1, 2, 3, seed: 1)), [Vector(1)]);
        var lstm = Sequence.Forward(new LstmCell(CellWeights.Random(1, 2, 4, seed: 1)), [Vector(1)]);
        Assert.StartsWith("Picture.LstmCell: every step must be an LstmStep, but one is a GruStep. Give the steps of an LstmCell.", Assert.Throws<ArgumentException>(() => Picture.LstmCell(gru)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.LstmCell: neuron must be 0 to 1, as the cell has 2, but got 2.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.LstmCell(lstm, 2)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.LstmCell: stage must be one of All, Forget, Store, Update, Output, but got 9.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.LstmCell((LstmStep)lstm[0], 0, (LstmStage)9)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Switches_EachPosition_MakesOfTheCellWhatItIsCalled()
    {
        var weights = CellWeights.Random(1, 3, 4, seed: 4);
        var (cell, before) = (new LstmCell(weights), weights.WeightHh.Clone());
        var start = new CellState(Vector(0.1, -0.2, 0.3), Vector(0.5, 0.8, -0.4));
        var frames = Frames(Picture.Switches(cell, Wave.Select(x => Vector(x)), start, neuron: 1));
        Assert.Equal(["as it is", "output OFF", "output ON", "memory: reset", "memory: keep", "memory: write"], frames.Keys);

        var free = Sequence.Forward(cell, Wave.Select(x => Vector(x)), start).Cast<LstmStep>().ToArray();
        Assert.Equal(free.Select(step => Two(step.After.Cell![1])), frames["as it is"]["c"]);
        Assert.All(frames["output OFF"]["h"], h => Assert.Equal("0.00", h));
        Assert.All(frames["output ON"]["o"], o => Assert.Equal("1.00", o));
        Assert.All(frames["memory: reset"]["c"], c => Assert.Equal("0.00", c));
        Assert.All(frames["memory: keep"]["c"], c => Assert.Equal("0.80", c));
        Assert.Equal(frames["memory: write"]["g"], frames["memory: write"]["c"]);
        Assert.Equal(before, weights.WeightHh);
        Assert.Equal(free.Select(step => step.Hidden), Sequence.Forward(cell, Wave.Select(x => Vector(x)), start).Select(step => step.Hidden));
    }

    [Fact]
    public void Switches_Bias_IsHowFarTheyAreSaturated()
    {
        var cell = new LstmCell(CellWeights.Zeros(1, 1, 4));
        var keep = Frames(Picture.Switches(cell, [Vector(1), Vector(1)], new(Vector(0), Vector(0.5)), bias: 1))["memory: keep"];
        Assert.Equal([Two(SpecialFunctions.Logistic(1)), Two(SpecialFunctions.Logistic(1))], keep["f"]);
        Assert.Equal(Two(0.5 * Math.Pow(SpecialFunctions.Logistic(1), 2)), keep["c"][1]);
    }

    [Fact]
    public void Switches_Figures_AreInsideTheirBoxes()
    {
        var cell = new LstmCell(CellWeights.Random(2, 1, 4, seed: 4));
        var fragment = new Fragment(Picture.Switches(cell, Enumerable.Range(0, 20).Select(t => Vector(t, 1))));
        fragment.AssertInsideViewBox();
        Assert.DoesNotContain("x input", fragment.Texts);
    }

    [Fact]
    public void Switches_WrongUse_SaysWhichAndTheMend()
    {
        var cell = new LstmCell(CellWeights.Zeros(1, 2, 4));
        Assert.StartsWith("Picture.Switches: x must have 1 to 40 inputs, one a time step, but has 0. Give at least one.", Assert.Throws<ArgumentException>(() => Picture.Switches(cell, [])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Switches: x must have 1 to 40 inputs, one a time step, but has 41. Take the first of them.", Assert.Throws<ArgumentException>(() => Picture.Switches(cell, Enumerable.Repeat(Vector(1), 41))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Switches: neuron must be 0 to 1, as the cell has 2, but got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Switches(cell, [Vector(1)], neuron: -1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Switches: bias must be above 0, but got 0. 20 saturates a sigmoid.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Switches(cell, [Vector(1)], bias: 0)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void ForgetBias_OfACellThatReadsNothing_MeasuresSigmaToTheK(double bias)
    {
        var measured = CellMemory.Measure(new LstmCell(CellWeights.Zeros(2, 3, 4)), [.. Enumerable.Repeat(Vector(1, -1), 12)], bias);
        for (var k = 1; k <= 12; k++)
            Assert.Equal(Math.Pow(SpecialFunctions.Logistic(bias), k), measured[k - 1], 12);
    }

    [Fact]
    public void ForgetBias_OfAnyCell_MeasuresWhatDifferenceQuotientsGive()
    {
        var weights = CellWeights.Random(2, 3, 4, seed: 9);
        var cell = new LstmCell(weights);
        Vector<double>[] x = [Vector(1, 0), Vector(-1, 2), Vector(0.5, 0.5), Vector(0, -1)];
        var before = weights.BiasIh.Clone();
        cell.Gradients.BiasIh[0] = 7;
        var measured = CellMemory.Measure(cell, x, bias: 2);
        Assert.Equal(before, weights.BiasIh);
        Assert.Equal(7, cell.Gradients.BiasIh[0]);

        for (var k = 3; k < 6; k++)
            (weights.BiasIh[k], weights.BiasHh[k]) = (2, 0);
        var sum = 0.0;
        const double Move = 1e-6;
        for (var j = 0; j < 3; j++)
        {
            Vector<double> After(double move) => Sequence.Forward(cell, x, new(Vector(0, 0, 0), Vector<double>.Build.Dense(3, k => k == j ? move : 0)))[^1].After.Cell!;
            sum += ((After(Move) - After(-Move)) / (2 * Move)).PointwisePower(2).Sum();
        }

        Assert.Equal(Math.Sqrt(sum / 3), measured[^1], 7);
    }

    [Fact]
    public void ForgetBias_Figure_EndsTheLinesWhereTheAxisEnds()
    {
        var cell = new LstmCell(CellWeights.Random(1, 4, 4, seed: 3));
        var fragment = new Fragment(Picture.ForgetBias(cell, Enumerable.Range(0, 60).Select(t => Vector(t % 3)), [0, 3]));
        fragment.AssertInsideViewBox();
        Assert.Equal(["Forget bias 0: 0.5 of the cell is kept in a step", "Forget bias 3: 0.9526 of the cell is kept in a step"], fragment.WithClass("ck-title").Select(title => title.Value));
        Assert.Contains("half after 14.3", fragment.Texts);
        Assert.Equal(14.27, new ForgetBiasDrawing(3, [1], 1).HalfLife, 2);
        Assert.Equal("Line chart: what is left of a cell after 1 to 2 time steps at forget bias 0; σ(b)^k falls to 0.25, the measured derivative to 0.3; half is left after 1 steps.", new ForgetBiasDrawing(0, [0.5, 0.3], 1).ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blend_EachPlace_LiesBetweenOldStateAndCandidate(bool resetAfter)
    {
        var weights = CellWeights.Random(1, 2, 3, seed: 6);
        var (cell, before) = (new GruCell(weights, resetAfter), weights.WeightIh.Clone());
        var start = new CellState(Vector(0.9, -0.5));
        var free = Sequence.Forward(cell, Wave.Select(x => Vector(x)), start).Cast<GruStep>().ToArray();
        var asIs = new BlendDrawing("as it is", free, 1, 1);
        for (var t = 0; t < Wave.Length; t++)
            Assert.Equal((1 - asIs.Update[t]) * asIs.Candidate[t] + asIs.Update[t] * (t == 0 ? asIs.Start : asIs.Hidden[t - 1]), asIs.Hidden[t], 12);

        var slider = Picture.Blend(cell, Wave.Select(x => Vector(x)), start, neuron: 1, updates: [0, 0.5, 1]);
        var texts = new Fragment(slider).Root.Descendants().Where(e => e.Name.LocalName == "desc").Select(e => e.Value).ToArray();
        Assert.Equal(4, texts.Length);
        Assert.Equal(asIs.ToString(), texts[0]);
        Assert.Contains("z is 0.00,", texts[1], StringComparison.Ordinal);
        Assert.Contains("z is 0.50,", texts[2], StringComparison.Ordinal);
        Assert.EndsWith("the state goes from -0.50 to -0.50.", texts[3], StringComparison.Ordinal);
        Assert.Equal(before, weights.WeightIh);
        new Fragment(slider).AssertInsideViewBox();
    }

    [Fact]
    public void Blend_WrongUse_SaysWhichAndTheMend()
    {
        var cell = new GruCell(CellWeights.Zeros(1, 2, 3));
        Assert.StartsWith("Picture.Blend: updates must be from 0 to 1, but one is 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Blend(cell, [Vector(1)], updates: [0.5, 1.5])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Blend: neuron must be 0 to 1, as the cell has 2, but got 2.", Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Blend(cell, [Vector(1)], neuron: 2)).Message, StringComparison.Ordinal);
    }

    // By setting and row, the texts in the cells.
    private static Dictionary<string, Dictionary<string, string[]>> Frames(Drawing slider) =>
        new Fragment(slider).WithClass("ck-frame").ToDictionary(
            frame => frame.Descendants("div").First(e => e.Attribute("class")?.Value == "ck-title").Value["Switches: ".Length..],
            frame =>
            {
                var texts = frame.Descendants().Where(e => e.Name.LocalName == "text").Select(e => (Text: e.Value, IsCell: e.Attribute("style") is not null)).ToList();
                var rows = new Dictionary<string, string[]>();
                for (var k = 0; k + 1 < texts.Count; k++)
                    if (!texts[k].IsCell && texts[k + 1].IsCell)
                        rows[texts[k].Text[..1]] = [.. texts.Skip(k + 1).TakeWhile(text => text.IsCell).Select(text => text.Text)];
                return rows;
            });

    private static string Two(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static Vector<double> Vector(params double[] values) => Vector<double>.Build.Dense(values);

    private static IEnumerable<Vector<double>> OneHots(params int[] ids) => ids.Select(id => Vector<double>.Build.Dense(3, k => k == id ? 1 : 0));
}

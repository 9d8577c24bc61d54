using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Tensors;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

public class CtcDecoderTests
{
    [Fact]
    public void BestPath_RepeatsAndBlanks_AreMergedAndTakenOut()
    {
        var logits = Peaks(4, [1, 1, 0, 1, 2, 2, 3, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0], [3, 3, 3, 2, 0, 2, 1, 1, 1]);
        var read = CtcDecoder.BestPath(logits);
        Assert.Equal([1, 1, 2, 3], read[0].Labels);
        Assert.Empty(read[1].Labels);
        Assert.Equal([3, 2, 2, 1], read[2].Labels);
        Assert.Equal(9 * Math.Log(Math.Exp(5) / (Math.Exp(5) + 3)), read[0].LogProbability, 1e-5);
    }

    [Fact]
    public void BestPath_LengthsAndBlankLast_ReadOnlyThose()
    {
        var read = CtcDecoder.BestPath(Peaks(3, [0, 2, 1, 1], [1, 1, 0, 2]), IntTensor.From([2, 0]), blank: 2);
        Assert.Equal([0], read[0].Labels);
        Assert.Empty(read[1].Labels);
        Assert.Equal(0, read[1].LogProbability);
    }

    /// <summary>Two thirds of the paths read 1, though the likeliest single path is all blank (Graves, 2006, gives such an example).</summary>
    [Fact]
    public void BeamSearch_ManyWeakPaths_BeatTheOneStrongPath()
    {
        var logits = Tensor.From([MathF.Log(0.6f), MathF.Log(0.4f), MathF.Log(0.6f), MathF.Log(0.4f)], 1, 2, 2);
        Assert.Empty(CtcDecoder.BestPath(logits)[0].Labels);
        var read = CtcDecoder.BeamSearch(logits)[0];
        Assert.Equal([1], read[0].Labels);
        Assert.Equal(Math.Log(0.64), read[0].LogProbability, 1e-6);
        Assert.Equal(Math.Log(0.36), read[1].LogProbability, 1e-6);
    }

    [Fact]
    public void BeamSearch_WideBeam_GivesEveryReadingItsTrueProbability()
    {
        var logits = GradientCheck.Draw(6, 2, 5, 3);
        foreach (var (readings, row) in CtcDecoder.BeamSearch(logits, beamWidth: 1000).Select((readings, row) => (readings, row)))
        {
            Assert.Equal(1, readings.Sum(reading => Math.Exp(reading.LogProbability)), 1e-9);
            Assert.Equal(readings.OrderByDescending(reading => reading.LogProbability), readings);
            var one = Tensor.From(logits.ToArray().AsSpan(row * 15, 15), 1, 5, 3);
            foreach (var (labels, logProbability) in readings)
                Assert.Equal(-logProbability, Loss.Ctc(one, IntTensor.From([.. labels], 1, labels.Count), reduction: LossReduction.Sum).Item(), 1e-5);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void BeamSearch_ManyClasses_FindsWhatAPlainSearchOverAllClassesFinds(int beamWidth)
    {
        var values = new float[12 * 40];
        new RandomSource(beamWidth).FillNormal(values, deviation: 2);
        var found = CtcDecoder.BeamSearch(Tensor.From(values, 1, 12, 40), beamWidth)[0];
        var plain = Plain(Ops.Softmax(Tensor.From(values, 12, 40)), beamWidth);
        Assert.Equal(plain.Select(reading => string.Join(' ', reading.Labels)), found.Select(reading => string.Join(' ', reading.Labels)));
        Assert.All(plain.Zip(found), pair => Assert.Equal(Math.Log(pair.First.P), pair.Second.LogProbability, 1e-4));
    }

    [Fact]
    public void BeamSearch_Mistakes_ThrowNamingThem()
    {
        var logits = Tensor.Zeros(2, 3, 4);
        Assert.StartsWith("CtcDecoder.BeamSearch: beamWidth must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => CtcDecoder.BeamSearch(logits, 0)).Message);
        Assert.StartsWith("CtcDecoder.BestPath: blank must be a class of logits, 0..3, but got 4.", Assert.Throws<ArgumentOutOfRangeException>(() => CtcDecoder.BestPath(logits, blank: 4)).Message);
        Assert.StartsWith("CtcDecoder.BestPath: lengths[1] must be in 0..3, but is 4.", Assert.Throws<ArgumentOutOfRangeException>(() => CtcDecoder.BestPath(logits, IntTensor.From([3, 4]))).Message);
        Assert.Equal("CtcDecoder.BestPath: logits must be [batch, time, classes], but got [3, 4].", Assert.Throws<ShapeException>(() => CtcDecoder.BestPath(Tensor.Zeros(3, 4))).Message);
    }

    // The textbook's search: every beginning goes on with every class, in probabilities.
    private static List<(int[] Labels, double P)> Plain(Tensor probabilities, int beamWidth)
    {
        var (steps, classes) = probabilities.Shape.AsMatrix();
        var beam = new Dictionary<string, (double Blank, double Label)> { [""] = (1, 0) };
        for (var t = 0; t < steps; t++)
        {
            var next = new Dictionary<string, (double Blank, double Label)>();
            void Add(string labels, double blank, double label)
            {
                var (b, l) = next.GetValueOrDefault(labels);
                next[labels] = (b + blank, l + label);
            }

            foreach (var (labels, (blank, label)) in beam)
            {
                Add(labels, (blank + label) * probabilities[t, 0], 0);
                for (var v = 1; v < classes; v++)
                {
                    var last = labels.Length > 0 && labels[^1] == (char)v;
                    if (last)
                        Add(labels, 0, label * probabilities[t, v]);
                    Add(labels + (char)v, 0, (last ? blank : blank + label) * probabilities[t, v]);
                }
            }
            beam = next.OrderByDescending(pair => pair.Value.Blank + pair.Value.Label).Take(beamWidth).ToDictionary();
        }
        return [.. beam.OrderByDescending(pair => pair.Value.Blank + pair.Value.Label).Select(pair => (pair.Key.Select(c => (int)c).ToArray(), pair.Value.Blank + pair.Value.Label))];
    }

    // 5 at the class named, 0 elsewhere.
    private static Tensor Peaks(int classes, params int[][] rows)
    {
        var logits = Tensor.Zeros(rows.Length, rows[0].Length, classes);
        for (var row = 0; row < rows.Length; row++)
            for (var t = 0; t < rows[row].Length; t++)
                logits[row, t, rows[row][t]] = 5;
        return logits;
    }
}

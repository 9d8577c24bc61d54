using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Backends.Reference;
using CourseKit.Losses;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;
using GradientCheck = CourseKit.Tests.Autograd.GradientCheck;

namespace CourseKit.Tests.Losses;

public class CtcTests
{
    // Rows of 12, 12, 7 and 12 time steps; 4, 1, 3 (one repeat) and 0 labels.
    private static readonly IntTensor Targets = IntTensor.From(new[,] { { 1, 2, 2, 4 }, { 3, 0, 0, 0 }, { 4, 4, 1, 9 }, { 0, 0, 0, 0 } });
    private static readonly IntTensor Times = IntTensor.From([12, 12, 7, 12]);
    private static readonly IntTensor Counts = IntTensor.From([4, 1, 3, 0]);

    [Fact]
    public void Ctc_AgainstPyTorch_Agrees()
    {
        var golden = Fixture.Load("ctc");
        var logits = golden.Tensor("logits").SwapFirstTwo().ToTensor(requiresGradient: true);
        var targets = IntTensor.From([.. golden.Ints("targets", 0), .. golden.Ints("targets", 1)], 2, 3);
        var (times, counts) = (IntTensor.From(golden.Ints("input_lengths")), IntTensor.From(golden.Ints("target_lengths")));
        Tape.Step(() =>
        {
            var losses = Loss.Ctc(logits, targets, times, counts, golden.Int("blank"), LossReduction.None);
            Close.To(golden.Tensor("loss"), losses, "loss");
            losses.Sum().Backward();
        });
        Close.To(golden.Tensor("grad_logits_of_sum").SwapFirstTwo(), logits.Gradient, "gradient");
    }

    [Fact]
    public void Ctc_Gradient_IsTheDifference()
    {
        var logits = GradientCheck.Draw(1, 4, 12, 5);
        GradientCheck.Of(() => Loss.Ctc(logits, Targets, Times, Counts), logits);
        GradientCheck.Of(() => Loss.Ctc(logits, Targets, Times, Counts, reduction: LossReduction.None), logits);
    }

    [Theory]
    [InlineData(LossReduction.Mean)]
    [InlineData(LossReduction.Sum)]
    [InlineData(LossReduction.None)]
    public void Ctc_OddShapesAndThreads_AgreesWithFloat64(LossReduction reduction)
    {
        var random = new RandomSource(4);
        foreach (var (batchSize, steps, classes, labels) in new[] { (1, 1, 2, 1), (1, 1, 3, 0), (3, 9, 5, 4), (5, 40, 33, 11), (2, 130, 7, 60) })
        {
            var values = new float[batchSize * steps * classes];
            random.FillNormal(values, deviation: 3);
            var targets = IntTensor.From([.. Enumerable.Range(0, batchSize * labels).Select(_ => 1 + random.NextInt(classes - 1))], batchSize, labels);
            var times = IntTensor.From([.. Enumerable.Range(0, batchSize).Select(row => Math.Max(1, steps - row))]);
            var (expected, expectedGradient) = Run(new Float64Backend());
            foreach (var threads in new[] { 1, 3 })
            {
                var (loss, gradient) = Run(new CpuBackend(threads));
                for (var i = 0; i < loss.Length; i++)
                    Assert.Equal(expected[i], loss[i], 1e-5 * Math.Max(1, Math.Abs(expected[i])));
                for (var i = 0; i < gradient.Length; i++)
                    Assert.Equal(expectedGradient[i], gradient[i], 1e-5);
            }

            (float[] Loss, float[] Gradient) Run(IBackend backend)
            {
                var logits = Tensor.MakeOn(backend, () => Tensor.From(values, batchSize, steps, classes));
                logits.RequiresGradient = true;
                return Tape.Step(() =>
                {
                    var loss = Loss.Ctc(logits, targets, times, reduction: reduction, zeroInfinity: true);
                    loss.Sum().Backward();
                    return (loss.ToArray(), logits.Gradient!.ToArray());
                });
            }
        }
    }

    /// <summary>The definition itself: over all paths, merge repeats, take blanks out, and add up those that leave the labels.</summary>
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 1, 1 })]
    [InlineData(new[] { 2, 1, 2 })]
    public void Ctc_FewStepsAndClasses_IsTheSumOverAllPaths(int[] labels)
    {
        const int Steps = 5, Classes = 3;
        var logits = GradientCheck.Draw(8, 1, Steps, Classes);
        var probabilities = Ops.Softmax(logits).ToArray();
        var sum = 0.0;
        for (var path = 0; path < Math.Pow(Classes, Steps); path++)
        {
            var choices = Enumerable.Range(0, Steps).Select(t => path / (int)Math.Pow(Classes, t) % Classes).ToArray();
            var left = choices.Where((choice, t) => choice != 0 && (t == 0 || choices[t - 1] != choice));
            if (left.SequenceEqual(labels))
                sum += choices.Select((choice, t) => (double)probabilities[t * Classes + choice]).Aggregate(1.0, (a, b) => a * b);
        }

        Assert.Equal(-Math.Log(sum), Loss.Ctc(logits, IntTensor.From(labels, 1, labels.Length), reduction: LossReduction.Sum).Item(), 1e-5);
    }

    [Fact]
    public void Ctc_Reductions_AreMeanOverLabelsThenRowsSumAndApart()
    {
        var logits = GradientCheck.Draw(2, 4, 12, 5);
        var each = Loss.Ctc(logits, Targets, Times, Counts, reduction: LossReduction.None);
        Assert.Equal(new Shape(4), each.Shape);
        var losses = each.ToArray();
        Assert.Equal(losses.Sum(), Loss.Ctc(logits, Targets, Times, Counts, reduction: LossReduction.Sum).Item(), 1e-5);
        Assert.Equal((losses[0] / 4 + losses[1] + losses[2] / 3 + losses[3]) / 4, Loss.Ctc(logits, Targets, Times, Counts).Item(), 1e-5);
    }

    [Fact]
    public void Ctc_PaddingAndRowOrder_ChangeNothing()
    {
        var logits = GradientCheck.Draw(3, 4, 12, 5);
        var losses = Loss.Ctc(logits, Targets, Times, Counts, reduction: LossReduction.None).ToArray();
        for (var row = 0; row < 4; row++)
        {
            var (time, count) = (Times[row], Counts[row]);
            var alone = Tensor.From(logits.ToArray().AsSpan(row * 60, time * 5), 1, time, 5);
            var label = IntTensor.From(Targets.Values.Slice(row * 4, count), 1, count);
            Assert.Equal(losses[row], Loss.Ctc(alone, label, reduction: LossReduction.Sum).Item());
        }
    }

    [Fact]
    public void Ctc_BlankLast_AgreesWithBlankFirst()
    {
        var first = GradientCheck.Draw(5, 2, 8, 4);
        int[] order = [1, 2, 3, 0];
        var last = Tensor.From([.. first.ToArray().Chunk(4).SelectMany(row => order.Select(v => row[v]))], 2, 8, 4);
        var labels = new[,] { { 1, 2, 3 }, { 3, 3, 1 } };
        var moved = new[,] { { 0, 1, 2 }, { 2, 2, 0 } };
        Assert.Equal(Loss.Ctc(first, IntTensor.From(labels)).Item(), Loss.Ctc(last, IntTensor.From(moved), blank: 3).Item(), 1e-6);
    }

    [Fact]
    public void Ctc_LongSequenceAndHugeLogits_StaysFinite()
    {
        var values = new float[2 * 3000 * 4];
        new RandomSource(1).FillNormal(values, deviation: 300);
        var logits = Tensor.From(values, 2, 3000, 4);
        logits.RequiresGradient = true;
        var labels = IntTensor.From([.. Enumerable.Range(0, 2 * 500).Select(i => 1 + i % 3)], 2, 500);
        Tape.Step(() =>
        {
            var loss = Loss.Ctc(logits, labels);
            Assert.True(float.IsFinite(loss.Item()), $"The loss is {loss.Item()}.");
            loss.Backward();
            Assert.All(logits.Gradient!.ToArray(), number => Assert.InRange(number, -1f, 1f));
        });
    }

    [Fact]
    public void Ctc_TooFewSteps_ThrowsOrGivesNoLoss()
    {
        var logits = GradientCheck.Draw(1, 2, 3, 4);
        var targets = IntTensor.From(new[,] { { 1, 2, 3 }, { 1, 1, 2 } });
        var error = Assert.Throws<ArgumentException>(() => Loss.Ctc(logits, targets));
        Assert.Equal("Ctc: row 1 has 3 time steps, but its 3 labels need at least 4: one each, and one more between two equal ones. "
            + "Give longer inputs, leave the row out, or pass zeroInfinity: true, which gives it no loss.", error.Message);

        Tape.Step(() =>
        {
            var losses = Loss.Ctc(logits, targets, reduction: LossReduction.None, zeroInfinity: true);
            Assert.True(losses[0] > 0);
            Assert.Equal(0, losses[1]);
            losses.Sum().Backward();
            Assert.All(logits.Gradient!.ToArray()[12..], number => Assert.Equal(0, number));
        });
    }

    [Theory]
    [InlineData(false, float.PositiveInfinity)]
    [InlineData(true, 0)]
    public void Ctc_LogitsRuleTheLabelOut_IsInfiniteOrZeroWithoutGradient(bool zeroInfinity, float expected)
    {
        var logits = Tensor.From([0f, float.NegativeInfinity, 1, 0, float.NegativeInfinity, 1], 1, 2, 3);
        logits.RequiresGradient = true;
        Tape.Step(() =>
        {
            var loss = Loss.Ctc(logits, IntTensor.From(new[,] { { 1 } }), zeroInfinity: zeroInfinity);
            Assert.Equal(expected, loss.Item());
            loss.Backward();
        });
        Assert.All(logits.Gradient!.ToArray(), number => Assert.Equal(0, number));
    }

    public static TheoryData<Func<Tensor>, string> Mistakes => new()
    {
        { () => Loss.Ctc(Tensor.Zeros(2, 3), IntTensor.From(new[,] { { 1 } })), "Ctc: logits must be [batch, time, classes], but got [2, 3]." },
        { () => Loss.Ctc(Tensor.Zeros(2, 3, 4), IntTensor.From([1, 2])), "Ctc: targets must be [2, labels], but got [2]. There is one row of labels for each row of logits, [2, 3, 4]." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1 } }), IntTensor.From([1, 1])), "Ctc: inputLengths must be [1], but got [2]. There is one length for each row of logits." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1 } }), IntTensor.From([4])), "Ctc: inputLengths[0] must be in 0..3, but is 4." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1 } }), null, IntTensor.From([-1])), "Ctc: targetLengths[0] must be in 0..1, but is -1." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1, 4 } })), "Ctc: targets[0, 1] = 4, but logits have 4 classes (0..3)." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1, 0 } })), "Ctc: targets[0, 1] = 0 is the blank, which is no label. Leave it out, or give another blank." },
        { () => Loss.Ctc(Tensor.Zeros(1, 3, 4), IntTensor.From(new[,] { { 1 } }), blank: 4), "Ctc: blank must be a class of logits, 0..3, but got 4." },
        { () => Loss.Ctc(Tensor.Zeros(0, 3, 4), IntTensor.From([], 0, 1)), "Ctc: logits must have at least one row and one class, but got [0, 3, 4]." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Ctc_Mistake_ThrowsNamingIt(Func<Tensor> call, string message) => Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(call).Message);
}

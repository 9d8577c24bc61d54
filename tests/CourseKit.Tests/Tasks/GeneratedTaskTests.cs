using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tasks;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Tasks;

public class GeneratedTaskTests
{
    public static TheoryData<GeneratedTask, string> All => new()
    {
        { new AddingProblem(20), "AddingProblem of 20 time steps" },
        { new TemporalOrder(20, 24), "TemporalOrder of 20 to 24 time steps" },
        { new CopyMemory(5), "CopyMemory with a delay of 5: 25 time steps" },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Batches_SameSeed_AreTheSameAndAnotherSeedGivesOthers(GeneratedTask task, string described)
    {
        var batches = task.Batches(batchSize: 4, seed: 7, count: 3);
        var (first, second, other) = (Numbers(batches), Numbers(batches), Numbers(task.Batches(4, seed: 8, count: 3)));

        Assert.Equal(described, task.ToString());
        Assert.Equal(3, batches.Count());
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
        Assert.Equal(Numbers([task.Take(4, new RandomSource(7))]), Numbers(batches.Take(1)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Batches_WithoutEnd_TrainForAsManyStepsAsAsked(GeneratedTask task, string described)
    {
        Assert.NotEmpty(described);
        var lstm = new Lstm(task.InputSize, 4, returnSequences: task is CopyMemory);
        var model = new Model(1, lstm, new Linear(4, task.OutputSize));
        var history = model.Fit(task.Batches(8, seed: 1), new FitOptions { Steps = 3, Progress = null });

        Assert.Equal(3, history.Steps.Count);
        Assert.InRange(history.Steps[0].Loss, 0.01, 3);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Batches_SizeOrCountZero_ThrowsAtOnceNamingTheTask(GeneratedTask task, string described)
    {
        var name = described.Split(' ')[0];
        var size = Assert.Throws<ArgumentOutOfRangeException>(() => task.Batches(0, seed: 1));
        Assert.StartsWith($"{name}.Batches: batchSize must be at least 1, but got 0.", size.Message, StringComparison.Ordinal);
        var count = Assert.Throws<ArgumentOutOfRangeException>(() => task.Batches(1, seed: 1, count: 0));
        Assert.StartsWith($"{name}.Batches: count must be at least 1, but got 0.", count.Message, StringComparison.Ordinal);
        var taken = Assert.Throws<ArgumentOutOfRangeException>(() => task.Take(-1, new RandomSource(1)));
        Assert.StartsWith($"{name}.Take: batchSize must be at least 1, but got -1.", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddingProblem_ManyExamples_AreUniformWithAMarkerInEachHalfAndTheirSum()
    {
        const int rows = 20_000, steps = 11;
        var batch = new AddingProblem(steps).Take(rows, new RandomSource(1));
        Assert.Equal("[20000, 11, 2] [20000, 1]", $"{batch.Features!.Shape} {batch.Values!.Shape}");

        var (numbers, sums, marks) = (batch.Features.ToArray(), batch.Values.ToArray(), new int[steps]);
        for (var row = 0; row < rows; row++)
        {
            var sum = 0f;
            for (var step = 0; step < steps; step++)
            {
                var (value, marker) = (numbers[(row * steps + step) * 2], numbers[(row * steps + step) * 2 + 1]);
                Assert.True(value is >= 0 and < 1 && marker is 0 or 1);
                sum += value * marker;
                marks[step] += (int)marker;
            }
            Assert.Equal(sum, sums[row], 1e-6f);
        }
        Assert.All(marks[..5], count => Assert.InRange(count, 3700, 4300));
        Assert.All(marks[5..], count => Assert.InRange(count, 3033, 3633));
        Assert.Equal((rows, rows), (marks[..5].Sum(), marks[5..].Sum()));

        var values = numbers.Where((_, index) => index % 2 == 0).ToArray();
        Assert.Equal(0.5, values.Average(), 0.005);
        Assert.Equal(1 / 12.0, values.Average(value => (value - 0.5) * (value - 0.5)), 0.001);
    }

    [Fact]
    public void AddingProblem_Baseline_IsTheErrorOfAnsweringOne()
    {
        var sums = new AddingProblem(30).Take(100_000, new RandomSource(2)).Values!.ToArray();
        Assert.Equal(1, sums.Average(), 0.01);
        Assert.Equal(new AddingProblem(30).BaselineLoss, sums.Average(sum => (sum - 1.0) * (sum - 1)), 0.003);
    }

    [Fact]
    public void AddingProblem_TwoSteps_MarksBoth()
    {
        var batch = new AddingProblem(2).Take(1, new RandomSource(1));
        Assert.Equal(1, batch.Features![0, 0, 1]);
        Assert.Equal(1, batch.Features[0, 1, 1]);
    }

    [Fact]
    public void TemporalOrder_PapersLengths_HaveEverySymbolWhereThePaperSays()
    {
        var task = new TemporalOrder();
        var batch = task.Take(4000, new RandomSource(3));
        Assert.Equal("[4000, 110, 8] [4000] [4000, 110]", $"{batch.Features!.Shape} {batch.Classes!.Shape} {batch.Mask!.Shape}");

        var lengths = Mask.Lengths(batch.Mask);
        var (firsts, seconds, classes, distractors) = (new HashSet<int>(), new HashSet<int>(), new int[4], new Dictionary<char, int>());
        for (var row = 0; row < lengths.Length; row++)
        {
            var text = TemporalOrder.Text(batch, row);
            Assert.Equal(lengths[row], text.Length);
            Assert.True(text is ['E', .., 'B']);
            int[] places = [.. Enumerable.Range(0, text.Length).Where(place => text[place] is 'X' or 'Y')];
            Assert.Equal(2, places.Length);
            firsts.Add(places[0]);
            seconds.Add(places[1]);
            Assert.Equal(TemporalOrder.Classes[batch.Classes[row]], $"{text[places[0]]}{text[places[1]]}");
            classes[batch.Classes[row]]++;
            foreach (var symbol in text[1..^1].Where(symbol => symbol is not ('X' or 'Y')))
                distractors[symbol] = distractors.GetValueOrDefault(symbol) + 1;
        }

        Assert.Equal(Enumerable.Range(100, 11), lengths.Distinct().Order());
        Assert.Equal(Enumerable.Range(10, 11), firsts.Order());
        Assert.Equal(Enumerable.Range(50, 11), seconds.Order());
        Assert.All(classes, count => Assert.InRange(count, 850, 1150));
        Assert.Equal("abcd", string.Concat(distractors.Keys.Order()));
        Assert.All(distractors.Values, count => Assert.Equal(0.25, count / (double)distractors.Values.Sum(), 0.01));
        Assert.Equal(Math.Log(4), task.BaselineLoss);
    }

    [Fact]
    public void TemporalOrder_OneLength_NeedsNoMask()
    {
        var task = new TemporalOrder(10, 10);
        var batch = task.Take(50, new RandomSource(1));
        Assert.Null(batch.Mask);
        Assert.All(Enumerable.Range(0, 50), row => Assert.Matches("^E[abcd]?[XY][abcd]{2,3}[abcd]?[XY][abcd]{2,3}B$", TemporalOrder.Text(batch, row)));
    }

    [Fact]
    public void CopyMemory_SmallDelay_ShowsTenThenBlanksThenTheSignAndWantsTheTen()
    {
        var task = new CopyMemory(delay: 3);
        var batch = task.Take(500, new RandomSource(5));
        Assert.Equal("[500, 23, 10] [500, 23]", $"{batch.Features!.Shape} {batch.Classes!.Shape}");

        var (numbers, classes, counts) = (batch.Features.ToArray(), batch.Classes.ToArray(), new int[9]);
        for (var row = 0; row < 500; row++)
        {
            int[] shown = [.. Enumerable.Range(0, 23).Select(step => numbers.AsSpan((row * 23 + step) * 10, 10).IndexOf(1f))];
            Assert.All(shown[..10], symbol => Assert.InRange(symbol, 1, 8));
            Assert.Equal([0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], shown[10..]);
            Assert.Equal([.. new int[13], .. shown[..10]], classes[(row * 23)..((row + 1) * 23)]);
            foreach (var symbol in shown[..10])
                counts[symbol]++;
        }
        Assert.Equal(500 * 23, numbers.Sum());
        Assert.All(counts[1..], count => Assert.InRange(count, 525, 725));
    }

    [Fact]
    public void CopyMemory_Delay100_HasThePublishedBaseline() => Assert.Equal(0.1733, new CopyMemory(100).BaselineLoss, 5e-5);

    [Fact]
    public void Sizes_TooSmall_ThrowSayingWhy()
    {
        Says("AddingProblem: steps must be at least 2, but got 1. The two markers stand at different time steps.", () => new AddingProblem(1));
        Says("TemporalOrder: leastSteps must be at least 10, but got 9. Two places must fit, at a tenth and at half of it.", () => new TemporalOrder(9));
        Says("TemporalOrder: mostSteps must be at least leastSteps, 100, but got 99.", () => new TemporalOrder(100, 99));
        Says("CopyMemory: delay must be at least 1, but got 0.", () => new CopyMemory(0));
        Says("TemporalOrder.Text: row must be in 0..1, but got 2.", () => TemporalOrder.Text(new TemporalOrder(10, 10).Take(2, new RandomSource(1)), 2));
        var error = Assert.Throws<ShapeException>(() => TemporalOrder.Text(new CopyMemory(1).Take(1, new RandomSource(1)), 0));
        Assert.Equal("TemporalOrder.Text: the batch must have features [batch, time, 8], but has [1, 21, 10]. Give a batch of this task.", error.Message);
    }

    private static void Says(string message, Func<object> make) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(make).Message, StringComparison.Ordinal);

    private static float[] Numbers(IEnumerable<Batch> batches) =>
        [.. batches.SelectMany(batch => batch.Features!.ToArray().Concat(batch.Values?.ToArray() ?? [.. batch.Classes!.ToArray().Select(number => (float)number)]))];
}

using CourseKit.Tasks;
using CourseKit.Tensors;

namespace CourseKit.Tests.Tasks;

public class CurriculumTests
{
    private static readonly Difficulty Target = new(3, 2);

    [Fact]
    public void Naive_EveryLevelPassed_GoesThroughLengthsThenNestings()
    {
        var curriculum = new NaiveCurriculum(Target);
        var random = new RandomSource(1);
        var levels = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            levels.Add($"{curriculum.Level.Length}/{curriculum.Level.Nesting}");
            Assert.Equal(curriculum.Level, curriculum.Draw(random));
            Assert.True(curriculum.Report(0.96));
        }
        Assert.Equal(["1/1", "2/1", "3/1", "1/2", "2/2", "3/2", "3/2"], levels);
        Assert.Equal(0.64, curriculum.RateFactor, 1e-12);
    }

    [Fact]
    public void Report_AccuracyNotAbove095_WaitsUntilItGetsNoBetter()
    {
        var curriculum = new NaiveCurriculum(Target);
        bool[] changed = [.. new[] { 0.2, 0.95, 0.94, 0.95, 0.9 }.Select(curriculum.Report)];
        Assert.Equal([false, false, false, false, true], changed);
        Assert.Equal(new(2, 1), curriculum.Level);
        // The new level is not held to what the old one had reached.
        Assert.Equal([false, false, false, true], new[] { 0.1, 0.05, 0.1, 0.1 }.Select(curriculum.Report));
    }

    [Fact]
    public void BaselineAndMix_EachPass_LowersTheRateUntilAThousandth()
    {
        foreach (var curriculum in new Curriculum[] { new BaselineCurriculum(Target), new MixCurriculum(Target) })
        {
            var passes = 0;
            for (; !curriculum.IsOver; passes++)
                Assert.True(curriculum.Report(1));
            // 0.8^30 is above a thousandth, 0.8^31 below.
            Assert.Equal(31, passes);
            Assert.Equal(Target, curriculum.Level);
        }
    }

    [Fact]
    public void Draw_EachStrategy_IsAsHardAsThePaperSays()
    {
        var random = new RandomSource(1);
        Assert.Equal(Target, new BaselineCurriculum(Target).Draw(random));
        Assert.Equal(Target with { IsMixed = true }, new MixCurriculum(Target).Draw(random));
        Assert.Equal(new(1, 1), new NaiveCurriculum(Target).Draw(random));

        var combined = new CombinedCurriculum(Target);
        var drawn = Enumerable.Range(0, 10_000).Select(_ => combined.Draw(random)).ToArray();
        Assert.InRange(drawn.Count(difficulty => difficulty == Target with { IsMixed = true }), 1800, 2200);
        Assert.Equal(2, drawn.Distinct().Count());
        Assert.Contains(new Difficulty(1, 1), drawn);
    }

    [Fact]
    public void Of_EachName_IsTheStrategy()
    {
        Assert.Equal(Curriculum.Names, Curriculum.Names.Select(name => Curriculum.Of(name, Target).Name));
        var error = Assert.Throws<ArgumentException>(() => Curriculum.Of("fast", Target));
        Assert.StartsWith("Curriculum: the strategy must be baseline, naive, mix, combined, but got \"fast\".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Own_Strategy_GoesItsLevels()
    {
        var own = new Doubling(new(8));
        Assert.True(own.Report(1) && own.Report(1) && own.Report(1));
        Assert.Equal(("doubling", new Difficulty(8)), (own.Name, own.Level));
    }

    [Fact]
    public void New_TargetOrStartImpossible_Throws()
    {
        Assert.Equal("BaselineCurriculum: Length and Nesting must be at least 1, but the target is length 0, nesting 1 and the start length 0, nesting 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new BaselineCurriculum(new(0))).Message);
        Assert.Equal("Doubling: the start must not be harder than the target, but they are length 2, nesting 1 and length 1, nesting 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Doubling(new(1), new(2))).Message);
    }

    private sealed class Doubling(Difficulty target, Difficulty? start = null) : Curriculum(target, start ?? new(1))
    {
        public override Difficulty Draw(RandomSource random) => Level;

        protected override Difficulty Next(Difficulty level) => level with { Length = Math.Min(2 * level.Length, Target.Length) };
    }
}

using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

public class SequenceBatchTests
{
    [Fact]
    public void Of_PairsOfDifferentLength_ShiftsByOneAndPadsAtTheBack()
    {
        var batch = SequenceBatch.Of([([5, 6], [7, 8, 9]), ([4, 3, 5], [])]);
        Assert.Equal([5, 6, 0, 4, 3, 5], batch.Source.ToArray());
        Assert.Equal([1, 1, 0, 1, 1, 1], batch.SourceMask!.ToArray());
        Assert.Equal([1, 7, 8, 9, 1, 0, 0, 0], batch.Target.ToArray());
        Assert.Equal([7, 8, 9, 2, 2, -100, -100, -100], batch.Classes.ToArray());
        Assert.Equal(new Shape(2, 4), batch.Classes.Shape);
        Assert.Equal(5, batch.TargetCount);
    }

    [Fact]
    public void Of_OwnSymbols_UsesThem()
    {
        var batch = SequenceBatch.Of([([5, 6], [7]), ([4], [8])], new SequenceSymbols(Padding: 9, Start: 0, End: 3));
        Assert.Equal([5, 6, 4, 9], batch.Source.ToArray());
        Assert.Equal([0, 7, 0, 8], batch.Target.ToArray());
        Assert.Equal([7, 3, 8, 3], batch.Classes.ToArray());
    }

    [Fact]
    public void Of_SameLengths_HasNoMask() => Assert.Null(SequenceBatch.Of([([5, 6], [7]), ([4, 3], [8, 8])]).SourceMask);

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(100, 0.8, 0.904792147)]
    [InlineData(1000, 0.1, 0.367695425)]
    public void TeacherForcing_AtAStep_FollowsItsSchedule(int step, double linear, double exponential)
    {
        Assert.Equal(1, TeacherForcing.Always.At(step));
        Assert.Equal(linear, TeacherForcing.Linear(0.002, 0.1).At(step), 1e-9);
        Assert.Equal(exponential, TeacherForcing.Exponential(0.999).At(step), 1e-9);
    }

    [Fact]
    public void TeacherForcing_InverseSigmoid_IsAHalfAtKLogK()
    {
        Assert.Equal(0.5, TeacherForcing.InverseSigmoid(100).At((long)Math.Round(100 * Math.Log(100))), 1e-2);
        Assert.Equal(100.0 / 101, TeacherForcing.InverseSigmoid(100).At(0), 1e-12);
        Assert.Equal(0, TeacherForcing.InverseSigmoid(1).At(long.MaxValue));
        Assert.Equal("InverseSigmoid(100)", TeacherForcing.InverseSigmoid(100).ToString());
    }

    [Fact]
    public void TeacherForcing_ArgumentsOutside_ThrowNamingThem()
    {
        Assert.StartsWith("TeacherForcing.Linear: slope must be at least 0, but got -1.", Range(() => TeacherForcing.Linear(-1)), StringComparison.Ordinal);
        Assert.StartsWith("TeacherForcing.Linear: least must be from 0 to 1, but got 2.", Range(() => TeacherForcing.Linear(0.1, 2)), StringComparison.Ordinal);
        Assert.StartsWith("TeacherForcing.Exponential: rate must be above 0 and below 1, but got 1.", Range(() => TeacherForcing.Exponential(1)), StringComparison.Ordinal);
        Assert.StartsWith("TeacherForcing.InverseSigmoid: k must be at least 1 and finite, but got 0.5.", Range(() => TeacherForcing.InverseSigmoid(0.5)), StringComparison.Ordinal);
    }

    private static string Range(Action wrong) => Assert.Throws<ArgumentOutOfRangeException>(wrong).Message;
}

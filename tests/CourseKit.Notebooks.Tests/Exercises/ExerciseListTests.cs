using System.Text.RegularExpressions;

namespace CourseKit.Notebooks.Tests.Exercises;

/// <summary>Every exercise of the course knows its answer, and tells its usual mistakes apart.</summary>
public partial class ExerciseListTests
{
    public static TheoryData<string> Ids => [.. ExerciseList.All.Select(exercise => exercise.Id)];

    [Fact]
    public void Exercises_OfTheCourse_AreNumberedInOrder()
    {
        var ids = ExerciseList.All.Select(exercise => exercise.Id).ToList();
        Assert.All(ids, id => Assert.Matches(Number(), id));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(ids.GroupBy(id => id[..2]), notebook =>
        {
            Assert.InRange(notebook.Count(), 2, 5);
            Assert.Equal(Enumerable.Range(1, notebook.Count()).Select(k => $"{notebook.Key}.{k}"), notebook);
        });
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Solution_OfEachExercise_IsRight(string id) =>
        Assert.Equal(ExerciseState.Solved, ExerciseList.Find(id)!.JudgeSolution().State);

    [Theory]
    [MemberData(nameof(Ids))]
    public void Mistakes_OfEachExercise_AreAtLeastThreeAndEachAnsweredByItsOwnHint(string id)
    {
        var exercise = ExerciseList.Find(id)!;
        var mistakes = exercise.JudgeMistakes().ToList();

        Assert.True(mistakes.Count >= 3, $"{mistakes.Count} mistakes");
        Assert.Equal(mistakes.Count, mistakes.Select(mistake => mistake.Hint).Distinct().Count());
        Assert.All(mistakes, mistake =>
        {
            Assert.Equal(ExerciseState.Wrong, mistake.Result.State);
            Assert.EndsWith(mistake.Hint, mistake.Result.Text, StringComparison.Ordinal);
            Assert.True(mistake.Hint.Length is > 20 and < 320, mistake.Hint);
        });
    }

    [GeneratedRegex(@"^\d\d\.\d$")]
    private static partial Regex Number();
}

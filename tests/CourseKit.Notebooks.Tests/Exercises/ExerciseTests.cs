using System.Diagnostics.CodeAnalysis;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests.Exercises;

public class ExerciseTests
{
    // Sums of neighbours, as an array and as a tuple.
    private static readonly Exercise Sums = Exercise.OfFunction<Func<double[], int, double[]>>(
        "99.1", "double[] Sums(double[] x, int width)",
        solution: (x, width) => [.. Enumerable.Range(0, x.Length - width + 1).Select(k => x.Skip(k).Take(width).Sum())],
        cases: [[new[] { 1.0, 2, 4, 8, 16 }, 2], [new[] { 1.0, 2, 4, 8, 16 }, 3]],
        mistakes:
        [
            new("The last window is missing.", (x, width) => [.. Enumerable.Range(0, x.Length - width).Select(k => x.Skip(k).Take(width).Sum())]),
            new("Those are means.", (x, width) => [.. Enumerable.Range(0, x.Length - width + 1).Select(k => x.Skip(k).Take(width).Average())]),
            new("It reads past the end.", (x, width) => [x[x.Length + width]]),
        ]);

    private static readonly Exercise Pair = Exercise.OfFunction<Func<Matrix<double>, (Matrix<double> Twice, double[] Diagonal)>>(
        "99.2", "(Matrix<double> twice, double[] diagonal) Both(Matrix<double> m)",
        solution: m => (2 * m, m.Diagonal().ToArray()),
        cases: [[Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 2 }, { 3, 4 } })]],
        mistakes: [new("Not doubled.", m => (m, m.Diagonal().ToArray())), new("Transposed.", m => (2 * m.Transpose(), m.Diagonal().ToArray())), new("Reversed.", m => (2 * m, [4, 1]))],
        parts: ["twice[time, feature]", "diagonal[neuron]"]);

    // What a stub throws.
    private static NotImplementedException NotYet => new();

    [Fact]
    public void Function_Right_IsSolved() =>
        Assert.Equal(
            "Exercise 99.1 is right. It agrees with the solution in 2 cases.",
            Sums.Judge((Delegate)MySums).ToString());

    [Fact]
    public void Function_Stub_IsUnsolvedAndDoesNotThrow()
    {
        static double[] Stub(double[] x, int width) => throw NotYet;
        var result = Sums.Judge((Delegate)Stub);
        Assert.Equal((ExerciseState.Unsolved, "99.1"), (result.State, result.Id));
        Assert.Equal("Exercise 99.1 is not solved yet. Write `double[] Sums(double[] x, int width)` above, then run the cell again.", result.ToString());
    }

    [Fact]
    public void Result_AsHtml_HasAMarkAndTheSignatureAsCode()
    {
        var html = Display.Html(Check.Exercise("00.1", (object?)null))!;
        Assert.Contains("&#9675;", html, StringComparison.Ordinal);
        Assert.Contains("Write <code>int[] mine</code> above", html, StringComparison.Ordinal);
        Assert.Contains("&#10003;", Display.Html(Sums.Judge((Delegate)MySums))!, StringComparison.Ordinal);
        Assert.Contains("&#10007;", Display.Html(Pair.Judge(1))!, StringComparison.Ordinal);
        Assert.Contains("<code>(Matrix&lt;double&gt; twice", Display.Html(Pair.Judge(1))!, StringComparison.Ordinal);
    }

    [Fact]
    public void Function_UsualMistake_IsNamed()
    {
        Func<double[], int, double[]> mine = (x, width) => [.. Enumerable.Range(0, x.Length - width).Select(k => x[k..(k + width)].Sum())];
        Assert.Equal(
            "Exercise 99.1 is not right yet. For Sums(x = [1, 2, 4, 8, 16], width = 2): expected shape [4], but got [3]. " +
            "Check which dimension is which: the library's order is [batch, time, feature]. The last window is missing.",
            Sums.Judge(mine).ToString());
    }

    [Fact]
    public void Function_UnknownMistake_SaysWhereAndWhat()
    {
        Func<double[], int, double[]> mine = (x, width) => [.. MySums(x, width).Select((sum, k) => k == 2 ? sum + 1 : sum)];
        Assert.Equal(
            "Exercise 99.1 is not right yet. For Sums(x = [1, 2, 4, 8, 16], width = 2): expected 12 at [2], but got 13. 1 of 4 numbers differ.",
            Sums.Judge(mine).ToString());
    }

    [Fact]
    public void Function_Throws_SaysWhatAndNamesTheMistake()
    {
        Func<double[], int, double[]> mine = (x, width) => [x[99]];
        Assert.Equal(
            "Exercise 99.1 is not right yet. For Sums(x = [1, 2, 4, 8, 16], width = 2): it threw IndexOutOfRangeException: Index was outside the bounds of the array. It reads past the end.",
            Sums.Judge(mine).ToString());
    }

    [Fact]
    public void Function_RightButForOneCase_IsWrongForThatCase()
    {
        Func<double[], int, double[]> mine = (x, width) => width == 2 ? MySums(x, width) : [0, 0, 0];
        Assert.StartsWith("Exercise 99.1 is not right yet. For Sums(x = [1, 2, 4, 8, 16], width = 3): expected 7 at [0], but got 0.", Sums.Judge(mine).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Function_ChangesItsArguments_HarmsNoOtherCase()
    {
        Func<double[], int, double[]> mine = (x, width) =>
        {
            var sums = MySums(x, width);
            Array.Clear(x);
            return sums;
        };
        Assert.Equal(ExerciseState.Solved, Sums.Judge(mine).State);
        Assert.Equal(ExerciseState.Solved, Sums.Judge(mine).State);
    }

    [Fact]
    public void Function_OtherTypes_IsToldTheSignature()
    {
        static float[] Mine(float[] x, int width) => x;
        Assert.Equal(
            "Exercise 99.1 is not right yet. The function must be `double[] Sums(double[] x, int width)`, but is `float[] Mine(float[] x, int width)`. Declare it with these types.",
            Sums.Judge((Delegate)Mine).ToString());
        Assert.Equal(
            "Exercise 99.1 is not right yet. It takes a function, `double[] Sums(double[] x, int width)`, but got a value of type double[]. Give the function's name, without parentheses.",
            Sums.Judge(new[] { 1.0 }).ToString());
    }

    [Fact]
    public void Tuple_PartWrong_NamesThePartAndItsAxes()
    {
        Func<Matrix<double>, (Matrix<double>, double[])> late = m => (2 * m, [1, 5]);
        Assert.StartsWith("Exercise 99.2 is not right yet. For Both(m = [2, 2] numbers): diagonal: expected 4 at [neuron 1], but got 5.", Pair.Judge(late).ToString(), StringComparison.Ordinal);
        Func<Matrix<double>, (Matrix<double>, double[])> first = m => (m, [1, 4]);
        Assert.Equal(
            "Exercise 99.2 is not right yet. For Both(m = [2, 2] numbers): twice: expected 2 at [time 0, feature 0], but got 1. 4 of 4 numbers differ." +
            " Mine is 0.5 times the library's everywhere: check whether a sum should be a mean, or a factor is missing. Not doubled.",
            Pair.Judge(first).ToString());
    }

    [Fact]
    public void Value_NullMistakeAndOther_AreTold()
    {
        var exercise = Exercise.OfValue("99.3", "int mine", 74, [new("The bias is missing.", 69), new("Outputs are missing.", 50), new("No.", 1)]);
        Assert.Equal("Exercise 99.3 is not solved yet. Write `int mine` above, then run the cell again.", exercise.Judge(null).ToString());
        Assert.Equal("Exercise 99.3 is right. It is 74.", exercise.Judge(74.0).ToString());
        Assert.Equal("Exercise 99.3 is not right yet. It is not 69. The bias is missing.", exercise.Judge(69).ToString());
        Assert.Equal("Exercise 99.3 is not right yet. It is not 75.", exercise.Judge(75).ToString());
        Assert.Equal("Exercise 99.3 is not right yet. It is not [1, 2]. The answer has 1 number, yours 2.", exercise.Judge(new[] { 1, 2 }).ToString());
        Assert.Equal("Exercise 99.3 is not right yet. It is not \"74\".", exercise.Judge("74").ToString());
    }

    [Fact]
    public void Property_Wrong_IsToldWhich()
    {
        var exercise = Exercise.OfProperty<Func<int, int>>("99.4", "int Draw(int n)", n => n - 1, draw => draw(5) >= 5 ? "It must be below n." : null, [new("It must be below n.", n => n)]);
        Assert.Equal(ExerciseState.Solved, exercise.Judge((int n) => 0).State);
        Assert.Equal("Exercise 99.4 is not right yet. It must be below n.", exercise.Judge((int n) => 7).ToString());
        Assert.Equal("Exercise 99.4 is not right yet. It threw DivideByZeroException: Attempted to divide by zero.", exercise.Judge((int n) => n / (n - 5)).ToString());
        Assert.Equal(ExerciseState.Unsolved, exercise.Judge((int n) => n > 0 ? throw NotYet : 1).State);
    }

    [Fact]
    public void Difference_OfEveryKindOfAnswer_IsFound()
    {
        Assert.Null(Difference.Between(new[] { "a", "b" }, new List<string> { "a", "b" }, 0, []));
        Assert.Equal("(1): expected \"b\", but got \"c\".", Difference.Between(new[] { "a", "c" }, new[] { "a", "b" }, 0, []));
        Assert.Equal("expected 2 items, but got 1.", Difference.Between(new[] { "a" }, new[] { "a", "b" }, 0, []));
        Assert.Equal("(1): expected shape [2], but got [1]. Check which dimension is which: the library's order is [batch, time, feature].",
            Difference.Between(new double[][] { [1], [2] }, new double[][] { [1], [2, 3] }, 0, []));
        Assert.Equal("expected true, but got false.", Difference.Between(false, true, 0, []));
        Assert.Equal("expected 2, but got NaN.", Difference.Between(double.NaN, 2.0, 1e-6, []));
        Assert.Null(Difference.Between(double.PositiveInfinity, double.PositiveInfinity, 1e-6, []));
        Assert.Equal("expected \"x\", but got nothing (null).", Difference.Between(null, "x", 0, []));
        Assert.Equal("expected 2 parts, but got int.", Difference.Between(1, (1, 2), 0, []));
    }

    [Fact]
    [SuppressMessage("Usage", "CA2263", Justification = "The overload for values is the one under test.")]
    public void CheckExercise_UnknownNumber_SaysWhichThereAre()
    {
        var thrown = Assert.Throws<ArgumentException>(() => Check.Exercise("98.7", (object?)1));
        Assert.StartsWith("Check.Exercise: id must be the number of an exercise, such as \"00.1\", but got \"98.7\". There are 00.1, 00.2,", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(ExerciseState.Unsolved, Check.Exercise("00.1", (object?)null).State);
        Assert.Equal(ExerciseState.Solved, Check.Exercise("00.2", (double[] p, int next) => -Math.Log(p[next])).State);
    }

    private static double[] MySums(double[] x, int width)
    {
        var sums = new double[x.Length - width + 1];
        for (var k = 0; k < sums.Length; k++)
            for (var j = 0; j < width; j++)
                sums[k] += x[k + j];
        return sums;
    }
}

using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests;

public class CheckTests
{
    // Rows and columns of two sizes, so that a wrong index cannot pass.
    private static readonly double[,] Library =
    {
        { 0.1, 0.2, 0.35 },
        { 0.4, -0.5, 0.6 },
        { 0.7, 0.8, -0.9 },
        { 0.15, -0.25, 0.45 },
    };

    [Fact]
    public void Same_Equal_SaysLargestDifferenceAndCount()
    {
        var mine = (double[,])Library.Clone();
        mine[1, 2] += 3e-8;
        var result = Check.Same(mine, Library, name: "hidden");
        Assert.Equal("hidden: same: largest difference 3.0e-8 over 12 numbers", result.ToString());
        Assert.Equal((3e-8, 12), (Math.Round(result.LargestDifference, 12), result.Count));
        Assert.Equal("same: largest difference 0 over 1 number", Check.Same(1.5, 1.5f).ToString());
    }

    [Fact]
    public void Same_EveryKindOfNumbers_IsAccepted()
    {
        var floats = new float[4, 3];
        for (var k = 0; k < 12; k++)
            floats[k / 3, k % 3] = (float)Library[k / 3, k % 3];
        var rows = Enumerable.Range(0, 4).Select(row => Enumerable.Range(0, 3).Select(column => Library[row, column]).ToArray()).ToArray();
        var batchOfOne = new double[1, 4, 3];
        Buffer.BlockCopy(Library, 0, batchOfOne, 0, 12 * sizeof(double));
        foreach (var numbers in new object[] { floats, rows, batchOfOne, Matrix<double>.Build.DenseOfArray(Library), Tensor.From(Library), Tensor.From(batchOfOne) })
            Assert.Equal(12, Check.Same(numbers, Library).Count);
        Assert.Equal(2, Check.Same(Vector<double>.Build.Dense([1, 2]), new[] { 1f, 2 }).Count);
        Assert.Equal(2, Check.Same(new List<double> { 1, 2 }, IntTensor.From([1, 2])).Count);
        Assert.Equal(1, Check.Same(74, 74L).Count);
    }

    [Fact]
    public void Same_OneDiffers_SaysWhereAndBothValues()
    {
        var mine = (double[,])Library.Clone();
        mine[1, 2] = 0.75;
        Assert.Equal(
            "Check.Same \"hidden\": the largest difference may be 1e-5, but is 0.15 at [1, 2]: mine 0.75, library 0.6. 1 of 12 numbers differ.",
            Message(mine, Library, "hidden"));
    }

    [Fact]
    public void Same_OtherSign_SaysSo() =>
        Assert.EndsWith(" Mine is the library's with the other sign: look for a minus.", Message(Map((_, _, x) => -x), Library), StringComparison.Ordinal);

    [Fact]
    public void Same_Transposed_SaysSo()
    {
        var transposed = Matrix<double>.Build.DenseOfArray(Library).Transpose();
        Assert.Equal(
            "Check.Same: mine must have the library's shape [4, 3], but has [3, 4]. Transposed, mine agrees with the library: return the transpose.",
            Message(transposed, Library));
        var square = new double[,] { { 1, 2 }, { 3, 4 } };
        Assert.EndsWith(" Transposed, mine agrees with the library: return the transpose.", Message(new double[,] { { 1, 3 }, { 2, 4 } }, square), StringComparison.Ordinal);
        Assert.EndsWith(" It looks transposed: check rows and columns.", Message(new double[3, 4], Library), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_ShapesDiffer_SaysBoth()
    {
        Assert.Equal(
            "Check.Same: mine must have the library's shape [4, 3], but has [5, 3]. Check which dimension is which: the library's order is [batch, time, feature].",
            Message(new double[5, 3], Library));
        Assert.EndsWith("but has [12]. The numbers agree in order: reshape mine.", Message(Library.Cast<double>().ToArray(), Library), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_OneTimeStepOff_SaysWhichWay()
    {
        Assert.EndsWith(
            " Mine is one time step late: mine[t] agrees with the library's [t - 1]. Store the state after the step, not before.",
            Message(Map((t, j, _) => t == 0 ? 0 : Library[t - 1, j]), Library), StringComparison.Ordinal);
        Assert.EndsWith(
            " Mine is one time step early: mine[t] agrees with the library's [t + 1]. Check where the loop over time begins.",
            Message(Map((t, j, _) => t == 3 ? 9 : Library[t + 1, j]), Library), StringComparison.Ordinal);
    }

    [Fact]
    public void Same_ConstantFactor_SaysIt() =>
        Assert.EndsWith(
            " Mine is 4 times the library's everywhere: check whether a sum should be a mean, or a factor is missing.",
            Message(Map((_, _, x) => 4 * x), Library), StringComparison.Ordinal);

    [Fact]
    public void Same_NotFinite_SaysWhere() =>
        Assert.StartsWith(
            "Check.Same: every number must be finite, but at [2, 1] mine is NaN and the library's is 0.8. Look for a division by zero",
            Message(Map((t, j, x) => (t, j) == (2, 1) ? double.NaN : x), Library), StringComparison.Ordinal);

    [Fact]
    public void Same_OtherType_SaysWhatIsAccepted()
    {
        var error = Assert.Throws<ArgumentException>(() => Check.Same("0.5", Library));
        Assert.StartsWith("Check.Same: mine must be a tensor, a number, an array of double or float (rows of one length), or a MathNet matrix or vector, but got String.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Check.Same(new double[][] { [1], [1, 2] }, Library));
        Assert.Contains("but got Double[][].", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => Check.Same(1.0, 1.0, double.NaN));
        Assert.StartsWith("Check.Same: tolerance must be 0 or more, but got NaN. Use 1e-5 for float32 results.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Same_AnyNumbers_PassesExactlyWhenNoDifferenceIsLarger() =>
        Prop.ForAll<NormalFloat[], NormalFloat[], bool>((a, b, near) =>
        {
            var library = a.Select(x => x.Get).ToArray();
            var mine = library.Select((x, k) => near || k >= b.Length ? x + 1e-7 * (k % 3) : b[k].Get).ToArray();
            var same = mine.Zip(library).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5);
            return same
                ? Check.Same(mine, library).Count == mine.Length
                : Message(mine, library).Contains("numbers differ", StringComparison.Ordinal);
        }).QuickCheckThrowOnFailure();

    private static string Message(object mine, object library, string? name = null) =>
        Assert.Throws<CheckException>(() => Check.Same(mine, library, name: name)).Message;

    private static double[,] Map(Func<int, int, double, double> change)
    {
        var result = new double[4, 3];
        for (var row = 0; row < 4; row++)
            for (var column = 0; column < 3; column++)
                result[row, column] = change(row, column, Library[row, column]);
        return result;
    }
}

using CourseKit.Data;
using CourseKit.Tensors;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks.Tests.Pictures;

public class TrajectoryTests
{
    [Fact]
    public void Plane_OfARectangle_IsItsSides()
    {
        // Sides 4 and 2, turned by 3-4-5: variance 4 along the long side and 1 along the short one.
        double[][] corners = [[-2, -1], [2, -1], [2, 1], [-2, 1]];
        var plane = PrincipalPlane.Of([.. corners.Select(c => new[] { 0.6 * c[0] - 0.8 * c[1] + 7, 0.8 * c[0] + 0.6 * c[1] - 5, 3 })]);
        Assert.Equal(0.8, plane.Shares.First, 12);
        Assert.Equal(0.2, plane.Shares.Second, 12);
        Assert.Equal([-2, 2, 2, -2], plane.Points.Select(point => Math.Round(point.X, 12)));
        // The largest entry of the second component, -0.8, is made positive.
        Assert.Equal([1, 1, -1, -1], plane.Points.Select(point => Math.Round(point.Y, 12)));
    }

    [Theory]
    [InlineData(40, 5)]
    [InlineData(6, 30)]
    [InlineData(2, 3)]
    public void Plane_AnyPoints_AgreesWithTheEigenvectorsOfTheCovariance(int rows, int size)
    {
        var random = new RandomSource(rows);
        double[][] points = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, size).Select(j => (j + 1) * random.NextNormal()).ToArray())];
        var plane = PrincipalPlane.Of(points);

        var x = Matrix<double>.Build.DenseOfRowArrays(points);
        x -= Matrix<double>.Build.DenseOfRowVectors(Enumerable.Repeat(x.ColumnSums() / rows, rows));
        var evd = (x.TransposeThisAndMultiply(x) / rows).Evd(Symmetricity.Symmetric);
        var values = evd.EigenValues.Select(value => value.Real).ToArray();
        var total = values.Sum();
        Assert.Equal(values[^1] / total, plane.Shares.First, 9);
        Assert.Equal(rows > 2 ? values[^2] / total : 0, plane.Shares.Second, 9);
        Same(x * evd.EigenVectors.Column(size - 1), plane.Points.Select(point => point.X));
        if (rows > 2)
            Same(x * evd.EigenVectors.Column(size - 2), plane.Points.Select(point => point.Y));

        void Same(Vector<double> expected, IEnumerable<double> actual)
        {
            var sign = Math.Sign(expected[0]) * Math.Sign(actual.First());
            foreach (var (e, a) in expected.Zip(actual))
                Assert.Equal(sign * e, a, 1e-8 * size);
        }
    }

    [Fact]
    public void Trajectory_OfACharacterModel_IsThatOfItsStates()
    {
        var model = Make();
        const string text = "a cab, a bad cab";
        var drawing = (TrajectoryDrawing)Picture.Trajectory(model, text);
        var states = model.States(text);
        Assert.Equal(
            PrincipalPlane.Of([.. states.ToArray().Chunk(12).Select(row => Array.ConvertAll(row, value => (double)value))]).Points, drawing.Plane.Points);
        Assert.Equal(drawing.ToHtml(), Picture.Trajectory(Tensor.From(states.ToArray(), 1, 16, 12), text.Select(c => $"{c}")).ToHtml());
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(fragment.Description, drawing.ToString());
        Assert.Matches("^Trajectory of 16 states of 12 numbers over \"a cab, a bad cab\": the first component keeps [0-9.]+ % of the variance, the second [0-9.]+ %\\.$", drawing.ToString());
        Assert.Equal(16, fragment.Hover.GetProperty("points").GetArrayLength());
        Assert.StartsWith("1  space\n", fragment.Hover.GetProperty("texts")[1].GetString(), StringComparison.Ordinal);
        Assert.Contains("␣", fragment.Texts);
    }

    [Fact]
    public void Trajectory_Distances_AreEqualInBothDirections()
    {
        var fragment = new Fragment(Picture.Trajectory(Tensor.From(new float[,] { { 0, 0 }, { 4, 0 }, { 4, 2 }, { 0, 2 } })));
        var points = fragment.Hover.GetProperty("points").EnumerateArray().Select(p => (X: p[0].GetDouble(), Y: p[1].GetDouble())).ToArray();
        Assert.Equal(2 * Math.Abs(points[1].Y - points[2].Y), Math.Abs(points[0].X - points[1].X), 0.2);
    }

    [Fact]
    public void Trajectory_OneTwoOrEqualStates_HaveNoSecondDirection()
    {
        Assert.Equal((0, 0), ((TrajectoryDrawing)Picture.Trajectory(Make(), "a")).Plane.Shares);
        var two = ((TrajectoryDrawing)Picture.Trajectory(Make(), "ab")).Plane;
        Assert.Equal(1, two.Shares.First, 12);
        Assert.Equal(0, two.Shares.Second);
        Assert.Equal((0, 0), ((TrajectoryDrawing)Picture.Trajectory(Tensor.Zeros(5, 3))).Plane.Shares);
        foreach (var drawing in new[] { Picture.Trajectory(Make(), "a"), Picture.Trajectory(Tensor.Zeros(5, 3)), Picture.Trajectory(Tensor.From([1f, 2, 3], 3, 1)) })
            new Fragment(drawing).AssertInsideViewBox();
    }

    [Fact]
    public void Trajectory_LongText_ShowsItsBeginningAndSaysSo()
    {
        var drawing = Picture.Trajectory(Make(), string.Concat(Enumerable.Repeat("a cab, a bad cab", 40)));
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Contains("The first 400 of 640 states are shown.", fragment.Notes);
        Assert.Matches(@"^There is no room for \d+ of 400 labels\.$", fragment.Notes[^1]);
        Assert.InRange(drawing.ToHtml().Length, 1, 150_000);
    }

    [Fact]
    public void Trajectory_AnyLabels_IsWellFormedInsideTheViewBox() =>
        Prop.ForAll<UnicodeString[]>(any =>
        {
            var labels = any.Select(label => label?.Get ?? "").Append("a").ToArray();
            var random = new RandomSource(1);
            var states = new float[labels.Length * 3];
            random.FillUniform(states, -1, 1);
            new Fragment(Picture.Trajectory(Tensor.From(states, labels.Length, 3), labels)).AssertInsideViewBox();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Trajectory_WrongUse_SaysWhichAndTheMend()
    {
        Assert.Equal("CharacterModel.States: the text is empty. Give at least one character.", Assert.Throws<DataException>(() => Picture.Trajectory(Make(), "")).Message);
        Assert.StartsWith("Vocabulary: the text has '😀' at index 1", Assert.Throws<DataException>(() => Picture.Trajectory(Make(), "a😀")).Message, StringComparison.Ordinal);
        var states = Tensor.From(new float[,] { { 0, 0 }, { 4, float.NaN } });
        Assert.StartsWith("Picture.Trajectory: every state must be finite, but number 1 at time step 1 is NaN. The model has probably diverged: train it with a lower learning rate.",
            Assert.Throws<ArgumentException>(() => Picture.Trajectory(states)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Trajectory: labels must be one for every state, but got 1 labels and 2 states. Leave labels out to number the states.",
            Assert.Throws<ArgumentException>(() => Picture.Trajectory(states, ["a"])).Message, StringComparison.Ordinal);
        Assert.Equal("Picture.Trajectory: states must be [time, hidden] with at least one of each, but got [2, 3, 4]. Take one example of the batch, or Reshape it first.",
            Assert.Throws<ShapeException>(() => Picture.Trajectory(Tensor.Zeros(2, 3, 4))).Message);
    }

    private static CharacterModel Make() =>
        CharacterModel.Create(Vocabulary.OfCharacters("a cab, a bad cab"), new CharacterTraining { Cell = CellKind.Gru, Hidden = 12, Embedding = 4 });
}

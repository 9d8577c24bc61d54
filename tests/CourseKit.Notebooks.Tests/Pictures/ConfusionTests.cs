using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class ConfusionTests
{
    [Fact]
    public void Confusion_OfSequences_CountsEachPosition()
    {
        int[][] truth = [[0, 1], [0, 2], [1, 2, 2]], predicted = [[0, 1], [1, 2], [1, 0, 2, 2]];
        var drawing = (ConfusionDrawing)Picture.Confusion(truth, predicted, k => "abc"[k].ToString());
        Assert.Equal(["a", "b", "c"], drawing.Names);
        Assert.Equal(new[,] { { 1, 1, 0 }, { 0, 1, 0 }, { 0, 0, 0 } }, drawing.Matrices[0]);
        Assert.Equal(new[,] { { 0, 0, 0 }, { 0, 1, 0 }, { 1, 0, 1 } }, drawing.Matrices[1]);
        Assert.Equal(new[,] { { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 1 } }, drawing.Matrices[2]);
        Assert.Equal("Confusion by position: 5 of 7 right (71.4 %); by position 66.7 %, 66.7 %, 100 %.", drawing.ToString());

        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(1 + 3, fragment.Pictures.Length);
        Assert.Equal("66.7 % of 3 right; most often a was taken for b, 1 times.", fragment.Pictures[1].Elements().First().Value);
        Assert.Equal("1 predictions beyond the end of the truth are not counted.", Assert.Single(fragment.Notes));
        var panel = fragment.Hover.GetProperty("panels")[1];
        Assert.Equal([1, 1, 0, 0, 1, 0, 0, 0, 0], panel.GetProperty("values").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(drawing.ToHtml(), Picture.Confusion(truth, predicted, k => "abc"[k].ToString()).ToHtml());
    }

    [Fact]
    public void Confusion_TooShortPrediction_IsNothing()
    {
        var drawing = (ConfusionDrawing)Picture.Confusion([[3, 4]], [[3]]);
        Assert.Equal(["3", "4", "∅"], drawing.Names);
        Assert.Equal(1, drawing.Matrices[1][1, 2]);
        Assert.Contains("∅: nothing was predicted there, as the output had ended, or was not a number.", new Fragment(drawing).Notes);
    }

    [Fact]
    public void Confusion_OfAModel_IsAsRightAsItsAccuracy()
    {
        var ids = Enumerable.Range(0, 400).Select(i => i * i * 3 % 7).ToArray();
        var model = new Model(1, new Embedding(7, 4), new Gru(4, 6), new Linear(6, 7));
        var stream = new TokenStream(ids, 4, 9);
        Right(model, stream, (ConfusionDrawing)Picture.Confusion(model, stream), positions: 9);

        var pair = new EncoderDecoder(1, new Embedding(9, 4), new Gru(4, 6), new Embedding(9, 4), new Gru(4, 6));
        var pairs = new SequencePairs([([3, 4], [4, 3]), ([5, 6, 7], [7, 6, 5]), ([8], [8])]);
        Right(pair.Model, pairs.Batches(2), (ConfusionDrawing)Picture.Confusion(pair.Model, pairs.Batches(2)), positions: 4);

        var one = new Model(1, new SimpleRnn(2, 3, returnSequences: false), new Linear(3, 1));
        Batch[] data = [new(Tensor.From([1f, 2, 3, 4, -5, -6, -7, -8, 1, -1, 1, -1], 3, 2, 2), IntTensor.From([0, 1, 1], 3))];
        Right(one, data, (ConfusionDrawing)Picture.Confusion(one, data), positions: 1);

        static void Right(Model model, IEnumerable<Batch> data, ConfusionDrawing drawing, int positions)
        {
            Assert.Equal(positions, drawing.Matrices.Length);
            var (right, all) = (0, 0);
            foreach (var matrix in drawing.Matrices)
                for (var row = 0; row < matrix.GetLength(0); row++)
                    for (var column = 0; column < matrix.GetLength(1); column++)
                        (right, all) = (right + (row == column ? matrix[row, column] : 0), all + matrix[row, column]);
            Assert.Equal(data.Sum(batch => batch.TargetCount), all);
            Assert.Equal(model.Accuracy(data), (double)right / all, 12);
        }
    }

    [Fact]
    public void Confusion_DivergedModel_PredictsNothing()
    {
        var model = new Model(1, new SimpleRnn(1, 2), new Linear(2, 3));
        model.Parameters[^1].Tensor[1] = float.NaN;
        var drawing = (ConfusionDrawing)Picture.Confusion(model, [new Batch(Tensor.Zeros(1, 2, 1), IntTensor.From([0, 2], 1, 2))]);
        Assert.Equal(["0", "2", "∅"], drawing.Names);
        Assert.Equal("Confusion by position: 0 of 2 right (0 %); by position 0 %, 0 %.", drawing.ToString());
    }

    [Fact]
    public void Confusion_ManyClassesAndPositions_AreShortenedAndSaid()
    {
        int[][] truth = [.. Enumerable.Range(0, 60).Select(k => Enumerable.Range(k, 30).Select(j => j % 60).ToArray())];
        var drawing = (ConfusionDrawing)Picture.Confusion(truth, truth, k => $"<class {k}>");
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(41, drawing.Names.Count);
        Assert.Equal(1 + 12, fragment.Pictures.Length);
        Assert.Equal(["The first 12 of 30 positions have their matrix.", "The 40 most frequent classes have a row, all others the one named …."], fragment.Notes);
        Assert.Equal(60, drawing.Matrices[0].Cast<int>().Sum());
        Assert.EndsWith(", 100 %, ....", drawing.ToString(), StringComparison.Ordinal);
        Assert.InRange(drawing.ToHtml().Length, 1, 150_000);
    }

    [Fact]
    public void Confusion_VeryLongSequences_HaveTheirFirstBars()
    {
        int[][] truth = [[.. Enumerable.Range(0, 5000).Select(k => k % 2)]];
        var drawing = Picture.Confusion(truth, truth);
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        Assert.Equal(["The first 200 of 5000 positions have their bar.", "The first 12 of 5000 positions have their matrix."], fragment.Notes);
        Assert.InRange(drawing.ToHtml().Length, 1, 60_000);
    }

    [Fact]
    public void Confusion_WrongUse_SaysWhichAndTheMend()
    {
        Assert.StartsWith("Picture.Confusion: predicted must have one sequence for every sequence of truth, but got 2 and 1.", Assert.Throws<ArgumentException>(() => Picture.Confusion([[1]], [[1], [2]])).Message, StringComparison.Ordinal);
        Assert.Equal("Picture.Confusion: there must be at least one target, but there is none. Give data with classes.", Assert.Throws<DataException>(() => Picture.Confusion([], [])).Message);
        var model = new Model(1, new SimpleRnn(1, 2), new Linear(2, 3));
        Assert.Equal("Picture.Confusion: there must be at least one target, but there is none. Give data with classes.",
            Assert.Throws<DataException>(() => Picture.Confusion(model, [new Batch(Tensor.Zeros(1, 2, 1), IntTensor.From([-100, -100], 1, 2))])).Message);
        Assert.Equal("Picture.Confusion: the batch must have classes, but has values. Use Chart.Scatter of truth and prediction for values.",
            Assert.Throws<DataException>(() => Picture.Confusion(model, [new Batch(Tensor.Zeros(1, 2, 1), Tensor.Zeros(1, 2, 3))])).Message);
        Assert.Equal("Picture.Confusion: classes must be [1, 2], but got [2]. They take the shape of logits, [1, 2, 3], without its last dimension.",
            Assert.Throws<ShapeException>(() => Picture.Confusion(model, [new Batch(Tensor.Zeros(1, 2, 1), IntTensor.From([0, 1], 2))])).Message);
    }
}

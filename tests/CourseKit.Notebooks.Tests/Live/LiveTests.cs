using System.Diagnostics;
using System.Xml.Linq;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Live;

[Collection("front end")]
public sealed class LiveTests
{
    private const string Text = "the cat sat on the mat. the dog sat on the log. the frog sat on the fog. ";

    private static readonly Vocabulary Letters = Vocabulary.OfCharacters(Text);

    private static Model Network(int seed = 1) => new(seed, new Embedding(Letters.Count, 8), new Lstm(8, 12, layers: 2), new Dropout(0.2f), new Linear(12, Letters.Count));

    private static TokenStream Batches() => new(Letters.Encode(string.Concat(Enumerable.Repeat(Text, 8))), batchSize: 4, window: 12);

    private static FitOptions Options(int steps, params ICallback[] callbacks) =>
        new() { Optimizer = new Adam(0.01f), Steps = steps, Validation = Batches(), ValidateEvery = 5, Callbacks = callbacks, Progress = null };

    private static Notebooks.Live Watching() => new(Letters) { Prompt = "the ", Watch = "the cat sat" };

    [Fact]
    public void Fit_WithALivePicture_TrainsTheSameBits()
    {
        using var frontEnd = new FakeFrontEnd();
        var (plain, watched) = (Network(), Network());
        var without = plain.Fit(Batches(), Options(40));
        var slow = new Slow(40);

        var with = watched.Fit(Batches(), Options(40, Watching(), slow));

        Assert.True(frontEnd.Shown.Count > 4);
        Assert.Equal(without.Steps.Select(step => (step.Loss, step.GradientNorm)), with.Steps.Select(step => (step.Loss, step.GradientNorm)));
        Assert.Equal(without.Validation, with.Validation);
        Assert.All(plain.Parameters.Zip(watched.Parameters), pair => Assert.Equal(pair.First.Tensor.ToArray(), pair.Second.Tensor.ToArray()));
    }

    [Fact]
    public void Fit_WithAGradientFlowLog_ShowsItsHeatMapInTheSamePicture()
    {
        using var frontEnd = new FakeFrontEnd();
        var log = new GradientFlowLog(every: 2);
        Network().Fit(Batches(), Options(10, log, new Notebooks.Live { Flow = log }));

        Assert.DoesNotContain("How far the gradient flows back", frontEnd.Shown[0].Html, StringComparison.Ordinal);
        Assert.Contains(Picture.GradientFlow(log).ToFigure(), frontEnd.Shown[^1].Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_Pictures_AreOneInItsPlaceAtMostFourTimesASecondAndTheLastOneIsDone()
    {
        using var frontEnd = new FakeFrontEnd();
        var watch = Stopwatch.StartNew();
        Network().Fit(Batches(), Options(60, Watching(), new Slow(25)));

        Assert.Single(frontEnd.Shown.Select(shown => shown.Id).Distinct());
        Assert.InRange(frontEnd.Shown.Count, 4, 4 * watch.Elapsed.TotalSeconds + 3);
        Assert.All(frontEnd.Shown.Skip(1).SkipLast(1).Zip(frontEnd.Shown.Skip(2).SkipLast(1)), pair =>
            Assert.True(Stopwatch.GetElapsedTime(pair.First.At, pair.Second.At).TotalMilliseconds >= 240));
        Assert.StartsWith("Training: step 0 of 60\nthe ", frontEnd.Shown[0].Text, StringComparison.Ordinal);
        Assert.Matches(@"^Training: step 60 of 60, loss \d\.\d{3}, validation \d\.\d{3}, gradient norm [\d.]+, learning rate 0\.01, pace [\d,]+ symbols/s, done 0:0\d\nthe ", frontEnd.Shown[^1].Text);
        Assert.Contains(frontEnd.Shown, shown => System.Text.RegularExpressions.Regex.IsMatch(shown.Text, @", left 0:\d\d\n"));
    }

    [Fact]
    public void Fit_LastPicture_ShowsLossesTextAndStates()
    {
        using var frontEnd = new FakeFrontEnd();
        var (model, live) = (Network(), new Notebooks.Live(Letters) { Title = "A & B", Prompt = "the ", SampleLength = 30, Watch = "the cat sat", Layer = "lstm.l0" });
        var history = model.Fit(Batches(), Options(20, live));

        var html = XElement.Parse(frontEnd.Shown[^1].Html);
        Assert.Equal("A & B", html.Descendants("section").Single().Attribute("aria-label")!.Value);
        Assert.Single(html.Descendants("style"));
        Assert.Equal("100", html.Descendants("div").Single(e => (string?)e.Attribute("role") == "progressbar").Attribute("aria-valuenow")!.Value);
        var hovers = html.Descendants("figure").Select(figure => System.Text.Json.JsonDocument.Parse(figure.Attribute("data-hover")!.Value).RootElement).ToList();
        Assert.Equal(history.Steps.Select(step => Math.Round(step.Loss, 3)), hovers[0].GetProperty("series")[0].GetProperty("y").EnumerateArray().Select(y => Math.Round(y.GetDouble(), 3)));
        Assert.Equal(history.Validation.Select(point => (double)point.Step), hovers[0].GetProperty("series")[1].GetProperty("x").EnumerateArray().Select(x => x.GetDouble()));
        Assert.Equal(history.Steps.Select(step => Math.Round(step.GradientNorm, 3)), hovers[1].GetProperty("series")[0].GetProperty("y").EnumerateArray().Select(y => Math.Round(y.GetDouble(), 3)));
        var ids = Letters.Encode("the cat sat");
        var states = Recorder.Of(() => model.Predict(IntTensor.From(ids, 1, ids.Length)), model.Parameters)["lstm.l0"].Hidden;
        var shown = hovers[2].GetProperty("values").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(12 * 11, shown.Length);
        for (var neuron = 0; neuron < 12; neuron++)
            for (var t = 0; t < 11; t++)
                Assert.Equal(states[0, t, neuron], shown[neuron * 11 + t], 1e-4);
        Assert.Contains("Hidden state of lstm.l0", html.Value, StringComparison.Ordinal);
        Assert.Contains(live.ToString().Split('\n')[1], html.Value, StringComparison.Ordinal);
        Assert.Equal(live.ToHtml(), Display.Html(live));
        Assert.Equal(34, live.ToString()[(live.ToString().IndexOf('\n', StringComparison.Ordinal) + 1)..].Length);
    }

    [Fact]
    public void Fit_AgainWithTheSameOne_GetsAPictureOfItsOwn()
    {
        using var frontEnd = new FakeFrontEnd();
        var live = new Notebooks.Live();
        Network().Fit(Batches(), Options(2, live));
        Network().Fit(Batches(), Options(2, live));
        Assert.Equal(2, frontEnd.Shown.Select(shown => shown.Id).Distinct().Count());
    }

    [Fact]
    public void Fit_EndedBeforeItsTime_SaysHow()
    {
        using var frontEnd = new FakeFrontEnd();
        Network().Fit(Batches(), Options(1000, Watching(), new StopAt(3)));
        Assert.Contains("step 3 of 1000", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
        Assert.Contains(", stopped by a callback 0:00", frontEnd.Shown[^1].Text, StringComparison.Ordinal);

        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Network().Fit(Batches(), Options(1000, Watching()) with { OnStep = _ => cancel.Cancel(), CancellationToken = cancel.Token }));
        Assert.Contains("step 1 of 1000", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
        Assert.Contains(", ended 0:00", frontEnd.Shown[^1].Text, StringComparison.Ordinal);

        var error = Assert.Throws<InvalidOperationException>(() => Network().Fit(Batches(), Options(1000, Watching()) with { Optimizer = new Sgd(1e30f), Validation = null, ValidateEvery = null }));
        Assert.StartsWith("Fit: the loss or its gradient is", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_OfUnknownLength_HasNoTimeLeft()
    {
        using var frontEnd = new FakeFrontEnd();
        Network().Fit(Batches().Select(batch => batch), new FitOptions { Epochs = 1, Callbacks = [Watching()], Progress = null });
        Assert.StartsWith("Training: step 0\n", frontEnd.Shown[0].Text, StringComparison.Ordinal);
        Assert.Null(XElement.Parse(frontEnd.Shown[0].Html).Descendants("div").Single(e => (string?)e.Attribute("role") == "progressbar").Attribute("aria-valuenow"));
    }

    [Fact]
    public void Fit_ModelOfNumbersWithAProbe_ShowsItsStates()
    {
        using var frontEnd = new FakeFrontEnd();
        var model = new Model(1, new Gru(2, 70), new Linear(70, 1));
        var x = Tensor.From(Enumerable.Range(0, 3 * 5 * 2).Select(i => i / 30f).ToArray(), 3, 5, 2);
        var batch = new Batch(x, Tensor.From(new float[15], 3, 5, 1));
        model.Fit([batch], new FitOptions { Steps = 3, Callbacks = [new Notebooks.Live { Probe = batch, Sample = m => $"{m.ParameterCount} & more" }], Progress = null });

        Assert.EndsWith("\n15611 & more", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
        Assert.Contains("Hidden state of gru.l0, neurons 0 to 63 of 70", frontEnd.Shown[^1].Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LongTraining_KeepsItsPictureSmall()
    {
        using var frontEnd = new FakeFrontEnd();
        var model = new Model(1, new Linear(1, 1));
        var batch = new Batch(Tensor.From([1f], 1, 1, 1), Tensor.From([2f], 1, 1, 1));
        model.Fit([batch], new FitOptions { Optimizer = new Sgd(0.1f), Steps = 5000, Callbacks = [new Notebooks.Live()], Progress = null });
        Assert.InRange(frontEnd.Shown[^1].Html.Length, 10_000, 60_000);
        Assert.StartsWith("Training: step 5000 of 5000, loss 0.000, ", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_WithoutAFrontEnd_DrawsNothing()
    {
        var live = Watching();
        Network().Fit(Batches(), Options(3, live));
        Assert.StartsWith("step 3 of 3, ", live.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_BeforeTheTraining_SaysSo() => Assert.Equal("no steps", new Notebooks.Live().ToString());

    public static TheoryData<Notebooks.Live, string> Wrong => new()
    {
        { new() { Prompt = "a" }, "Live: Prompt needs a vocabulary: new Live(vocabulary) { ... }. Without one, give Sample." },
        { new() { Watch = "a" }, "Live: Watch needs a vocabulary: new Live(vocabulary) { ... }. Without one, give Probe." },
        { new(Letters) { Prompt = "a", Sample = _ => "" }, "Live: give Prompt or Sample, not both." },
        { new(Letters) { Watch = "a", Probe = Batches().First() }, "Live: give Watch or Probe, not both." },
        { new(Letters) { Prompt = "" }, "Live: Prompt must have at least one symbol. Begin with a line's end, \"\\n\"." },
        { new(Letters) { Watch = "" }, "Live: Watch must have at least one symbol." },
        { new(Letters) { Prompt = "a", SampleLength = 0 }, "Live: SampleLength must be at least 1, but is 0." },
        { new(Letters) { Watch = "a", Layer = "lstm.l7" }, "Recording: there is no record \"lstm.l7\". There are lstm.l0, lstm.l1. (Parameter 'name')" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Begin_WrongOption_ThrowsBeforeTheFirstStep(Notebooks.Live live, string message)
    {
        var steps = 0;
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => Network().Fit(Batches(), Options(2, live) with { OnStep = _ => steps++ })).Message);
        Assert.Equal(0, steps);
    }

    [Fact]
    public void Begin_UnknownSymbolOrModelWithoutRecurrence_Throws()
    {
        Assert.Throws<DataException>(() => Network().Fit(Batches(), Options(2, new Notebooks.Live(Letters) { Prompt = "Q" })));
        var plain = new Model(1, new Embedding(Letters.Count, 4), new Linear(4, Letters.Count));
        Assert.StartsWith("Live: the model has no recurrent layer whose states could be shown, but is Model of ",
            Assert.Throws<ArgumentException>(() => plain.Fit(Batches(), Options(2, new Notebooks.Live(Letters) { Watch = "a" }))).Message, StringComparison.Ordinal);
    }

    /// <summary>A training that takes its time.</summary>
    private sealed class Slow(int milliseconds) : ICallback
    {
        public void AfterStep(TrainingRun run) => Thread.Sleep(milliseconds);
    }

    private sealed class StopAt(int step) : ICallback
    {
        public void AfterStep(TrainingRun run)
        {
            if (run.History.Steps.Count == step)
                run.Stop();
        }
    }
}

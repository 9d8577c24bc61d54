using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

public class FitTests
{
    private static readonly FitOptions Quiet = new() { Progress = null };

    /// <summary>Five steps of truncated backpropagation through time with carried state, Adam and clipping: PyTorch's losses, norms and weights.</summary>
    [Theory]
    [InlineData("train_rnn")]
    [InlineData("train_lstm")]
    [InlineData("train_gru")]
    public void Fit_FiveSteps_AgreesWithPyTorch(string name)
    {
        var fixture = Fixture.Load(name);
        var (vocabulary, hidden, layers, batchSize) = (fixture.Int("vocabulary"), fixture.Int("hidden"), fixture.Int("layers"), fixture.Int("batch"));
        RecurrentLayer recurrent = name switch
        {
            "train_rnn" => new SimpleRnn(hidden, hidden, layers),
            "train_lstm" => new Lstm(hidden, hidden, layers),
            _ => new Gru(hidden, hidden, layers),
        };
        recurrent.Name = "rnn";
        var model = Model.Of(new Embedding(vocabulary, hidden), recurrent, new Linear(hidden, vocabulary) { Name = "decoder" });
        foreach (var (parameter, tensor) in model.Parameters)
            tensor.CopyFrom(fixture.Tensor("start", parameter).Floats);

        // [time][batch] becomes one text of batch columns one behind the other.
        var rows = fixture["tokens_time_major"].EnumerateArray().Select(row => row.EnumerateArray().Select(id => id.GetInt32()).ToArray()).ToArray();
        int[] text = [.. Enumerable.Range(0, batchSize).SelectMany(column => rows.Select(row => row[column]))];
        var history = model.Fit(new TokenStream(text, batchSize, fixture.Int("bptt")), Quiet with { Optimizer = new Adam(0.01), ClipNorm = fixture.Number("clip_norm"), Epochs = 1 });

        AssertClose(fixture.Numbers("losses"), history.Steps.Select(step => step.Loss));
        AssertClose(fixture.Numbers("norms_before_clip"), history.Steps.Select(step => step.GradientNorm));
        foreach (var (parameter, tensor) in model.Parameters)
            AssertClose(fixture.Tensor("end", parameter).Data, tensor.ToArray().Select(value => (double)value));
    }

    [Fact]
    public void Fit_LinearData_FindsTheLine()
    {
        var random = new RandomSource(1);
        float[] x = [.. Enumerable.Range(0, 64).Select(_ => (float)random.NextNormal())];
        var batch = new Batch(Tensor.From(x, 64, 1), Tensor.From([.. x.Select(value => 3 * value - 2)], 64, 1));
        var linear = new Linear(1, 1);

        var history = new Model(1, linear).Fit([batch], Quiet with { Optimizer = new Sgd(0.1), Steps = 200 });

        Assert.Equal(200, history.Steps.Count);
        Assert.InRange(history.Steps[^1].Loss, 0, 1e-6);
        Assert.Equal(3, linear.Parameters[0].Tensor.Item(), 1e-3f);
        Assert.Equal(-2, linear.Parameters[1].Tensor.Item(), 1e-3f);
    }

    [Fact]
    public void Fit_Steps_GoesThroughTheDataAgainAndStopsInTheMiddle()
    {
        var read = new List<int>();
        IEnumerable<Batch> Data()
        {
            for (var i = 0; i < 3; i++)
            {
                read.Add(i);
                yield return Zero();
            }
        }

        Assert.Equal(7, Tiny().Fit(Data(), Quiet with { Steps = 7 }).Steps.Count);
        Assert.Equal([0, 1, 2, 0, 1, 2, 0], read);
        Assert.Equal(6, Tiny().Fit(Data(), Quiet with { Epochs = 2 }).Steps.Count);
        Assert.Equal(3, Tiny().Fit(Data(), Quiet).Steps.Count);
    }

    [Fact]
    public void Fit_Validation_ComesAsAskedAndOnceAtTheEnd()
    {
        var options = Quiet with { Validation = [Zero()], ValidateEvery = 2 };
        Assert.Equal([2, 4, 5], Tiny().Fit([Zero()], options with { Steps = 5 }).Validation.Select(point => point.Step));
        Assert.Equal([2, 4], Tiny().Fit([Zero()], options with { Steps = 4 }).Validation.Select(point => point.Step));
        Assert.Equal([5], Tiny().Fit([Zero()], options with { Steps = 5, ValidateEvery = null }).Validation.Select(point => point.Step));
    }

    [Fact]
    public void Fit_OnStep_SeesEveryStep()
    {
        var seen = new List<TrainingStep>();
        var history = Tiny().Fit([Zero()], Quiet with { Steps = 3, OnStep = seen.Add });
        Assert.Equal(history.Steps, seen);
        Assert.Equal([1, 2, 3], seen.Select(step => step.Step));
    }

    [Fact]
    public void Fit_LossFunctionGiven_IsUsed()
    {
        var batch = new Batch(Tensor.From([1f, -1f], 2, 1), Tensor.From([1f, 0f], 2, 1));
        var history = Model.Of(new Linear(1, 1)).Fit([batch], Quiet with { LossFunction = (output, truth) => Loss.BinaryCrossEntropyWithLogits(output, truth.Values!), Steps = 300, Optimizer = new Adam(0.1) });
        Assert.InRange(history.Steps[^1].Loss, 0, 0.01);
    }

    [Fact]
    public void Fit_LossNotFinite_ThrowsBeforeTheUpdate()
    {
        var model = Tiny();
        var before = model.Parameters[0].Tensor.ToArray();
        var bad = new Batch(Tensor.From([float.NaN, 1], 1, 2), Tensor.Zeros(1, 1));

        var error = Assert.Throws<InvalidOperationException>(() => model.Fit([bad], Quiet));

        Assert.Equal("Fit: the loss or its gradient is NaN at step 1. Lower the learning rate, or clip the gradients (ClipNorm). First seen: the batch's features[0, 0] is NaN.", error.Message);
        Assert.Equal(before, model.Parameters[0].Tensor.ToArray());
    }

    [Fact]
    public void Fit_NoBatch_Throws()
    {
        var error = Assert.Throws<DataException>(() => Tiny().Fit([], Quiet));
        Assert.Equal("Fit: epoch 1 has no batch. Give data with at least one; a sequence that can be gone through only once does for one epoch.", error.Message);
    }

    [Fact]
    public void Fit_StepsAndEpochs_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => Tiny().Fit([Zero()], Quiet with { Steps = 3, Epochs = 1 }));
        Assert.Equal("FitOptions: give Steps or Epochs, not both.", error.Message);
    }

    [Fact]
    public void Fit_OptionBelowOne_ThrowsNamingIt()
    {
        Assert.Equal("FitOptions: Steps must be at least 1, but is 0.", Assert.Throws<ArgumentException>(() => Tiny().Fit([Zero()], Quiet with { Steps = 0 })).Message);
        Assert.Equal("FitOptions: Epochs must be at least 1, but is -1.", Assert.Throws<ArgumentException>(() => Tiny().Fit([Zero()], Quiet with { Epochs = -1 })).Message);
        Assert.Equal("FitOptions: ValidateEvery must be at least 1, but is 0.", Assert.Throws<ArgumentException>(() => Tiny().Fit([Zero()], Quiet with { ValidateEvery = 0 })).Message);
    }

    [Fact]
    public void Fit_TokenCancelled_StopsBetweenSteps()
    {
        using var source = new CancellationTokenSource();
        var steps = 0;
        var options = Quiet with { Steps = 100, CancellationToken = source.Token, OnStep = _ => Count() };
        void Count()
        {
            if (++steps == 3)
                source.Cancel();
        }

        Assert.Throws<OperationCanceledException>(() => Tiny().Fit([Zero()], options));
        Assert.Equal(3, steps);
    }

    private static Model Tiny() => new(1, new Linear(2, 1));

    private static Batch Zero() => new(Tensor.Zeros(1, 2), Tensor.Zeros(1, 1));

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        var (wanted, got) = (expected.ToArray(), actual.ToArray());
        Assert.Equal(wanted.Length, got.Length);
        for (var i = 0; i < wanted.Length; i++)
            Assert.Equal(wanted[i], got[i], 1e-5);
    }
}

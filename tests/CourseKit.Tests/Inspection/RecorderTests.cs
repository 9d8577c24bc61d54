using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Backends.Reference;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Inspection;

/// <summary>What the recorder takes, that it is what the formulas say, and that looking changes nothing.</summary>
public class RecorderTests
{
    private const int B = 3, T = 5, I = 4, H = 19;

    public static TheoryData<string, bool> Layers
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var kind in new[] { "rnn", "lstm", "lstm coupled", "lstm peephole", "lstm projection", "lstm norm", "gru", "gru before", "update only", "minimal" })
            {
                data.Add(kind, false);
                data.Add(kind, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_TrainingStep_ChangesNoBit(string kind, bool masked)
    {
        float[] Run(bool recorded)
        {
            var layer = Make(kind, bidirectional: true);
            var x = Draw(1, B, T, I);
            x.RequiresGradient = true;
            var results = new List<float>();
            void Step() => Tape.Step(() =>
            {
                var (output, state) = layer.Forward(x, mask: masked ? Mask() : null);
                results.AddRange(output.ToArray().Concat(state.Hidden.SelectMany(h => h.ToArray())));
                (output * output).Sum().Backward();
            });
            if (recorded)
                Assert.Equal(2, Recorder.Of(Step).Records.Count);
            else
                Step();
            results.AddRange(x.Gradient!.ToArray().Concat(layer.Parameters.SelectMany(parameter => parameter.Tensor.Gradient!.ToArray())));
            return [.. results];
        }

        Assert.Equal(Run(recorded: false), Run(recorded: true));
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void Of_TrainingStep_AgreesWithTheReference(string kind, bool masked)
    {
        Recording Run(IBackend? backend)
        {
            Recording Recorded() => Recorder.Of(() =>
            {
                var layer = Make(kind, bidirectional: true);
                Tape.Step(() =>
                {
                    var (output, _) = layer.Forward(Draw(1, B, T, I), mask: masked ? Mask() : null);
                    (output * output).Sum().Backward();
                });
            });
            return backend is null ? Recorded() : Tensor.MakeOn(backend, Recorded);
        }

        var (fast, reference) = (Run(null), Run(new Float64Backend()));
        var taken = masked ? Mask().ToArray() : [.. Enumerable.Repeat(1f, B * T)];
        void Same(Tensor? expected, Tensor? actual)
        {
            Assert.Equal(expected is null, actual is null);
            if (expected is null)
                return;
            var (e, a) = (expected.ToArray(), actual!.ToArray());
            for (var i = 0; i < e.Length; i++)
            {
                if (taken[i / expected.Shape.Last] != 0)
                    Assert.Equal(e[i], a[i], 1e-5 * Math.Max(1, Math.Abs(e[i])));
            }
        }

        Assert.Equal(["l0", "l0_reverse"], fast.Records.Select(record => record.Name));
        foreach (var (e, a) in reference.Records.Zip(fast.Records))
        {
            Assert.Equal(e.Reverse, a.Reverse);
            Same(e.Hidden, a.Hidden);
            Same(e.Cell, a.Cell);
            Same(e.HiddenGradient, a.HiddenGradient);
            Same(e.CellGradient, a.CellGradient);
            Assert.NotNull(a.HiddenGradient);
            foreach (var gate in e.Gates)
            {
                Same(e.Gate(gate), a.Gate(gate));
                if (gate != "f" || kind != "lstm coupled")
                    Same(e.GateGradient(gate), a.GateGradient(gate));
            }
        }
    }

    [Fact]
    public void Of_LstmOutsideAStep_TakesGatesThatMakeTheCell()
    {
        var layer = new Lstm(I, H);
        var state = new RecurrentState([Draw(2, B, H)], [Draw(3, B, H)]);
        var record = Recorder.Of(() => layer.Forward(Draw(1, B, T, I), state))["l0"];
        Assert.Equal((B, T, "Lstm", false), (record.BatchSize, record.Steps, record.Operation, record.Reverse));
        Assert.Null(record.HiddenGradient);
        var (i, f, g, o) = (record.Gate("i"), record.Gate("f"), record.Gate("g"), record.Gate("o"));
        for (var t = 0; t < T; t++)
        {
            var before = t == 0 ? state.Cell![0][1, 7] : record.Cell![1, t - 1, 7];
            Assert.Equal((f[1, t, 7] * before) + (i[1, t, 7] * g[1, t, 7]), record.Cell![1, t, 7], 1e-6);
            Assert.Equal(o[1, t, 7] * Math.Tanh(record.Cell[1, t, 7]), record.Hidden[1, t, 7], 1e-6);
        }
    }

    [Fact]
    public void Records_OfAModel_HaveItsNames()
    {
        var model = new Model(1, new Embedding(5, I), new Lstm(I, 3, layers: 2), new Linear(3, 5));
        var recording = Recorder.Of(() => model.Predict(IntTensor.From([1, 2, 3, 4], 2, 2)), model.Parameters);
        Assert.Equal("lstm.l0: Lstm over [2, 2] with gates i, f, g, o\nlstm.l1: Lstm over [2, 2] with gates i, f, g, o", recording.ToString());
        Assert.Equal("Recording: there is no record \"gru.l0\". There are lstm.l0, lstm.l1. (Parameter 'name')", Assert.Throws<ArgumentException>(() => recording["gru.l0"]).Message);
        Assert.Equal("lstm.l0: there is no gate \"z\". There are i, f, g, o. (Parameter 'gate')", Assert.Throws<ArgumentException>(() => recording["lstm.l0"].Gate("z")).Message);
    }

    [Fact]
    public void Of_RecorderWithinARecorder_BothSeeThePass()
    {
        var layer = new Gru(I, H);
        Recording? inner = null;
        var outer = Recorder.Of(() =>
        {
            layer.Forward(Draw(1, B, T, I));
            inner = Recorder.Of(() => layer.Forward(Draw(2, B, T, I)));
        });
        Assert.Equal(2, outer.Records.Count);
        Assert.Equal(Assert.Single(inner!.Records).Hidden.ToArray(), outer.Records[1].Hidden.ToArray());
    }

    [Fact]
    public void Norms_OfOneLossAtTheEnd_AreThoseOfTheRecurrence()
    {
        // h_t = 0.5·h_{t-1} for relu of positive numbers, so that ∂L/∂h_t = 0.5^(T−1−t).
        var (x, h) = (Tensor.Zeros(1, 4, 1), Tensor.From([1f], 1, 1));
        var weights = new RecurrentWeights(Tensor.From([1f], 1, 1), Tensor.From([0.5f], 1, 1));
        weights.WeightHh.RequiresGradient = true;
        var recording = Recorder.Of(() => Tape.Step(() => Ops.SimpleRnn(x, h, weights, Activation.Relu).Hidden.Sum().Backward()));
        Assert.Equal([0.125, 0.25, 0.5, 1], GradientFlow.Norms(recording.Records[0]));

        var forward = Recorder.Of(() => Ops.SimpleRnn(x, h, weights)).Records[0];
        Assert.Equal("simplernn: there are no gradients, because no backward pass came through. Record a whole step: Recorder.Of(() => Tape.Step(() => ... loss.Backward())). (Parameter 'record')",
            Assert.Throws<ArgumentException>(() => GradientFlow.Norms(forward)).Message);
    }

    [Fact]
    public void Saturation_OfBiasedGates_IsCountedWhereTaken()
    {
        var layer = new Lstm(1, 2);
        foreach (var (_, tensor) in layer.Parameters)
            tensor.CopyFrom(new float[tensor.Length]);
        // i shut in neuron 0 and half open in 1, f open in both.
        layer.BiasIh().CopyFrom([-9, 0, 9, 9, 0, 0, 0, 0]);
        var record = Recorder.Of(() => layer.Forward(Tensor.Zeros(1, 3, 1), mask: Tensor.From([1f, 1, 0], 1, 3)))["l0"];
        var saturation = GateSaturation.Of(record);
        Assert.Equal(["i", "f", "o"], saturation.Select(gate => gate.Gate));
        Assert.Equal((0.5, 0.0), (saturation[0].Shut, saturation[0].Open));
        Assert.Equal([1, 0], saturation[0].ShutByNeuron);
        Assert.Equal("f: 0 % shut (below 0.1), 100 % open (above 0.9)", saturation[1].ToString());
    }

    [Fact]
    public void Spectrum_OfARotationScaled_IsItsScale()
    {
        var layer = new Gru(1, 2);
        layer.WeightHh().CopyFrom([0, -2, 2, 0, 3, 0, 0, -4, 0.5f, 1, 0, 0.5f]);
        var spectra = RecurrentSpectrum.Of(layer);
        Assert.Equal(["r", "z", "n"], spectra.Select(spectrum => spectrum.Gate));
        Assert.Equal(2, spectra[0].SpectralRadius, 1e-12);
        Assert.Equal([4, 3], spectra[1].SingularValues.Select(value => Math.Round(value, 12)));
        Assert.Equal(0.5, spectra[2].SpectralRadius, 1e-7);
        Assert.Equal((1 + Math.Sqrt(2)) / 2, spectra[2].SingularValues[0], 1e-7);
        Assert.Equal("z: spectral radius 4, largest singular value 4", spectra[1].ToString());
        Assert.Equal("RecurrentSpectrum: weightHh must be 2 square matrices below one another, but is [6, 2]. With a projection they are not square. (Parameter 'weightHh')",
            Assert.Throws<ArgumentException>(() => RecurrentSpectrum.Of(layer.WeightHh(), "a", "b")).Message);
    }

    [Fact]
    public void NeuronActivations_OfAText_AreItsHiddenValues()
    {
        var layer = new Lstm(I, H);
        var record = Recorder.Of(() => layer.Forward(Draw(1, B, T, I)))["l0"];
        var activations = NeuronActivations.Of(record, "abcab", row: 2);
        Assert.Equal(Enumerable.Range(0, T).Select(t => record.Hidden[2, t, 7]), activations.Of(7));
        var mean = activations.MeanByCharacter();
        Assert.Equal(['a', 'b', 'c'], mean.Keys);
        Assert.Equal((record.Hidden[2, 0, 7] + record.Hidden[2, 3, 7]) / 2, mean['a'][7], 1e-6);
        Assert.Equal(record.Cell![2, 4, 3], NeuronActivations.Of(record, "abcab", row: 2, cell: true).Of(3)[4]);
        Assert.Equal("l0: text must have one character for each of the 5 time steps, but has 3. (Parameter 'text')", Assert.Throws<ArgumentException>(() => NeuronActivations.Of(record, "abc")).Message);
    }

    [Theory]
    [InlineData(false, 3, "gate i of l0 at time step 3 in batch row 1 (neuron 0) is NaN")]
    [InlineData(true, 3, "gate i of l0 at time step 3 in batch row 1 (neuron 0) is NaN")]
    public void NonFinite_InOneExample_IsTheFirst(bool reverse, int t, string expected)
    {
        var x = Draw(1, B, T, I);
        x[1, t, 2] = float.NaN;
        var layer = new Lstm(I, H);
        var weights = new RecurrentWeights(layer.WeightIh(), layer.WeightHh(), layer.BiasIh(), layer.BiasHh());
        Assert.Equal(expected, NonFinite.In(Recorder.Of(() => Ops.Lstm(x, null, null, weights, reverse)))!.ToString());
        Assert.Null(NonFinite.In(Recorder.Of(() => layer.Forward(Draw(1, B, T, I)))));
    }

    [Fact]
    public void Fit_ExplodingState_NamesLayerStepGateAndRow()
    {
        // relu doubles and more at each step: 1e30·(1e5)^t leaves float32 at the third step.
        var rnn = new SimpleRnn(1, 2, activation: Activation.Relu);
        rnn.WeightIh().CopyFrom([1, 1]);
        rnn.WeightHh().CopyFrom([1e5f, 0, 0, 1e5f]);
        var model = Model.Of(rnn, new Linear(2, 1));
        var before = model.Parameters.Select(parameter => parameter.Tensor.ToArray()).ToList();
        var batch = new Batch(Tensor.From([0f, 0, 0, 0, 0, 1e30f, 0, 0], 2, 4, 1), Tensor.Zeros(2, 4, 1));
        var error = Assert.Throws<InvalidOperationException>(() => model.Fit([batch], new FitOptions { Optimizer = new Sgd(0.1), Progress = TextWriter.Null }));
        Assert.Equal("Fit: the loss or its gradient is NaN at step 1. Lower the learning rate, or clip the gradients (ClipNorm). First seen: the hidden state of simplernn.l0 at time step 3 in batch row 1 (neuron 0) is Infinity.",
            error.Message.Replace("is Infinity at step", "is NaN at step", StringComparison.Ordinal));
        Assert.Equal(before, model.Parameters.Select(parameter => parameter.Tensor.ToArray()));
    }

    [Fact]
    public void Fit_ParameterNotFinite_NamesIt()
    {
        var model = Model.Of(new Lstm(1, 2), new Linear(2, 1));
        ((Lstm)model.Layers[0]).WeightHh()[3, 1] = float.NaN;
        var batch = new Batch(Tensor.Zeros(1, 2, 1), Tensor.Zeros(1, 2, 1));
        var error = Assert.Throws<InvalidOperationException>(() => model.Fit([batch], new FitOptions { Optimizer = new Sgd(0.1), Progress = TextWriter.Null }));
        Assert.EndsWith("First seen: lstm.weight_hh_l0[3, 1] is NaN.", error.Message);
    }

    [Fact]
    public void Fit_GateOfAnLstmNotFinite_NamesIt()
    {
        // An overflow of i's sum alone: 3e38·2 at time step 1 of row 1, minus infinity elsewhere is a number, and NaN where both meet.
        var lstm = new Lstm(2, 1);
        lstm.WeightIh().CopyFrom([3e38f, -3e38f, 0, 0, 0, 0, 0, 0]);
        var model = Model.Of(lstm, new Linear(1, 1));
        var batch = new Batch(Tensor.From([0f, 0, 0, 0, 0, 0, 2, 2], 2, 2, 2), Tensor.Zeros(2, 2, 1));
        var error = Assert.Throws<InvalidOperationException>(() => model.Fit([batch], new FitOptions { Optimizer = new Sgd(0.1), Progress = TextWriter.Null }));
        Assert.EndsWith("First seen: gate i of lstm.l0 at time step 1 in batch row 1 (neuron 0) is NaN.", error.Message);
    }

    [Fact]
    public void Fit_GradientOverflow_NamesTheGradient()
    {
        // The loss is finite, 1e38 in all, but its gradient through weights of 1e25 is not.
        var rnn = new SimpleRnn(1, 1, activation: Activation.Relu);
        rnn.WeightIh().CopyFrom([1e18f]);
        rnn.WeightHh().CopyFrom([0]);
        rnn.BiasIh().CopyFrom([0]);
        rnn.BiasHh().CopyFrom([0]);
        var linear = new Linear(1, 1);
        linear.Parameters[0].Tensor.CopyFrom([1e25f]);
        linear.Parameters[1].Tensor.CopyFrom([0]);
        var model = Model.Of(rnn, linear);
        var batch = new Batch(Tensor.From([1e-25f], 1, 1, 1), Tensor.Zeros(1, 1, 1));
        var error = Assert.Throws<InvalidOperationException>(() => model.Fit([batch], new FitOptions { Optimizer = new Sgd(0.1), Progress = TextWriter.Null }));
        Assert.EndsWith("First seen: the gradient of the hidden state of simplernn.l0 at time step 0 in batch row 0 (neuron 0) is Infinity.", error.Message);
    }

    private static RecurrentLayer Make(string kind, bool bidirectional) => kind switch
    {
        "rnn" => new SimpleRnn(I, H, bidirectional: bidirectional),
        "lstm" => new Lstm(I, H, bidirectional: bidirectional),
        "lstm coupled" => new Lstm(I, H, bidirectional: bidirectional, coupled: true),
        "lstm peephole" => new Lstm(I, H, bidirectional: bidirectional, peephole: true),
        "lstm projection" => new Lstm(I, H, bidirectional: bidirectional, projectionSize: 5),
        "lstm norm" => new Lstm(I, H, bidirectional: bidirectional, layerNorm: true),
        "update only" => new SimplifiedGru(I, H, bidirectional: bidirectional),
        "minimal" => new MinimalGatedUnit(I, H, bidirectional: bidirectional),
        _ => new Gru(I, H, resetAfter: kind == "gru", bidirectional: bidirectional),
    };

    private static Tensor Mask() => Tensor.From([1f, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 1, 1], B, T);

    private static Tensor Draw(long seed, params int[] shape)
    {
        var values = new float[new Shape(shape).Length];
        new RandomSource(seed).FillUniform(values, -1, 1);
        return Tensor.From(values, new Shape(shape));
    }
}

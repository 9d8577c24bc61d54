using CourseKit.Autograd;
using CourseKit.Backends.Reference;
using CourseKit.Inspection;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.SequenceToSequence;

public class EncoderDecoderTests
{
    private static readonly (int[] Source, int[] Target)[] Pairs = [([3, 4, 5, 6], [6, 5, 3]), ([6, 6, 3, 7], [4]), ([5, 3, 3, 4], [7, 7, 7, 3])];

    public static TheoryData<string> Kinds => ["plain", "bridge", "additive", "dot", "general", "feeding", "feeding without attention", "deep", "projection", "merge", "residual", "shared"];

    /// <summary>One call over the whole target against one token at a time through Step.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_WholeTarget_IsStepByStep(string kind)
    {
        var model = Make(kind);
        var batch = new SequencePairs(Pairs).All();
        var (logits, _) = model.Forward(batch.Ids!, batch.DecoderIds!);
        Assert.Equal(new Shape(3, 5, 8), logits.Shape);
        var state = model.Start(batch.Ids!);
        for (var t = 0; t < 5; t++)
        {
            (var logs, state) = model.Step([.. Enumerable.Range(0, 3).Select(row => batch.DecoderIds![row, t])], state);
            for (var row = 0; row < 3; row++)
            {
                var sum = Enumerable.Range(0, 8).Sum(token => Math.Exp(logits[row, t, token]));
                for (var token = 0; token < 8; token++)
                    Assert.Equal(logits[row, t, token] - Math.Log(sum), logs[row, token], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loss_Gradient_IsTheDifferenceInFloat64(string kind)
    {
        var model = Make(kind);
        var batch = new SequencePairs([([3, 4, 5], [6, 5, 3]), ([6, 7], [4])]).All();
        var result = GradientCheck.Of(() => [model.Loss(batch)], [.. model.Parameters.Select(parameter => parameter.Tensor)], kind);
        Assert.True(result.Passed, result.ToString());
        Assert.InRange(result.LargestRelativeDifference, 0, 1e-6);
    }

    /// <summary>float32 kernels against the plain float64 loops: loss and every gradient.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loss_OnTheCpu_IsThatOfTheReference(string kind)
    {
        var model = Make(kind);
        var cpu = Run();
        model.To(new Float64Backend());
        var reference = Tensor.MakeOn(model.Parameters[0].Tensor.Backend, Run);
        for (var i = 0; i < cpu.Length; i++)
        {
            for (var j = 0; j < cpu[i].Length; j++)
                Assert.Equal(reference[i][j], cpu[i][j], 1e-5f);
        }

        float[][] Run()
        {
            var batch = new SequencePairs([.. Pairs, ([7, 7], [5])]).All();
            return Tape.Step(() =>
            {
                var loss = model.Loss(batch);
                loss.Backward();
                return new[] { loss.ToArray() }.Concat(model.Parameters.Select(parameter => parameter.Tensor.Gradient!.ToArray())).ToArray();
            });
        }
    }

    /// <summary>The equations of the class' own remarks, in float64, for tanh layers and dot attention.</summary>
    [Fact]
    public void Forward_TanhLayersAndDotAttention_FollowTheEquations()
    {
        var model = new EncoderDecoder(5, new Embedding(6, 3), new SimpleRnn(3, 4), new Embedding(7, 2), new SimpleRnn(2, 4), new DotAttention(4));
        var p = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Tensor);
        int[] source = [3, 5, 1], target = [1, 6, 4];
        var (logits, weights) = model.Forward(IntTensor.From(source, 1, 3), IntTensor.From(target, 1, 3));

        var encoded = new List<double[]>();
        var h = new double[4];
        foreach (var token in source)
            encoded.Add(h = Cell("encoder", Row(p["source.weight"], token), h));
        for (var t = 0; t < 3; t++)
        {
            h = Cell("decoder", Row(p["target.weight"], target[t]), h);
            double[] e = [.. encoded.Select(key => Math.Exp(key.Zip(h, (a, b) => a * b).Sum()))];
            double[] context = [.. Enumerable.Range(0, 4).Select(j => encoded.Select((value, s) => e[s] / e.Sum() * value[j]).Sum())];
            double[] combined = [.. Times(p["combine.weight"], [.. context, .. h]).Select(Math.Tanh)];
            var expected = Times(p["output.weight"], combined);
            for (var s = 0; s < 3; s++)
                Assert.Equal(e[s] / e.Sum(), weights![0, t, s], 1e-5);
            for (var j = 0; j < 7; j++)
                Assert.Equal(expected[j] + p["output.bias"][j], logits[0, t, j], 1e-5);
        }

        double[] Cell(string name, double[] x, double[] before)
        {
            var (ofX, ofH) = (Times(p[$"{name}.weight_ih_l0"], x), Times(p[$"{name}.weight_hh_l0"], before));
            return [.. ofX.Select((value, j) => Math.Tanh(value + ofH[j] + p[$"{name}.bias_ih_l0"][j] + p[$"{name}.bias_hh_l0"][j]))];
        }

        static double[] Row(Tensor x, int row) => [.. Enumerable.Range(0, x.Shape[1]).Select(j => (double)x[row, j])];

        static double[] Times(Tensor w, double[] x) => [.. Enumerable.Range(0, w.Shape[0]).Select(i => Enumerable.Range(0, x.Length).Sum(j => w[i, j] * x[j]))];
    }

    [Theory]
    [InlineData(false, 1.0, 1)]
    [InlineData(true, 1.0, 5)]
    [InlineData(false, 0.9, 5)]
    public void Forward_FullTeacherForcingWithoutFeeding_RunsTheDecoderOnce(bool inputFeeding, double ratio, int calls)
    {
        var decoder = new Counting(new Gru(inputFeeding ? 3 + 4 : 3, 4));
        var batch = new SequencePairs(Pairs).All();
        var model = new EncoderDecoder(1, new Embedding(8, 3), new Gru(3, 4), new Embedding(8, 3), decoder, new DotAttention(4), inputFeeding);
        decoder.Calls = 0;
        model.TeacherForcingRatio = ratio;
        Tape.Step(() => model.Loss(batch).Backward());
        Assert.Equal(calls, decoder.Calls);
    }

    /// <summary>A model that is sure of token 3 draws nothing else: with ratio 0 it reads 3 at every step but the first; outside of training always the truth.</summary>
    [Fact]
    public void Forward_RatioOfZero_ReadsWhatTheModelWritesInTrainingOnly()
    {
        var model = SureOf(3);
        model.TeacherForcingRatio = 0;
        var batch = new SequencePairs(Pairs).All();
        var threes = IntTensor.From(new[,] { { 1, 3, 3, 3, 3 }, { 1, 3, 3, 3, 3 }, { 1, 3, 3, 3, 3 } });
        var drawn = Tape.Step(() => model.Forward(batch.Ids!, batch.DecoderIds!).Output.ToArray());
        Assert.InRange(Farthest(model.Forward(batch.Ids!, threes).Output), 0, 5e-5);
        Assert.True(Farthest(model.Forward(batch.Ids!, batch.DecoderIds!).Output) > 0.01);

        double Farthest(Tensor logits) => logits.ToArray().Zip(drawn, (a, b) => Math.Abs(a - b)).Max();
    }

    [Fact]
    public void Forward_ScheduledSampling_ReadsTheTruthAsOftenAsItShould()
    {
        const int Rows = 2000;
        var model = SureOf(3);
        model.TeacherForcingRatio = 0.7;
        var sources = IntTensor.From(Enumerable.Repeat(4, Rows).ToArray(), Rows, 1);
        IntTensor Targets(int second) => IntTensor.From(Enumerable.Range(0, Rows).SelectMany(_ => new[] { 1, second }).ToArray(), Rows, 2);
        float[] Logits(IntTensor targets) => [.. model.Forward(sources, targets).Output.ToArray().Skip(8 + 5).Where((_, i) => i % 16 == 0)];
        var (truth, drawn) = (Logits(Targets(6))[0], Logits(Targets(3))[0]);
        var seen = Tape.Step(() => Logits(Targets(6)));
        Assert.Equal(Rows, seen.Length);
        Assert.True(Math.Abs(truth - drawn) > 0.01);
        Assert.All(seen, value => Assert.True(Math.Abs(value - truth) < 1e-4 || Math.Abs(value - drawn) < 1e-4));

        // 1,400 expected, deviation 20.5.
        Assert.InRange(seen.Count(value => Math.Abs(value - truth) < 1e-4), 1400 - 70, 1400 + 70);
    }

    [Fact]
    public void Loss_PaddedTargets_IsTheMeanOverAllTokens()
    {
        var model = Make("additive");
        var sum = Pairs.Sum(pair => model.Loss(new SequencePairs([pair]).All()).Item() * (pair.Target.Length + 1));
        var batch = new SequencePairs(Pairs).All();
        Assert.Equal(11, batch.TargetCount);
        Assert.Equal(sum / 11, model.Loss(batch).Item(), 1e-5);
        Assert.Equal(sum / 11, model.Evaluate(new SequencePairs(Pairs).Batches(2)), 1e-5);
    }

    [Fact]
    public void Parameters_OfAWholeModel_AreNamedByPartAndSurviveAFile()
    {
        var (model, other) = (Make("bridge"), Make("bridge", seed: 99));
        Assert.Equal(
            ["source.weight", "encoder.weight_ih_l0", "encoder.weight_hh_l0", "encoder.bias_ih_l0", "encoder.bias_hh_l0",
             "encoder.weight_ih_l0_reverse", "encoder.weight_hh_l0_reverse", "encoder.bias_ih_l0_reverse", "encoder.bias_hh_l0_reverse", "bridge.weight", "bridge.bias", "bridge2.weight", "bridge2.bias"],
            model.Parameters.Select(parameter => parameter.Name).Where(name => name.StartsWith("source", StringComparison.Ordinal) || name.StartsWith("encoder", StringComparison.Ordinal) || name.StartsWith("bridge", StringComparison.Ordinal))
                .OrderBy(name => name.StartsWith("source", StringComparison.Ordinal) ? 0 : name.StartsWith("encoder", StringComparison.Ordinal) ? 1 : 2));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            StateDict.Save(model.Parameters, path);
            StateDict.Load(other.Parameters, path);
        }
        finally
        {
            File.Delete(path);
        }

        var batch = new SequencePairs(Pairs).All();
        Assert.Equal(model.Forward(batch.Ids!, batch.DecoderIds!).Output.ToArray(), other.Forward(batch.Ids!, batch.DecoderIds!).Output.ToArray());
    }

    [Fact]
    public void Parameters_OfASharedEmbedding_AreThereOnce()
    {
        var model = Make("shared");
        Assert.Single(model.Parameters, parameter => parameter.Tensor.Shape == new Shape(8, 3));
        Assert.Equal("embedding.weight", model.Parameters[0].Name);
    }

    [Fact]
    public void Fit_AFewPairs_LearnsThemByHeart()
    {
        var model = Make("general");
        var history = model.Fit(new SequencePairs(Pairs).Batches(3), new() { Steps = 300, Optimizer = new Adam(0.02), ClipNorm = 1, Progress = null });
        Assert.Equal(300, history.Steps.Count);
        Assert.True(history.Steps[0].Loss > 1.5);
        Assert.InRange(history.Steps[^1].Loss, 0, 0.05);
        var sources = Pairs.Select(pair => pair.Source).ToArray();
        Assert.Equal(Pairs.Select(pair => pair.Target), model.Decode(sources).Greedy().Select(hypothesis => hypothesis.Tokens));
        Assert.Equal(Pairs.Select(pair => pair.Target), model.Decode(sources).Beam(3, 0.6).Select(best => best[0].Tokens));
    }

    /// <summary>With shuffling and scheduled sampling: stopped at step 9 and gone on from a checkpoint, the same bits as never stopped.</summary>
    [Fact]
    public void Fit_GoneOnFromACheckpoint_HasTheBitsOfOneThatNeverStopped()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.checkpoint");
        try
        {
            var whole = Train(checkpoint: null, stopAt: null);
            Assert.Null(Train(new Checkpoint(path, every: 4), stopAt: 9));
            Assert.Equal(whole, Train(new Checkpoint(path, every: 4, resume: true), stopAt: null));
            Assert.Equal(whole, Train(checkpoint: null, stopAt: null));
        }
        finally
        {
            File.Delete(path);
            File.Delete(path + ".previous");
        }

        static float[]? Train(Checkpoint? checkpoint, int? stopAt)
        {
            var (model, shuffle, stop) = (Make("additive"), new RandomSource(5), new CancellationTokenSource());
            var options = new FitOptions
            {
                Optimizer = new Adam(0.01),
                Steps = 20,
                RandomSources = [shuffle],
                Callbacks = checkpoint is null ? [ScheduledSampling.Exponential(0.9)] : [checkpoint, ScheduledSampling.Exponential(0.9)],
                OnStep = step => { if (step.Step == stopAt) stop.Cancel(); },
                CancellationToken = stop.Token,
                Progress = null,
            };
            try
            {
                model.Fit(new SequencePairs(Pairs).Batches(2, shuffle), options);
                Assert.Equal(Math.Pow(0.9, 20), model.TeacherForcingRatio, 1e-12);
                return [.. model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray())];
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_OfABatch_IsThatOfEachSourceAlone(string kind)
    {
        var model = Make(kind);
        int[][] sources = [.. Pairs.Select(pair => pair.Source)];
        var (greedy, beams) = (model.Decode(sources, 7).Greedy(), model.Decode(sources, 7).Beam(4, 0.6));
        for (var row = 0; row < sources.Length; row++)
        {
            Assert.Equal(model.Decode(sources[row], 7).Greedy()[0].ToString(), greedy[row].ToString());
            Assert.Equal(model.Decode(sources[row], 7).Beam(4, 0.6)[0].Select(h => h.ToString()), beams[row].Select(h => h.ToString()));
        }
    }

    /// <summary>A hypothesis' log-probability is that of teacher forcing with its own tokens.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Beam_LogProbability_IsThatOfTeacherForcing(string kind)
    {
        var model = Make(kind);
        foreach (var hypothesis in model.Decode(Pairs[0].Source, 4).Beam(5)[0].Where(h => h.Ended))
            Assert.Equal(-model.Loss(new SequencePairs([(Pairs[0].Source, [.. hypothesis.Tokens])]).All()).Item() * (hypothesis.Tokens.Count + 1), hypothesis.LogProbability, 1e-4);
    }

    [Fact]
    public void Align_OfATarget_IsTheWeightsOfForward()
    {
        var model = Make("general");
        var weights = model.Align([3, 4, 5], [6, 7]);
        Assert.Equal(new Shape(3, 3), weights.Shape);
        Assert.Equal(model.Forward(IntTensor.From([3, 4, 5], 1, 3), IntTensor.From([1, 6, 7], 1, 3)).Weights!.ToArray(), weights.ToArray());
        var plain = Make("plain");
        Assert.Equal($"{plain}: there are no weights to show, for the model has no attention. Make it with one.", Assert.Throws<InvalidOperationException>(() => plain.Align([3], [4])).Message);
    }

    /// <summary>The example in the documentation of the class.</summary>
    [Fact]
    public void Example_InTheDocumentation_Runs()
    {
        (int[] Source, int[] Target)[] data = [([3, 4], [4, 3]), ([5, 6, 7], [7, 6, 5])];
        int[][] sources = [[3, 4], [5, 6, 7]];
        int[][][] references = [[[4, 3]], [[7, 6, 5], [7, 6]]];

        var pairs = new SequencePairs(data);
        var model = new EncoderDecoder(seed: 1, new Embedding(13, 32), new Gru(32, 64, bidirectional: true),
            new Embedding(13, 32), new Gru(32, 64), new AdditiveAttention(querySize: 64, keySize: 128, attentionSize: 64));
        model.Fit(pairs.Batches(64, new RandomSource(2)), new() { Epochs = 40, Optimizer = new Adam(0.005), ClipNorm = 1, Progress = null });
        var written = model.Decode(sources).Beam(5, lengthPenalty: 0.6);
        var bleu = Bleu.Corpus([.. written.Select(best => best[0].Tokens)], references, maxOrder: 2);
        var weights = model.Align(sources[0], written[0][0].Tokens);

        Assert.Equal(1, bleu.Score, 1e-12);
        Assert.Equal(new Shape(3, 2), weights.Shape);
        Assert.Equal([4, 3], written[0][0].Tokens);
    }

    internal static EncoderDecoder Make(string kind, int seed = 7) => kind switch
    {
        "plain" => new(seed, new Embedding(8, 3), new Gru(3, 4), new Embedding(8, 3), new Gru(3, 4)),
        "bridge" => new(seed, new Embedding(8, 3), new Lstm(3, 3, bidirectional: true), new Embedding(8, 3), new Lstm(3, 4)),
        "additive" => new(seed, new Embedding(8, 3), new Gru(3, 2, bidirectional: true), new Embedding(8, 3), new Lstm(3, 4), new AdditiveAttention(4, 4, 5)),
        "dot" => new(seed, new Embedding(8, 3), new Lstm(3, 4), new Embedding(8, 3), new Lstm(3, 4), new DotAttention(4, scaled: true)),
        "general" => new(seed, new Embedding(8, 5), new Gru(5, 6, bidirectional: true), new Embedding(8, 5), new Gru(5, 8), new GeneralAttention(8, 12)),
        "feeding" => new(seed, new Embedding(8, 3), new Lstm(3, 2, bidirectional: true), new Embedding(8, 3), new SimpleRnn(7, 4), new AdditiveAttention(4, 4, 3), inputFeeding: true),
        "feeding without attention" => new(seed, new Embedding(8, 3), new Gru(3, 4), new Embedding(8, 3), new Gru(7, 4), inputFeeding: true),
        "deep" => new(seed, new Embedding(8, 3), new Lstm(3, 4, layers: 3), new Embedding(8, 3), new Lstm(3, 4, layers: 2), new DotAttention(4)),
        "projection" => new(seed, new Embedding(8, 3), new Lstm(3, 5, projectionSize: 3), new Embedding(8, 3), new Lstm(3, 6, projectionSize: 4), new GeneralAttention(4, 3)),
        "merge" => new(seed, new Embedding(8, 3), new Gru(3, 4, bidirectional: true, merge: BidirectionalMerge.Sum), new Embedding(8, 3), new Gru(3, 4), new DotAttention(4)),
        "residual" => new(seed, new Embedding(8, 4), new RecurrentResidual(new Gru(4, 2, bidirectional: true)), new Embedding(8, 3), new SimpleRnn(3, 4), new DotAttention(4)),
        _ => Shared(seed),
    };

    private static EncoderDecoder Shared(int seed)
    {
        var embedding = new Embedding(8, 3);
        return new(seed, embedding, new Gru(3, 4), embedding, new Gru(3, 4, layers: 2), new DotAttention(4));
    }

    private static EncoderDecoder SureOf(int token)
    {
        var model = Make("plain");
        model.Parameters.Single(parameter => parameter.Name == "output.bias").Tensor[token] = 50;
        return model;
    }

    /// <summary>Counts how often a layer is run.</summary>
    private sealed class Counting(SequenceLayer inner) : SequenceLayer
    {
        public int Calls { get; set; }

        public override int InputSize => inner.InputSize;

        public override void Initialize(RandomSource random) => inner.Initialize(random);

        public override Shape OutputShape(Shape inputShape) => inner.OutputShape(inputShape);

        public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
        {
            Calls++;
            return inner.Forward(x, state, mask);
        }

        public override string ToString() => $"Counting({inner})";
    }
}

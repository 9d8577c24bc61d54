using System.Xml.Linq;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Pictures;

public class UnrolledTests
{
    public static TheoryData<string> Kinds => [.. Models.Keys];

    private static readonly Dictionary<string, Func<Model>> Models = new()
    {
        ["simple"] = () => new(1, new SimpleRnn(3, 5), new Linear(5, 4)),
        ["stack"] = () => new(1, new Embedding(9, 4), new Lstm(4, 6, layers: 3), new Dropout(0.2f), new Linear(6, 9)),
        ["both ways"] = () => new(1, new Embedding(9, 4), new Gru(4, 6, bidirectional: true, layers: 2), new Linear(12, 9)),
        ["apart"] = () => new(1, new Lstm(4, 6, layers: 2, bidirectional: true, merge: BidirectionalMerge.None), new Linear(6, 2)),
        ["sum"] = () => new(1, new Gru(4, 6, bidirectional: true, merge: BidirectionalMerge.Sum), new LayerNorm(6)),
        ["many to one"] = () => new(1, new Embedding(9, 4), new Lstm(4, 6, returnSequences: false), new Linear(6, 1)),
        ["both ways to one"] = () => new(1, new Lstm(4, 6, bidirectional: true, returnSequences: false), new Linear(12, 1), new ActivationLayer(Backends.Activation.Sigmoid)),
        ["variants"] = () => new(1, new DepthGatedLstm(4, 6, layers: 2), new SimplifiedGru(6, 6), new MinimalGatedUnit(6, 6), new Lstm(6, 8, projectionSize: 5, layers: 2, peephole: true)),
        ["residual"] = () => new(1, new RecurrentResidual(new Gru(4, 4)), new Residual(new Linear(4, 4)), new TimeDistributed(new Linear(4, 2))),
        ["own cell"] = () => new(1, new OwnCell(3, 5), new OwnCell(5, 5, reverse: true), new CourseKit.Layers.Bidirectional(new OwnCell(5, 4), new OwnCell(5, 4, reverse: true))),
        ["feed-forward"] = () => new(1, new Linear(3, 2)),
        ["large vocabulary"] = () => new(1, new Embedding(50, 8), new Gru(8, 16), new AdaptiveSoftmax(16, 50, [10, 30])),
        ["pair"] = () => Pair(new Gru(4, 6), null).Model,
        ["attention"] = () => Pair(new Lstm(4, 6, layers: 2), new DotAttention(6)).Model,
        ["attention both ways"] = () => Pair(new Gru(4, 6, bidirectional: true), new AdditiveAttention(6, 12, 5), inputFeeding: true).Model,
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Unrolled_AnyModel_LiesInsideAndNamesEveryParameter(string kind)
    {
        var model = Models[kind]();
        foreach (var steps in (int[])[1, 2, 4, 6])
        {
            var drawing = Picture.Unrolled(model, steps);
            var fragment = new Fragment(drawing);
            fragment.AssertInsideViewBox();
            Assert.Equal(drawing.ToHtml(), Picture.Unrolled(Models[kind](), steps).ToHtml());
            Assert.Equal(drawing.ToString(), fragment.Description);
            Assert.EndsWith(FormattableString.Invariant($"{model.ParameterCount:N0} parameters in all, the same ones at every time step."), drawing.ToString(), StringComparison.Ordinal);
            Assert.Equal(model.ParameterCount, fragment.Texts.Where(text => text.EndsWith(" parameters", StringComparison.Ordinal) && char.IsAsciiDigit(text[0]))
                .Sum(text => long.Parse(text.Split(' ')[0].Replace(",", "", StringComparison.Ordinal))) + Bridge(model));
        }
    }

    [Fact]
    public void Unrolled_SimpleNetwork_ShowsNamesShapesParametersAndSteps()
    {
        var fragment = new Fragment(Picture.Unrolled(Models["simple"](), 3));
        Assert.Equal(
            ["x₁", "x₂", "x₃", "input", "[batch, time, 3]", "h₁", "h₂", "h₃", "simplernn", "[batch, time, 5]", "50 parameters", "y₁", "y₂", "y₃", "linear", "[batch, time, 4]", "24 parameters"],
            fragment.Texts);
        Assert.Equal("All boxes of a row share their weights: 74 parameters for any number of time steps.", Assert.Single(fragment.Notes));
        Assert.Equal(
            "Network unrolled over 3 time steps, from input to output: simplernn forward in time [batch, time, 5], 50 parameters; linear [batch, time, 4], 24 parameters. " +
            "74 parameters in all, the same ones at every time step.", fragment.Description);
        Assert.Contains("simplernn at time step 2\n[batch, time, 5], 50 parameters", fragment.Hover.GetProperty("texts").EnumerateArray().Select(text => text.GetString()));
    }

    [Fact]
    public void Unrolled_Recurrence_PointsTheWayThatTheStateGoes()
    {
        // Into the first box, from box to box, out of the last: one arrow more than boxes.
        Assert.Equal(["right", "right", "right", "right"], Directions(new Fragment(Picture.Unrolled(Models["simple"](), 3)), "ck-fwd"));
        var both = new Fragment(Picture.Unrolled(Models["sum"](), 3));
        Assert.Equal(["right", "right", "right", "right"], Directions(both, "ck-fwd"));
        Assert.Equal(["left", "left", "left", "left"], Directions(both, "ck-rev"));
        Assert.Equal("Blue runs from the first step to the last, orange from the last to the first; a bar adds the two.", both.Notes[0]);
        var own = new Fragment(Picture.Unrolled(Models["own cell"](), 2));
        Assert.Equal(3 + 3, Directions(own, "ck-fwd").Length);
        Assert.Equal(["left", "left", "left", "left", "left", "left"], Directions(own, "ck-rev"));
    }

    [Fact]
    public void Unrolled_Lstm_HasTwoArrowsForTwoStates()
    {
        var fragment = new Fragment(Picture.Unrolled(Models["many to one"](), 4));
        Assert.Equal(2 * 5, Directions(fragment, "ck-fwd").Length);
        Assert.Equal("Double arrows carry two states: h, which the layer also gives out, and the cell c.", fragment.Notes[0]);
        // One answer, above the last time step.
        Assert.Contains("y", fragment.Texts);
        Assert.DoesNotContain("y₁", fragment.Texts);
        Assert.Contains("[batch, 6]", fragment.Texts);
    }

    [Fact]
    public void Unrolled_Stack_HasARowForEveryLayerUnderItsParametersName()
    {
        var model = Models["stack"]();
        var fragment = new Fragment(Picture.Unrolled(model));
        Assert.Subset(fragment.Texts.ToHashSet(), new HashSet<string> { "lstm.l0", "lstm.l1", "lstm.l2", "dropout 0.2", "no parameters", "[batch, time] ids" });
        var second = model.Parameters.Where(parameter => parameter.Name.EndsWith("_l1", StringComparison.Ordinal)).Sum(parameter => parameter.Tensor.Length);
        Assert.Contains($"lstm.l1 forward in time [batch, time, 6], {second} parameters", fragment.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Unrolled_FrozenLayer_LearnsNothing()
    {
        var model = Models["simple"]();
        foreach (var (_, tensor) in model.Layers[1].Parameters)
            tensor.RequiresGradient = false;
        Assert.Contains("linear [batch, time, 4], no parameters. 50 parameters in all", Picture.Unrolled(model).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Unrolled_VeryDeep_LeavesTheMiddleOut()
    {
        var model = new Model(1, [new Embedding(10, 8), .. Enumerable.Range(0, 15).Select(_ => (Layer)new Gru(8, 8)), new Linear(8, 9)]);
        var fragment = new Fragment(Picture.Unrolled(model));
        fragment.AssertInsideViewBox();
        Assert.Contains("6 more layers", fragment.Texts);
        Assert.Contains($"{6 * 432:N0} parameters", fragment.Texts);
        Assert.DoesNotContain("gru8", fragment.Texts);
    }

    [Fact]
    public void Unrolled_EncoderDecoder_HasBothSidesAndAttentionBetween()
    {
        var plain = new Fragment(Picture.Unrolled(Models["pair"](), 2));
        Assert.Equal(["x₁", "s", "x₂", "y₁"], plain.Texts[..4]);
        // One arrow leads over from the encoder's last box to the decoder's first: no stub ends there, none begins.
        Assert.Equal(3 + 2, Directions(plain, "ck-fwd").Length);
        Assert.DoesNotContain("attention", plain.Texts);

        var fragment = new Fragment(Picture.Unrolled(Models["attention both ways"](), 2));
        Assert.Contains("attention", fragment.Texts);
        Assert.Contains("AdditiveAttention", fragment.Texts);
        Assert.Equal(4, fragment.WithClass("ck-look").Count(e => e.Name.LocalName == "path"));
        Assert.Contains("The encoder's final states start the decoder, through a learned bridge, for their sizes differ.", fragment.Notes);
        Assert.Contains("With input feeding the decoder also reads what the combining layer gave at the step before.", fragment.Notes);
        Assert.Contains("encoder Gru in both directions [batch, time, 12]", fragment.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Unrolled_StepsOutsideTheirRange_SaysWhich()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Unrolled(Models["simple"](), 13));
        Assert.StartsWith("Picture.Unrolled: steps must be from 1 to 12, but got 13. More steps look the same: they share their weights.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Unrolled(Models["pair"](), 0));
        Assert.StartsWith("Picture.Unrolled: for an encoder-decoder steps must be from 1 to 6, on each side, but got 0.", error.Message, StringComparison.Ordinal);
    }

    private static EncoderDecoder Pair(SequenceLayer encoder, Attention? attention, bool inputFeeding = false) =>
        new(1, new Embedding(9, 4), encoder, new Embedding(9, 4), new Gru(inputFeeding ? 10 : 4, 6), attention, inputFeeding);

    // A learned bridge between encoder and decoder has no row of its own.
    private static long Bridge(Model model) =>
        model.Layers[0].Parts.Where(part => part.Name.StartsWith("bridge", StringComparison.Ordinal)).Sum(part => part.Parameters.Sum(parameter => (long)parameter.Tensor.Length));

    // The first two corners of every arrow of a class.
    private static string[] Directions(Fragment fragment, string css) =>
    [
        .. fragment.WithClass("ck-flow").Where(path => path.Attribute("class")!.Value.Split(' ').Contains(css)).Select(path => Corners(path)).Select(corners => corners[0] < corners[1] ? "right" : "left")
    ];

    private static double[] Corners(XElement path) =>
        [.. path.Attribute("d")!.Value.Split('M', 'L').Skip(1).Select(pair => double.Parse(pair.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))];

    private sealed class OwnCell(int inputSize, int hiddenSize, bool reverse = false) : RecurrentCellLayer(inputSize, hiddenSize, reverse: reverse)
    {
        public override StepState Step(Tensor x, StepState state) => Ops.Tanh(state.Hidden);
    }
}

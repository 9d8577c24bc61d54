using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Training;

namespace CourseKit.Tests.Layers;

public class WrapperTests
{
    [Fact]
    public void TimeDistributed_LayerOfRowsOnly_SeesEveryTimeStep()
    {
        var layer = new TimeDistributed(new RowsOnly());
        var x = GradientCheck.Draw(1, 2, 3, 4);
        var y = layer.Forward(x);
        Assert.Equal(new Shape(2, 3, 2), y.Shape);
        Assert.Equal(y.Shape, layer.OutputShape(x.Shape));
        for (var t = 0; t < 3; t++)
            Assert.Equal(layer.Inner.Forward(Ops.SelectStep(x, t)).ToArray(), Ops.SelectStep(y, t).ToArray());
        GradientCheck.Of(() => layer.Forward(x), x, layer.Parameters[0].Tensor);
        Assert.Equal(["rowsonly.gain"], layer.Parameters.Select(p => p.Name));
        Assert.Equal("TimeDistributed(RowsOnly)", layer.ToString());
        Assert.Equal("TimeDistributed(RowsOnly): x must be [batch, time, ...], but got [4].", Shape(() => layer.Forward(Tensor.Zeros(4))));
    }

    [Fact]
    public void Parts_OneLayerTwice_Throws()
    {
        var linear = new Linear(4, 4);
        var error = Assert.Throws<ArgumentException>(() => new Residual(linear, linear));
        Assert.Equal("Residual: the layer linear comes twice. Make a new layer for every place.", error.Message);
    }

    [Fact]
    public void TimeDistributed_Linear_IsWhatLinearDoesByItself()
    {
        var linear = new Linear(4, 3);
        var x = GradientCheck.Draw(1, 2, 5, 4);
        var layer = new TimeDistributed(linear);
        Assert.Equal(linear.Forward(x).ToArray(), layer.Forward(x).ToArray());
        Assert.Equal("[batch, time, 3]", Model.Of(layer).Summary().Layers[0].Output);
    }

    [Fact]
    public void Residual_FeedForward_AddsXAndPassesItsGradient()
    {
        var layer = new Residual(new LayerNorm(4), new Linear(4, 6), new ActivationLayer(Activation.Tanh), new Linear(6, 4));
        var x = GradientCheck.Draw(1, 2, 3, 4);
        var y = x;
        foreach (var part in layer.Parts)
            y = ((FeedForwardLayer)part).Forward(y);
        Assert.Equal((x + y).ToArray(), layer.Forward(x).ToArray());
        GradientCheck.Of(() => layer.Forward(x), x, layer.Parameters[2].Tensor);
        Assert.Equal(["layernorm.weight", "layernorm.bias", "linear.weight", "linear.bias", "linear2.weight", "linear2.bias"], layer.Parameters.Select(p => p.Name));
        Assert.Equal("Residual(LayerNorm(size: 4), Linear(inputSize: 4, outputSize: 6), ActivationLayer(Tanh), Linear(inputSize: 6, outputSize: 4))", layer.ToString());
        Assert.Equal("[batch, 4]", Model.Of(layer).Summary().Layers[0].Output);
    }

    [Fact]
    public void RecurrentResidual_Stack_PassesStatesAndGradients()
    {
        var model = new Model(1, new Lstm(3, 4), new RecurrentResidual(new Lstm(4, 4)), new RecurrentResidual(new LayerNorm(4), new Gru(4, 4), new Linear(4, 4)));
        var x = GradientCheck.Draw(1, 2, 6, 3);
        var whole = model.Forward(x).Output.ToArray();
        var (first, state) = model.Forward(Part(x, 0, 2));
        var (second, _) = model.Forward(Part(x, 2, 6), state);
        for (var b = 0; b < 2; b++)
            for (var i = 0; i < 24; i++)
                Assert.Equal(whole[(b * 24) + i], i < 8 ? first.ToArray()[(b * 8) + i] : second.ToArray()[(b * 16) + i - 8], 1e-6f);
        Assert.NotNull(state.Layers[1]!.Cell);
        Assert.Null(state.Layers[2]!.Cell);

        var layer = (RecurrentResidual)model.Layers[1];
        var y = GradientCheck.Draw(2, 2, 3, 4);
        Assert.Equal((y + ((Lstm)layer.Parts[0]).Forward(y).Output).ToArray(), layer.Forward(y).Output.ToArray());
        GradientCheck.Of(() => layer.Forward(y).Output, y, layer.Parameters[1].Tensor);
        Assert.Equal(4, layer.InputSize);
        Assert.Equal("RecurrentResidual(Lstm(inputSize: 4, hiddenSize: 4))", layer.ToString());
        Assert.Equal("recurrentresidual.lstm.weight_ih_l0", model.Parameters[4].Name);
        Assert.Equal("[batch, time, 4]", model.Summary().Layers[2].Output);
    }

    [Fact]
    public void Residuals_Wrong_ThrowNamingTheLayer()
    {
        Assert.Equal("Residual(Linear(inputSize: 4, outputSize: 3)): what the layers give is added to x, so it must be [2, 4], but got [2, 3].",
            Shape(() => new Residual(new Linear(4, 3)).Forward(Tensor.Zeros(2, 4))));
        Assert.Equal("RecurrentResidual(Gru(inputSize: 4, hiddenSize: 3)): what the layers give is added to x, so it must be [2, 5, 4], but got [2, 5, 3].",
            Shape(() => new RecurrentResidual(new Gru(4, 3)).Forward(Tensor.Zeros(2, 5, 4))));
        Assert.StartsWith("RecurrentResidual: give exactly one layer that carries a state, but got 2. Take one RecurrentResidual for each.",
            Assert.Throws<ArgumentException>(() => new RecurrentResidual(new Gru(4, 4), new Gru(4, 4))).Message, StringComparison.Ordinal);
        Assert.StartsWith("RecurrentResidual: every layer must take and give a tensor, but Embedding(vocabularySize: 4, embeddingSize: 4) does not.",
            Assert.Throws<ArgumentException>(() => new RecurrentResidual(new Gru(4, 4), new Embedding(4, 4))).Message, StringComparison.Ordinal);
        Assert.StartsWith("Residual: give at least one layer.", Assert.Throws<ArgumentException>(() => new Residual()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RandomSources_DropoutDeepInside_AreListedInOrder()
    {
        var (one, two, three) = (new Dropout(0.5f), new Dropout(0.5f), new Dropout(0.5f));
        var model = new Model(1, one, new RecurrentResidual(new Gru(4, 4), two), new Residual(new TimeDistributed(three)));
        Assert.Equal([one.Random, two.Random, three.Random], model.RandomSources);
    }

    [Fact]
    public void TiedTo_Embedding_IsOneParameterWithTheGradientOfBoth()
    {
        var embedding = new Embedding(5, 3);
        var decoder = Linear.TiedTo(embedding);
        var model = new Model(1, embedding, decoder);
        Assert.Same(embedding.Weight, decoder.Weight);
        Assert.Equal(["embedding.weight", "linear.bias"], model.Parameters.Select(p => p.Name));
        Assert.Equal(15 + 5, model.ParameterCount);
        Assert.Equal([15L, 5], model.Summary().Layers.Select(layer => layer.ParameterCount));
        Assert.Equal("Linear.TiedTo(Embedding(vocabularySize: 5, embeddingSize: 3))", decoder.ToString());

        var ids = IntTensor.From([0, 3, 3], 1, 3);
        GradientCheck.Of(() => model.Forward(ids).Output, embedding.Weight, decoder.Bias!);

        var (start, startBias) = (embedding.Weight.ToArray(), decoder.Bias!.ToArray());
        Assert.Contains(start, w => Math.Abs(w) > 1);
        model.Fit([new Batch(ids, IntTensor.From([1, 2, 4], 1, 3))], new FitOptions { Optimizer = new Sgd(0.1), Progress = null });
        Assert.NotEqual(start, embedding.Weight.ToArray());
        Assert.NotEqual(startBias, decoder.Bias.ToArray());
        Assert.Equal(new Shape(1, 3, 5), model.Predict(ids).Shape);
    }

    [Fact]
    public void TiedTo_SavedAndLoaded_IsWrittenOnce()
    {
        static Model Make(int seed)
        {
            var embedding = new Embedding(5, 3);
            return new Model(seed, embedding, Linear.TiedTo(embedding, bias: false));
        }

        var (model, other) = (Make(1), Make(2));
        var path = Path.GetTempFileName();
        try
        {
            Safetensors.Write(path, model.Parameters.Select(p => KeyValuePair.Create(p.Name, p.Tensor)));
            var file = Safetensors.Read(path);
            Assert.Equal(["embedding.weight"], file.Tensors.Keys);
            other.Parameters[0].Tensor.CopyFrom(file.Tensors["embedding.weight"]);
        }
        finally
        {
            File.Delete(path);
        }

        var ids = IntTensor.From([0, 3], 1, 2);
        Assert.Equal(model.Predict(ids).ToArray(), other.Predict(ids).ToArray());
    }

    private static Tensor Part(Tensor x, int from, int to) =>
        Ops.Slice(x.Reshape(x.Shape[0], x.Length / x.Shape[0]), from * x.Shape[2], (to - from) * x.Shape[2]).Reshape(x.Shape[0], to - from, x.Shape[2]).Detach();

    private static string Shape(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;

    // Knows [batch, 4] only.
    private sealed class RowsOnly : FeedForwardLayer
    {
        private readonly Tensor _gain;

        public RowsOnly()
        {
            _gain = AddParameter("gain", 4, 2);
            Initialize(new RandomSource(1));
        }

        public override void Initialize(RandomSource random) => DrawUniform(random, 1);

        public override Shape OutputShape(Shape inputShape) => inputShape.Rank == 2 ? inputShape.WithLast(2) : throw new ShapeException("RowsOnly: x must be [batch, 4].");

        public override Tensor Forward(Tensor x) => x.Shape.Rank == 2 ? Ops.MatMul(x, _gain) : throw new ShapeException("RowsOnly: x must be [batch, 4].");

        public override string ToString() => "RowsOnly";
    }
}

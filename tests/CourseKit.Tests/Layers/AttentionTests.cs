using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Autograd;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Layers;

public class AttentionTests
{
    public static TheoryData<string> Kinds => ["additive", "dot", "scaled", "general"];

    [Fact]
    public void ScaledDot_AgainstPyTorch_Agrees()
    {
        var fixture = Fixture.Load("layers");
        const string Part = "scaled_dot_attention";
        var (query, keys, values) = (Golden("query"), Golden("keys"), Golden("values"));
        Check(fixture, Part, () => new DotAttention(4, scaled: true).Forward(query, keys, values));
        Close.To(fixture.Tensor(Part, "grad_query"), query.Gradient, "grad_query");
        Close.To(fixture.Tensor(Part, "grad_keys"), keys.Gradient, "grad_keys");
        Close.To(fixture.Tensor(Part, "grad_values"), values.Gradient, "grad_values");

        Tensor Golden(string name) => fixture.Tensor(Part, name).ToTensor(requiresGradient: true);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_NaNAtPadding_IsAsWithZerosThere(string kind)
    {
        float[] Run(float padding)
        {
            Attention layer = kind switch { "additive" => new AdditiveAttention(4, 4, 3), "general" => new GeneralAttention(4, 4), _ => new DotAttention(4, kind == "scaled") };
            var query = Tensor.From([1f, -1, 0.5f, 0.25f], 1, 4);
            var keys = Tensor.From([0.1f, 0.2f, 0.3f, 0.4f, -0.5f, 0.6f, 0.7f, -0.8f, padding, padding, padding, padding], 1, 3, 4);
            (query.RequiresGradient, keys.RequiresGradient) = (true, true);
            return Tape.Step(() =>
            {
                var context = layer.Forward(query, keys, mask: Tensor.From([1f, 1, 0], 1, 3)).Context;
                Ops.Sum(context * context).Backward();
                return (float[])[.. context.ToArray(), .. query.Gradient!.ToArray(), .. keys.Gradient!.ToArray(), .. layer.Parameters.SelectMany(parameter => parameter.Tensor.Gradient!.ToArray())];
            });
        }

        Assert.Equal(Run(0), Run(float.NaN));
    }

    [Fact]
    public void Additive_AgainstPyTorch_Agrees()
    {
        var fixture = Fixture.Load("layers");
        const string Part = "additive_attention";
        var (query, keys) = (fixture.Tensor(Part, "query").ToTensor(requiresGradient: true), fixture.Tensor(Part, "keys").ToTensor(requiresGradient: true));
        var layer = new AdditiveAttention(4, 4, 4);
        layer.WeightQuery.CopyFrom(fixture.Tensor(Part, "W_query").Floats);
        layer.WeightKey.CopyFrom(fixture.Tensor(Part, "W_key").Floats);
        layer.V.CopyFrom(fixture.Tensor(Part, "v").Floats);
        Check(fixture, Part, () => layer.Forward(query, keys));
        Close.To(fixture.Tensor(Part, "grad_query"), query.Gradient, "grad_query");
        Close.To(fixture.Tensor(Part, "grad_keys"), keys.Gradient, "grad_keys");
        Close.To(fixture.Tensor(Part, "grad_W_query"), layer.WeightQuery.Gradient, "grad_W_query");
        Close.To(fixture.Tensor(Part, "grad_W_key"), layer.WeightKey.Gradient, "grad_W_key");
        Close.To(fixture.Tensor(Part, "grad_v"), layer.V.Gradient, "grad_v");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_AnyKind_IsTheWeightedSumByTheFormula(string kind)
    {
        var (layer, query, keys, values, mask) = Make(kind);
        var (context, weights) = layer.Forward(query, keys, values, mask);
        Assert.Equal(new Shape(2, 3, 6), context.Shape);
        Assert.Equal(new Shape(2, 3, 5), weights.Shape);
        for (var b = 0; b < 2; b++)
        {
            for (var t = 0; t < 3; t++)
            {
                double[] terms = [.. Enumerable.Range(0, 5).Select(s => mask[b, s] * Math.Exp(Score(kind, layer, Row(query, b, t), Row(keys, b, s))))];
                for (var s = 0; s < 5; s++)
                    Assert.Equal(terms[s] / terms.Sum(), weights[b, t, s], 1e-5);
                for (var j = 0; j < 6; j++)
                    Assert.Equal(Enumerable.Range(0, 5).Sum(s => terms[s] / terms.Sum() * values[b, s, j]), context[b, t, j], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_Gradient_IsTheDifferenceInFloat64(string kind)
    {
        var (layer, query, keys, values, mask) = Make(kind);
        var result = CourseKit.Inspection.GradientCheck.Of(
            () =>
            {
                var (context, weights) = layer.Forward(query, keys, values, mask);
                return [context, weights];
            },
            [query, keys, values, .. layer.Parameters.Select(parameter => parameter.Tensor)], kind);
        Assert.True(result.Passed, result.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_OneTimeStepAtATime_IsTheSame(string kind)
    {
        var (layer, query, keys, values, mask) = Make(kind);
        var (whole, weights) = layer.Forward(query, keys, values, mask);
        var source = layer.Prepare(keys, values, mask);
        for (var t = 0; t < 3; t++)
        {
            var (context, row) = layer.Forward(Ops.SelectStep(query, t), source);
            Assert.Equal(new Shape(2, 6), context.Shape);
            Assert.Equal(Ops.SelectStep(whole, t).ToArray(), context.ToArray());
            Assert.Equal(Ops.SelectStep(weights, t).ToArray(), row.ToArray());
        }
    }

    /// <summary>What stands at padded steps changes nothing: neither results nor gradients, which are exactly 0 there.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_OtherNumbersInThePadding_ChangesNoBit(string kind)
    {
        var (layer, query, keys, values, mask) = Make(kind);
        var before = Run();
        foreach (var tensor in new[] { keys, values })
        {
            for (var j = 0; j < tensor.Shape.Last; j++)
                (tensor[0, 1, j], tensor[1, 4, j]) = (100 * (j + 1), -77);
        }

        var after = Run();
        for (var i = 0; i < before.Length; i++)
            Assert.Equal(before[i], after[i]);
        for (var j = 0; j < 6; j++)
            Assert.Equal(0, values.Gradient![0, 1, j]);
        Assert.Equal(0, keys.Gradient![1, 4, 0]);

        float[][] Run()
        {
            foreach (var tensor in layer.Parameters.Select(parameter => parameter.Tensor).Concat([query, keys, values]))
                tensor.ZeroGradient();
            return Tape.Step(() =>
            {
                var (context, weights) = layer.Forward(query, keys, values, mask);
                (context * context).Sum().Backward();
                return new[] { context.ToArray(), weights.ToArray(), query.Gradient!.ToArray() }
                    .Concat(layer.Parameters.Select(parameter => parameter.Tensor.Gradient!.ToArray())).ToArray();
            });
        }
    }

    [Fact]
    public void Forward_RowAllMasked_ThrowsNamingLayerAndRow() => Assert.Equal(
        "DotAttention(size: 4): every row of mask must have a 1, but mask[1] is all 0, so that there is nothing to attend to. Leave out row 1 of the batch, or unmask one of its steps.",
        Assert.Throws<ArgumentException>(() => new DotAttention(4).Forward(Tensor.Zeros(2, 4), Tensor.Zeros(2, 3, 4), mask: Tensor.From([1f, 0, 0, 0, 0, 0], 2, 3))).Message);

    [Fact]
    public void Forward_WrongShapes_ThrowsNamingThem()
    {
        var layer = new GeneralAttention(4, 6);
        var keys = Tensor.Zeros(2, 3, 6);
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): query must be [batch, 4] or [batch, time, 4], but got [2, 5]. The last dimension must equal querySize.",
            Message(() => layer.Forward(Tensor.Zeros(2, 5), keys)));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): query must be [batch, 4] or [batch, time, 4], but got [4]. It must have two or three dimensions.",
            Message(() => layer.Forward(Tensor.Zeros(4), keys)));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): query must have the batch of keys, 2, but got [3, 4]. Every row attends to its own source.",
            Message(() => layer.Forward(Tensor.Zeros(3, 4), keys)));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): keys must be [batch, sourceSteps, 6], but got [2, 3, 4]. The last dimension must equal keySize.",
            Message(() => layer.Forward(Tensor.Zeros(2, 4), Tensor.Zeros(2, 3, 4))));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): keys must be [batch, sourceSteps, 6], but got [2, 6]. They must have three dimensions.",
            Message(() => layer.Forward(Tensor.Zeros(2, 4), Tensor.Zeros(2, 6))));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): values must be [2, 3, size], but got [2, 4, 6]. There is one value a key.",
            Message(() => layer.Forward(Tensor.Zeros(2, 4), keys, Tensor.Zeros(2, 4, 6))));
        Assert.Equal("GeneralAttention(querySize: 4, keySize: 6): mask must be [2, 3], but got [2, 4]. It is [batch, sourceSteps], 1 where a source step counts and 0 where it is padding.",
            Message(() => layer.Forward(Tensor.Zeros(2, 4), keys, mask: Tensor.Zeros(2, 4))));
    }

    [Fact]
    public void Configuration_OfEachKind_IsWrittenAsInCode()
    {
        Assert.Equal("AdditiveAttention(querySize: 3, keySize: 4, attentionSize: 5)", new AdditiveAttention(3, 4, 5).ToString());
        Assert.Equal("DotAttention(size: 3)", new DotAttention(3).ToString());
        Assert.Equal("DotAttention(size: 3, scaled: true)", new DotAttention(3, scaled: true).ToString());
        Assert.Equal(["weight_query", "weight_key", "v"], new AdditiveAttention(3, 4, 5).Parameters.Select(parameter => parameter.Name));
        Assert.Equal(new Shape(2, 7, 4), new GeneralAttention(3, 4).OutputShape(new Shape(2, 7, 3)));
        Assert.Equal("GeneralAttention: keySize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new GeneralAttention(3, 0)).Message);
        Assert.Equal("AdditiveAttention: attentionSize must be at least 1, but got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new AdditiveAttention(3, 4, 0)).Message);
    }

    private static string Message(Func<object> wrong) => Assert.Throws<ShapeException>(wrong).Message;

    private static (Attention Layer, Tensor Query, Tensor Keys, Tensor Values, Tensor Mask) Make(string kind)
    {
        Attention layer = kind switch
        {
            "additive" => new AdditiveAttention(4, 7, 5),
            "general" => new GeneralAttention(4, 7),
            _ => new DotAttention(4, scaled: kind == "scaled"),
        };
        layer.Initialize(new RandomSource(12));
        return (layer, GradientCheck.Draw(1, 2, 3, 4), GradientCheck.Draw(2, 2, 5, layer.KeySize), GradientCheck.Draw(3, 2, 5, 6), Tensor.From([1f, 0, 1, 1, 0, 1, 1, 1, 1, 0], 2, 5));
    }

    private static double Score(string kind, Attention layer, double[] query, double[] key)
    {
        double Dot(Func<int, double> a, double[] b) => b.Select((value, i) => a(i) * value).Sum();
        switch (layer)
        {
            case AdditiveAttention additive:
                return Enumerable.Range(0, 5).Sum(a => additive.V[a] * Math.Tanh(Dot(i => additive.WeightQuery[a, i], query) + Dot(i => additive.WeightKey[a, i], key)));
            case GeneralAttention general:
                return Dot(i => Dot(j => general.Weight[i, j], key), query);
            default:
                return Dot(i => query[i], key) / (kind == "scaled" ? 2 : 1);
        }
    }

    private static double[] Row(Tensor x, int b, int t) => [.. Enumerable.Range(0, x.Shape.Last).Select(j => (double)x[b, t, j])];

    private static void Check(Fixture fixture, string part, Func<(Tensor Context, Tensor Weights)> forward) => Tape.Step(() =>
    {
        var (context, weights) = forward();
        Close.To(fixture.Tensor(part, "weights"), weights, "weights");
        Close.To(fixture.Tensor(part, "context"), context, "context");
        (context * fixture.Tensor(part, "loss_weight").ToTensor()).Sum().Backward();
    });
}

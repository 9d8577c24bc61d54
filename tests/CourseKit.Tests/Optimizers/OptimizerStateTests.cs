using CourseKit.Autograd;
using CourseKit.Backends.Cpu;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Optimizers;

public class OptimizerStateTests
{
    private static readonly Dictionary<string, Func<Optimizer>> Kinds = new()
    {
        ["sgd"] = () => new Sgd(0.1),
        ["momentum"] = () => new Sgd(0.1, momentum: 0.9),
        ["nesterov"] = () => new Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1),
        ["rmsprop"] = () => new RmsProp(0.01),
        ["rmsprop momentum"] = () => new RmsProp(0.01, momentum: 0.5),
        ["adam"] = () => new Adam(0.01),
        ["amsgrad"] = () => new Adam(0.01, amsgrad: true),
        ["adamw"] = () => new AdamW(0.01),
        ["adagrad"] = () => new Adagrad(0.1),
        ["adadelta"] = () => new Adadelta(),
    };

    public static TheoryData<string> Names => [.. Kinds.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void LoadState_AfterAnyStep_GoesOnWithTheSameBits(string kind)
    {
        var whole = Weights();
        var optimizer = Kinds[kind]();
        for (var step = 0; step < 6; step++)
            Step(optimizer, whole, step);

        for (var stop = 0; stop <= 6; stop++)
        {
            var (before, after) = (Weights(), Weights());
            var first = Kinds[kind]();
            for (var step = 0; step < stop; step++)
                Step(first, before, step);
            for (var i = 0; i < after.Length; i++)
                after[i].Tensor.CopyFrom(before[i].Tensor);

            var second = Kinds[kind]();
            second.LoadState(after, first.SaveState(before));
            for (var step = stop; step < 6; step++)
                Step(second, after, step);

            for (var i = 0; i < after.Length; i++)
                Assert.Equal(whole[i].Tensor.ToArray(), after[i].Tensor.ToArray());
        }
    }

    /// <summary>Long enough that the work is shared, and of no round length.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Step_OneTwoFiveThreads_GivesTheSameBits(string kind)
    {
        float[] Train(int threads)
        {
            var numbers = new float[100_003];
            new RandomSource(3).FillNormal(numbers);
            var weight = Tensor.From(numbers);
            weight.MoveTo(new CpuBackend(threads));
            weight.RequiresGradient = true;
            Parameter[] parameters = [new("w", weight)];
            var optimizer = Kinds[kind]();
            for (var step = 0; step < 3; step++)
            {
                Gradients.Zero(parameters);
                Tape.Step(() => (weight * weight).Sum().Backward());
                optimizer.Step(parameters);
            }
            return weight.ToArray();
        }

        var one = Train(1);

        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(5));
    }

    [Fact]
    public void SaveState_Adam_HasPyTorchsNamesAndIsACopy()
    {
        var weights = Weights();
        var optimizer = new Adam(amsgrad: true);
        Step(optimizer, weights, 0);
        Step(optimizer, weights, 1);

        var state = optimizer.SaveState(weights);
        var before = state["a.exp_avg"].ToArray();
        Step(optimizer, weights, 2);

        Assert.Equal(["a.exp_avg", "a.exp_avg_sq", "a.max_exp_avg_sq", "a.step", "b.exp_avg", "b.exp_avg_sq", "b.max_exp_avg_sq", "b.step"], state.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(2, state["a.step"].Item());
        Assert.Equal(before, state["a.exp_avg"].ToArray());
    }

    [Fact]
    public void Step_ParameterMovedToAnotherBackend_TakesItsStateAlong()
    {
        var (stayed, moved) = (Weights(), Weights());
        var (here, there) = (new Adam(0.01), new Adam(0.01));
        Step(here, stayed, 0);
        Step(there, moved, 0);
        foreach (var (_, tensor) in moved)
            tensor.MoveTo(new CourseKit.Backends.Reference.Float64Backend());

        Step(here, stayed, 1);
        Gradients.Zero(moved);
        Tape.Step(() => (moved[0].Tensor * moved[0].Tensor).Sum().Backward());
        there.Step(moved);

        Assert.Equal(2, there.SaveState(moved)["a.step"].Item());
        Assert.Equal(moved[0].Tensor.Backend, there.SaveState(moved)["a.exp_avg"].Backend);
    }

    [Fact]
    public void LoadState_Empty_ForgetsEverything()
    {
        var (used, fresh) = (Weights(), Weights());
        var optimizer = new Adam();
        Step(optimizer, used, 0);
        optimizer.LoadState(used, new Adam().SaveState(fresh));
        Assert.Empty(optimizer.SaveState(used));
    }

    [Fact]
    public void LoadState_OfAnotherKindOrShape_ThrowsNamingTheTensorAndChangesNothing()
    {
        var weights = Weights();
        var (adam, sgd, plain) = (new Adam(), new Sgd(0.1, momentum: 0.9), new Sgd(0.1));
        Step(adam, weights, 0);
        Step(sgd, weights, 0);
        Step(plain, weights, 0);
        var state = adam.SaveState(weights);

        Assert.Equal(
            "Sgd: the state must have \"a.momentum_buffer\" [3, 5], but it is missing. Load what an optimizer of the same kind and options saved for the same parameters.",
            Refused(sgd, weights, state));
        Assert.StartsWith("Sgd: the state must have no \"a.exp_avg\", but it is there.", Refused(plain, weights, state), StringComparison.Ordinal);
        Assert.StartsWith("Adam: the state must have no \"b.exp_avg\", but it is there.", Refused(adam, weights[..1], state), StringComparison.Ordinal);
        Parameter[] wider = [weights[0], new("b", Tensor.Zeros(8))];
        Assert.StartsWith("Adam: the state must have \"b.exp_avg\" [8], but it is [7].", Refused(adam, wider, state), StringComparison.Ordinal);
        Assert.Equal(state["a.exp_avg"].ToArray(), adam.SaveState(weights)["a.exp_avg"].ToArray());
    }

    [Fact]
    public void Step_Factor_MultipliesTheRateOfThatStepOnly()
    {
        Parameter[] one = [new("w", Tensor.From([0f]))];
        one[0].Tensor.RequiresGradient = true;
        Tape.Step(() => one[0].Tensor.Sum().Backward());
        var optimizer = new Sgd(1);
        optimizer.Step(one, 0.25);
        optimizer.Step(one, 0);
        optimizer.Step(one);
        Assert.Equal(-1.25f, one[0].Tensor.Item());
        Assert.Equal(1, optimizer.LearningRate);

        foreach (var factor in new[] { -0.5, double.NaN, double.PositiveInfinity })
            Assert.Equal(
                FormattableString.Invariant($"Sgd: factor must be at least 0 and finite, but got {factor}."),
                Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step(one, factor)).Message);
    }

    [Fact]
    public void ClipByValue_SomeAbove_HoldsEachAndReturnsTheNormBefore()
    {
        var weights = Weights();
        Backward(weights, 0);
        var before = weights.Select(weight => weight.Tensor.Gradient!.ToArray()).ToArray();
        var norm = Math.Sqrt(before.SelectMany(numbers => numbers).Sum(number => (double)number * number));

        Assert.Equal(norm, Gradients.ClipByValue([.. weights, new("without", Tensor.Zeros(2))], 0.5), 1e-6);

        for (var i = 0; i < weights.Length; i++)
            Assert.Equal(before[i].Select(number => Math.Clamp(number, -0.5f, 0.5f)), weights[i].Tensor.Gradient!.ToArray());
        Assert.Contains(before.SelectMany(numbers => numbers), number => Math.Abs(number) > 0.5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(double.NaN)]
    public void ClipByValue_LimitNotAboveZero_Throws(double limit)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Gradients.ClipByValue([], limit));
        Assert.Equal(FormattableString.Invariant($"ClipByValue: limit must be above 0, but got {limit}."), error.Message);
    }

    private static string Refused(Optimizer optimizer, Parameter[] parameters, IReadOnlyDictionary<string, Tensor> state) =>
        Assert.Throws<ArgumentException>(() => optimizer.LoadState(parameters, state)).Message;

    private static Parameter[] Weights()
    {
        var random = new RandomSource(4);
        Parameter Make(string name, params int[] shape)
        {
            var tensor = Tensor.Zeros(shape);
            var numbers = new float[tensor.Length];
            random.FillNormal(numbers);
            tensor.CopyFrom(numbers);
            tensor.RequiresGradient = true;
            return new(name, tensor);
        }
        return [Make("a", 3, 5), Make("b", 7)];
    }

    private static void Step(Optimizer optimizer, Parameter[] weights, int step)
    {
        Backward(weights, step);
        optimizer.Step(weights);
    }

    private static void Backward(Parameter[] weights, int step)
    {
        var random = new RandomSource(step);
        Gradients.Zero(weights);
        Tape.Step(() =>
        {
            Tensor? loss = null;
            foreach (var (_, tensor) in weights)
            {
                var slope = new float[tensor.Length];
                random.FillNormal(slope);
                var part = (tensor * Tensor.From(slope, tensor.Shape)).Sum();
                loss = loss is null ? part : loss + part;
            }
            loss!.Backward();
        });
    }
}

using System.Text.Json;
using CourseKit.Autograd;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Optimizers;

public class OptimizerTests
{
    private static readonly Fixture Golden = Fixture.Load("optimizers");

    public static TheoryData<string, int> Runs
    {
        get
        {
            var data = new TheoryData<string, int>();
            for (var i = 0; i < Golden["runs"].GetArrayLength(); i++)
                data.Add(Golden.Text("runs", i, "optimizer"), i);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Step_FiveTimesAgainstPyTorch_Agrees(string name, int run)
    {
        var optimizer = Make(name, Golden["runs", run, "config"]);
        var weight = Golden.Tensor("start").ToTensor(requiresGradient: true);
        Parameter[] parameters = [new("weight", weight)];
        for (var step = 0; step < Golden["gradients"].GetArrayLength(); step++)
        {
            Gradients.Zero(parameters);
            Tape.Step(() => (weight * Golden.Tensor("gradients", step).ToTensor()).Sum().Backward());
            optimizer.Step(parameters);
            Close.To(Golden.Tensor("runs", run, "after_each_step", step), weight, $"{name}, step {step}");
        }
    }

    [Fact]
    public void ClipByGlobalNorm_AboveMaximum_ReturnsTheNormBeforeAndScales()
    {
        var parameters = WithGradients([Golden.Tensor("clip", "gradients", 0), Golden.Tensor("clip", "gradients", 1)]);
        Assert.Equal(Golden.Number("clip", "total_norm"), Gradients.ClipByGlobalNorm(parameters, Golden.Number("clip", "max_norm")), 1e-5);
        for (var i = 0; i < 2; i++)
            Close.To(Golden.Tensor("clip", "clipped", i), parameters[i].Tensor.Gradient, $"clipped {i}");
        Assert.Equal(Golden.Number("clip", "max_norm"), Gradients.GlobalNorm(parameters), 1e-5);
    }

    [Fact]
    public void ClipByGlobalNorm_BelowMaximum_ChangesNothing()
    {
        var parameters = WithGradients([new GoldenTensor([2], [3, -4])]);
        Assert.Equal(5, Gradients.ClipByGlobalNorm(parameters, 5.1), 1e-6);
        Assert.Equal([3f, -4f], parameters[0].Tensor.Gradient!.ToArray());
    }

    [Fact]
    public void ClipByGlobalNorm_NotFinite_ReturnsItAndLeavesTheGradients()
    {
        var parameters = WithGradients([new GoldenTensor([2], [3, double.PositiveInfinity])]);
        Assert.Equal(double.PositiveInfinity, Gradients.ClipByGlobalNorm(parameters, 1));
        Assert.Equal([3f, float.PositiveInfinity], parameters[0].Tensor.Gradient!.ToArray());
    }

    [Fact]
    public void ClipByGlobalNorm_MaximumNotAboveZero_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Gradients.ClipByGlobalNorm([], 0));
        Assert.Equal("ClipByGlobalNorm: maxNorm must be above 0, but got 0.", error.Message);
    }

    [Fact]
    public void Step_ParameterWithoutGradient_IsPassedOver()
    {
        var parameters = WithGradients([new GoldenTensor([1], [1])]);
        var untouched = new Parameter("untouched", Tensor.From([7f]));
        new Adam(0.1, weightDecay: 0.5).Step([.. parameters, untouched]);
        Assert.Equal(7, untouched.Tensor.Item());
        Assert.NotEqual(0, parameters[0].Tensor.Item());
    }

    [Fact]
    public void Step_RmsPropWithMomentum_TakesTheFormula()
    {
        var parameters = WithGradients([new GoldenTensor([1], [2])]);
        var optimizer = new RmsProp(0.01, alpha: 0.9, momentum: 0.5);
        var (w, s, v) = (0.0, 0.0, 0.0);
        for (var step = 0; step < 3; step++)
        {
            optimizer.Step(parameters);
            s = (0.9 * s) + (0.1 * 4);
            v = (0.5 * v) + (2 / (Math.Sqrt(s) + 1e-8));
            w -= 0.01 * v;
        }

        Assert.Equal(w, parameters[0].Tensor.Item(), 1e-6);
    }

    [Fact]
    public void LearningRate_ChangedBetweenSteps_TakesEffect()
    {
        var parameters = WithGradients([new GoldenTensor([1], [1])]);
        var optimizer = new Sgd(1);
        optimizer.Step(parameters);
        optimizer.LearningRate = 0.25;
        optimizer.Step(parameters);
        Assert.Equal(-1.25, parameters[0].Tensor.Item(), 1e-6);
    }

    [Fact]
    public void Constructor_NumberOutsideItsRange_ThrowsNamingIt()
    {
        Assert.Equal("Sgd: LearningRate must be above 0, but got 0.", Message(() => new Sgd(0)));
        Assert.Equal("Adam: LearningRate must be above 0, but got NaN.", Message(() => new Adam(double.NaN)));
        Assert.Equal("Sgd: momentum must be at least 0 and below 1, but got 1.", Message(() => new Sgd(0.1, momentum: 1)));
        Assert.Equal("Sgd: momentum must be above 0 and below 1 with nesterov, but got 0.", Message(() => new Sgd(0.1, nesterov: true)));
        Assert.Equal("RmsProp: alpha must be at least 0 and below 1, but got 1.", Message(() => new RmsProp(alpha: 1)));
        Assert.Equal("Adam: beta2 must be at least 0 and below 1, but got 1.5.", Message(() => new Adam(beta2: 1.5)));
        Assert.Equal("AdamW: weightDecay must be at least 0, but got -0.1.", Message(() => new AdamW(weightDecay: -0.1)));
        Assert.Equal("Adagrad: epsilon must be above 0, but got 0.", Message(() => new Adagrad(epsilon: 0)));
        Assert.Equal("Adadelta: rho must be at least 0 and below 1, but got -1.", Message(() => new Adadelta(rho: -1)));
        Assert.Equal("RmsProp: epsilon must be above 0, but got 0.", Message(() => new RmsProp(epsilon: 0)));
    }

    private static string Message(Func<Optimizer> make) => Assert.Throws<ArgumentOutOfRangeException>(make).Message;

    private static Parameter[] WithGradients(GoldenTensor[] gradients)
    {
        Parameter[] parameters = [.. gradients.Select((g, i) => new Parameter($"p{i}", Tensor.Zeros(g.Shape)))];
        for (var i = 0; i < parameters.Length; i++)
        {
            var (_, tensor) = parameters[i];
            tensor.RequiresGradient = true;
            Tape.Step(() => (tensor * gradients[i].ToTensor()).Sum().Backward());
        }

        return parameters;
    }

    private static Optimizer Make(string name, JsonElement config)
    {
        double Get(string key, double otherwise) => config.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;
        var rate = Get("lr", 0);
        return name switch
        {
            "sgd" or "sgd_momentum" or "sgd_nesterov" or "sgd_weight_decay" =>
                new Sgd(rate, Get("momentum", 0), config.TryGetProperty("nesterov", out var nesterov) && nesterov.GetBoolean(), Get("weight_decay", 0)),
            "rmsprop" => new RmsProp(rate, Get("alpha", 0.99), Get("eps", 1e-8)),
            "adam" => new Adam(rate),
            "adam_amsgrad" => new Adam(rate, amsgrad: true),
            "adagrad" => new Adagrad(rate),
            "adadelta" => new Adadelta(rate),
            "adamw" => new AdamW(rate, weightDecay: Get("weight_decay", 0.01)),
            _ => throw new InvalidOperationException($"The fixture holds an optimizer that no test knows: {name}."),
        };
    }
}

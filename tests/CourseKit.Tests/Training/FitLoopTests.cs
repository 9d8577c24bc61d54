using System.Reflection;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Tests.Architecture;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>Fit is a loop that a learner could have written.</summary>
public class FitLoopTests
{
    [Fact]
    public void Fit_Source_HasLessThan40Lines()
    {
        var lines = File.ReadLines(Path.Combine(Repository.Root, "lib", "CourseKit", "Training", "Model.cs"))
            .SkipWhile(line => !line.Contains("public History Fit(", StringComparison.Ordinal)).TakeWhile(line => line != "    }").Count() + 1;
        Assert.InRange(lines, 5, 39);
    }

    [Fact]
    public void Fit_Calls_ArePublic()
    {
        var fit = typeof(Model).GetMethod(nameof(Model.Fit))!;
        var closures = typeof(Model).GetNestedTypes(BindingFlags.NonPublic).SelectMany(type => type.GetMethods(BindingFlags.NonPublic | BindingFlags.Instance)).Where(method => method.Name.Contains("<Fit>", StringComparison.Ordinal));
        var calls = closures.Append(fit).SelectMany(UsedTypes.CallsOf).Where(call => call.Module == fit.Module && !call.DeclaringType!.Name.StartsWith('<')).ToList();

        Assert.Contains(calls, call => call.Name == nameof(Optimizer.Step));
        Assert.Empty(calls.Where(call => !call.IsPublic || !call.DeclaringType!.IsPublic).Select(call => $"{call.DeclaringType!.Name}.{call.Name}"));
    }

    [Fact]
    public void TrainingRun_LoopOfOnesOwn_LearnsWhatFitLearns()
    {
        var (fitted, own) = (Make(), Make());
        var data = new TokenStream([.. Enumerable.Range(0, 60).Select(i => i * i % 7)], 2, 5);
        var history = fitted.Fit(data, Options());

        using var run = new TrainingRun(own, data, Options());
        foreach (var batch in run.Batches())
        {
            run.Complete(Tape.Step(() =>
            {
                var loss = FitOptions.DefaultLoss(run.Forward(batch), batch);
                loss.Backward();
                Gradients.ClipByGlobalNorm(own.Parameters, 0.5);
                run.Options.Optimizer.Step(own.Parameters);
                Gradients.Zero(own.Parameters);
                return loss.Item();
            }), gradientNorm: 0);
        }

        Assert.Equal(history.Steps.Select(step => step.Loss), run.History.Steps.Select(step => step.Loss));
        Assert.Equal(fitted.Parameters.SelectMany(parameter => parameter.Tensor.ToArray()), own.Parameters.SelectMany(parameter => parameter.Tensor.ToArray()));
    }

    [Fact]
    public void Complete_WithoutABatch_Throws()
    {
        using var run = new TrainingRun(Make(), [], Options());
        Assert.Equal(
            "TrainingRun.Complete: there is no batch to complete. Call it once for every batch of Batches().",
            Assert.Throws<InvalidOperationException>(() => run.Complete(1, 1)).Message);
    }

    private static Model Make() => new(1, new Embedding(7, 4), new Gru(4, 5), new Linear(5, 7));

    private static FitOptions Options() => new() { ClipNorm = 0.5, Epochs = 2, Progress = null };
}

using CourseKit.Autograd;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>PyTorch's optimizers, each fed the same gradients; and clipping by global norm.</summary>
internal static class OptimizerParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        for (var run = 0; run < file.Count("runs"); run++)
        {
            var name = file.Text("runs", run, "optimizer");
            var optimizer = Optimizer(name, file, run);
            var weight = file.Tensor("start").ToTensor(requiresGradient: true);
            Parameter[] parameters = [new("weight", weight)];
            for (var step = 0; step < file.Count("gradients"); step++)
            {
                Gradients.Zero(parameters);
                SetGradient(weight, file.Tensor("gradients", step));
                optimizer.Step(parameters);
                differences.Compare($"runs.{name}.{step}", file.Tensor("runs", run, "after_each_step", step), weight);
            }
        }

        if (file.Has("clip"))
            CompareClipping(file, differences);
    }

    private static void CompareClipping(GoldenFile file, Differences differences)
    {
        var parameters = new Parameter[file.Count("clip", "gradients")];
        for (var i = 0; i < parameters.Length; i++)
        {
            var gradient = file.Tensor("clip", "gradients", i);
            parameters[i] = new($"{i}", gradient.ToTensor(requiresGradient: true));
            SetGradient(parameters[i].Tensor, gradient);
        }

        differences.Compare("clip.total_norm", file.Number("clip", "total_norm"), Gradients.ClipByGlobalNorm(parameters, file.Number("clip", "max_norm")));
        for (var i = 0; i < parameters.Length; i++)
            differences.Compare($"clip.clipped.{i}", file.Tensor("clip", "clipped", i), parameters[i].Tensor.Gradient);
    }

    // The gradient of the sum of w·g is g.
    private static void SetGradient(Tensor weight, GoldenTensor gradient) => Tape.Step(() => (weight * gradient.ToTensor()).Sum().Backward());

    private static Optimizer Optimizer(string name, GoldenFile file, int run)
    {
        var rate = Option("lr", 0);
        return name switch
        {
            "sgd" or "sgd_momentum" or "sgd_nesterov" or "sgd_weight_decay" =>
                new Sgd(rate, Option("momentum", 0), file.Has("runs", run, "config", "nesterov") && file.Flag("runs", run, "config", "nesterov"), Option("weight_decay", 0)),
            "rmsprop" => new RmsProp(rate, Option("alpha", 0.99), Option("eps", 1e-8)),
            "adam" => new Adam(rate),
            "adam_amsgrad" => new Adam(rate, amsgrad: true),
            "adagrad" => new Adagrad(rate),
            "adadelta" => new Adadelta(rate),
            "adamw" => new AdamW(rate, weightDecay: Option("weight_decay", 0.01)),
            _ => throw new FormatException($"runs.{run}.optimizer is one that is not known: {(name.Length > 30 ? name[..30] + "..." : name)}"),
        };

        double Option(string key, double otherwise) => file.Has("runs", run, "config", key) ? file.Number("runs", run, "config", key) : otherwise;
    }
}

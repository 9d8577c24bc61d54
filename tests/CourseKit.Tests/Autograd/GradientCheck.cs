using CourseKit.Autograd;
using CourseKit.Backends.Reference;
using CourseKit.Inspection;
using CourseKit.Tensors;
using Check = CourseKit.Inspection.GradientCheck;

namespace CourseKit.Tests.Autograd;

/// <summary>
/// Holds Backward to finite differences in float64, by the library's own check, and then the CPU's gradients, which are float32, to those of float64.
/// </summary>
internal static class GradientCheck
{
    private const double CpuTolerance = 1e-5;

    /// <summary>A tensor of evenly drawn numbers that requires a gradient.</summary>
    public static Tensor Draw(long seed, params int[] shape)
    {
        var values = new float[new Shape(shape).Length];
        new RandomSource(seed).FillUniform(values, -1, 1);
        var tensor = Tensor.From(values, new Shape(shape));
        tensor.RequiresGradient = true;
        return tensor;
    }

    /// <summary>Checks the gradients of all inputs.</summary>
    public static GradientCheckResult Of(Func<Tensor> operation, params Tensor[] inputs) => Of(() => [operation()], inputs);

    /// <summary>Checks the gradients of all inputs through all results.</summary>
    public static GradientCheckResult Of(Func<Tensor[]> operation, params Tensor[] inputs)
    {
        var result = Check.Of(operation, inputs).Throw();
        var captured = new Captured(operation);
        var states = captured.Sources.Select(source => (source, source.State)).ToList();
        var onCpu = Gradients(operation, inputs);
        states.ForEach(pair => pair.source.State = pair.State);

        var backend = new Float64Backend();
        var giveBack = captured.Tensors.Concat(inputs).Distinct().Select(tensor => tensor.Lend(backend)).ToList();
        var reference = Tensor.MakeOn(backend, () => Gradients(operation, inputs));
        giveBack.ForEach(back => back());
        for (var k = 0; k < inputs.Length; k++)
        {
            var scale = Math.Max(1, reference[k].Max(Math.Abs));
            for (var i = 0; i < reference[k].Length; i++)
                Assert.True(Math.Abs(reference[k][i] - onCpu[k][i]) <= CpuTolerance * scale, $"{inputs[k]}, number {i}: float64 gives {reference[k][i]:R}, the CPU {onCpu[k][i]:R}.");
        }

        return result;
    }

    // Of Σ results·weights, with weights from ±1.
    private static float[][] Gradients(Func<Tensor[]> operation, Tensor[] inputs)
    {
        foreach (var input in inputs)
            input.ZeroGradient();
        Tape.Step(() =>
        {
            var loss = Tensor.Zeros();
            var results = operation();
            for (var i = 0; i < results.Length; i++)
                loss += (results[i] * Draw(1000 + i, results[i].Shape.Sizes.ToArray())).Sum();
            loss.Backward();
        });
        var gradients = inputs.Select(input => input.Gradient!.ToArray()).ToArray();
        foreach (var input in inputs)
            input.ZeroGradient();
        return gradients;
    }
}

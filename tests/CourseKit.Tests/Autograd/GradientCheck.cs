using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>
/// Holds Backward to finite differences. The loss is a fixed weighted sum of all results, added up in float64; the difference takes four points,
/// (−f(x+2h) + 8f(x+h) − 8f(x−h) + f(x−2h))/12h, whose own error h⁴ lets h be large enough for float32.
/// </summary>
internal static class GradientCheck
{
    private const float H = 1f / 64;

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
    public static void Of(Func<Tensor> operation, params Tensor[] inputs) => Of(() => new[] { operation() }, inputs);

    /// <summary>Checks the gradients of all inputs through all results.</summary>
    public static void Of(Func<Tensor[]> operation, params Tensor[] inputs)
    {
        foreach (var input in inputs)
            input.ZeroGradient();
        Tape.Step(() =>
        {
            var results = operation();
            var loss = Tensor.Zeros();
            for (var i = 0; i < results.Length; i++)
                loss += (results[i] * Tensor.From(Weights(results[i].Length, i), results[i].Shape)).Sum();
            loss.Backward();
        });

        foreach (var input in inputs)
        {
            Assert.NotNull(input.Gradient);
            var (values, gradient) = (input.ToArray(), input.Gradient.ToArray());
            for (var i = 0; i < values.Length; i++)
            {
                var difference = ((8 * (At(H) - At(-H))) - (At(2 * H) - At(-2 * H))) / (12 * H);
                Assert.True(Math.Abs(difference - gradient[i]) <= 2e-4 * (1 + Math.Abs(difference)),
                    $"{input}, number {i}: the finite difference is {difference:R}, but Backward gave {gradient[i]:R}.");

                double At(float change)
                {
                    var changed = values.ToArray();
                    changed[i] += change;
                    input.CopyFrom(changed);
                    var loss = Tape.Step(() => Loss(operation()));
                    input.CopyFrom(values);
                    return loss;
                }
            }
        }
    }

    private static double Loss(Tensor[] results)
    {
        var sum = 0.0;
        for (var i = 0; i < results.Length; i++)
        {
            var weights = Weights(results[i].Length, i);
            var values = results[i].ToArray();
            for (var j = 0; j < values.Length; j++)
                sum += (double)values[j] * weights[j];
        }

        return sum;
    }

    private static float[] Weights(int length, int result)
    {
        var weights = new float[length];
        new RandomSource(1000 + result).FillUniform(weights, -1, 1);
        return weights;
    }
}

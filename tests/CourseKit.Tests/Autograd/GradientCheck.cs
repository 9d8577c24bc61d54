using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>The library's gradient check as an assertion.</summary>
internal static class GradientCheck
{
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
    public static void Of(Func<Tensor> operation, params Tensor[] inputs) => CourseKit.Inspection.GradientCheck.Of(operation, inputs).Throw();

    /// <summary>Checks the gradients of all inputs through all results.</summary>
    public static void Of(Func<Tensor[]> operation, params Tensor[] inputs) => CourseKit.Inspection.GradientCheck.Of(operation, inputs).Throw();
}

using CourseKit.Tensors;

namespace CourseKit.Tests.Inspection;

internal static class GradientCheckCase
{
    public static readonly Tensor Static = Draw(2, 3);

    public static Tensor Draw(params int[] shape)
    {
        var values = new float[new Shape(shape).Length];
        new RandomSource(3).FillUniform(values, -1, 1);
        return Tensor.From(values, new Shape(shape));
    }
}

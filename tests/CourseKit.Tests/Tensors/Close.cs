using CourseKit.Tensors;

namespace CourseKit.Tests.Tensors;

/// <summary>Compares tensors with golden numbers.</summary>
internal static class Close
{
    public static void To(double[] expected, Tensor? actual, string what, double tolerance = 1e-5)
    {
        Assert.True(actual is not null, $"{what}: expected {expected.Length} numbers, but got none.");
        var numbers = actual.ToArray();
        Assert.True(expected.Length == numbers.Length, $"{what}: expected {expected.Length} numbers, but got {numbers.Length}.");
        for (var i = 0; i < numbers.Length; i++)
            Assert.True(Math.Abs(expected[i] - numbers[i]) <= tolerance, $"{what}[{i}]: expected {expected[i]:R}, but got {numbers[i]:R}.");
    }

    public static void To(GoldenTensor expected, Tensor? actual, string what, double tolerance = 1e-5)
    {
        Assert.Equal(new Shape(expected.Shape), actual?.Shape);
        To(expected.Data, actual, what, tolerance);
    }

    /// <summary>A golden tensor as ours.</summary>
    public static Tensor ToTensor(this GoldenTensor golden, bool requiresGradient = false)
    {
        var tensor = Tensor.From(golden.Data, golden.Shape);
        tensor.RequiresGradient = requiresGradient;
        return tensor;
    }
}

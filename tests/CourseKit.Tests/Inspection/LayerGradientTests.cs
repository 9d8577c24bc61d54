using CourseKit.Inspection;
using CourseKit.Tensors;

namespace CourseKit.Tests.Inspection;

/// <summary>Every layer of the table against float64 finite differences; those of sequences also with a mask.</summary>
public class LayerGradientTests
{
    public static TheoryData<string> Sequences => [.. LayerTable.Sequences.Keys];

    public static TheoryData<string> Others => [.. LayerTable.Others.Keys];

    [Theory]
    [MemberData(nameof(Others))]
    public void Gradient_OfALayer_IsTheDifference(string layer) => Assert.InRange(LayerTable.Others[layer]().Throw().LargestRelativeDifference, 0, 1e-6);

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Gradient_OfASequenceLayerWithMask_IsTheDifference(string name)
    {
        var layer = LayerTable.Sequences[name]();
        var mask = Tensor.From([1f, 1, 0, 1, 0, 1], 2, 3);
        Assert.InRange(GradientCheck.Of(layer, LayerTable.Draw(2, 3, layer.InputSize), mask: mask).Throw().LargestRelativeDifference, 0, 1e-6);
    }
}

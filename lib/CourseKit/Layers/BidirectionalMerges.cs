using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>The five ways to merge two directions.</summary>
internal static class BidirectionalMerges
{
    /// <summary>Merges two outputs [..., size]. None puts them behind one another as Concat does; <see cref="Apart"/> then gives them a dimension of their own.</summary>
    public static Tensor Apply(this BidirectionalMerge merge, Tensor forward, Tensor backward) => merge switch
    {
        BidirectionalMerge.Sum => forward + backward,
        BidirectionalMerge.Multiply => forward * backward,
        BidirectionalMerge.Average => (forward + backward) * 0.5f,
        _ => Ops.Concat(forward, backward),
    };

    /// <summary>[..., 2·size] as [..., 2, size].</summary>
    public static Shape Apart(Shape merged) => new([.. merged.WithoutLast().Sizes, 2, merged.Last / 2]);
}

using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Attention whose score is the dot product of query and key, which have one size. There are no parameters.</summary>
/// <param name="size">Numbers a query and a key, at least 1.</param>
/// <param name="scaled">Whether scores are divided by √size, which keeps them small however long the vectors are. Default: false.</param>
/// <exception cref="ArgumentOutOfRangeException">size is below 1.</exception>
/// <remarks>
/// score(q, k) = q·k (Luong, Pham and Manning, Effective Approaches to Attention-based Neural Machine Translation, 2015), or q·k/√size
/// (Vaswani and others, Attention Is All You Need, 2017). Known elsewhere as keras.layers.Attention, F.scaled_dot_product_attention.
/// </remarks>
public sealed class DotAttention(int size, bool scaled = false) : Attention(nameof(DotAttention), size, size)
{
    /// <summary>Whether scores are divided by √size.</summary>
    public bool Scaled { get; } = scaled;

    /// <summary>Does nothing: there are no parameters.</summary>
    /// <param name="random">Not used.</param>
    public override void Initialize(RandomSource random)
    {
    }

    /// <inheritdoc/>
    public override string ToString() => $"DotAttention(size: {QuerySize}{(Scaled ? ", scaled: true" : "")})";

    private protected override Tensor Score(Tensor query, Tensor keys) =>
        Ops.BatchMatMul(Scaled ? Ops.Scale(query, 1 / MathF.Sqrt(QuerySize)) : query, keys, transposeB: true);
}

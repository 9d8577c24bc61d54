using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Attention whose score is a dot product behind a learned matrix, so that query and key may differ in size.</summary>
/// <remarks>
/// score(q, k) = qᵀ·W·k. Luong, Pham and Manning, Effective Approaches to Attention-based Neural Machine Translation, 2015.
/// Parameter: weight [querySize, keySize]. Known elsewhere as Luong's general or multiplicative attention.
/// </remarks>
public sealed class GeneralAttention : Attention
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="querySize">Numbers a query, at least 1: a decoder's hiddenSize.</param>
    /// <param name="keySize">Numbers a key, at least 1: an encoder's outputSize.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public GeneralAttention(int querySize, int keySize)
        : base(nameof(GeneralAttention), querySize, keySize)
    {
        Weight = AddParameter("weight", querySize, keySize);
        Initialize(new RandomSource(0));
    }

    /// <summary>W, [querySize, keySize].</summary>
    public Tensor Weight { get; }

    /// <summary>Draws W evenly from ±1/√keySize.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random) => Draw(random, Weight);

    /// <inheritdoc/>
    public override string ToString() => $"GeneralAttention(querySize: {QuerySize}, keySize: {KeySize})";

    private protected override Tensor MapKeys(Tensor keys) => Ops.Linear(keys, Weight);

    private protected override Tensor Score(Tensor query, Tensor keys) => Ops.BatchMatMul(query, keys, transposeB: true);
}

using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Attention whose score is a small network of query and key.</summary>
/// <remarks>
/// score(q, k) = vᵀ·tanh(W_query·q + W_key·k). Bahdanau, Cho and Bengio, 2015. Parameters: weight_query [attentionSize, querySize],
/// weight_key [attentionSize, keySize], v [attentionSize]. Known elsewhere as Bahdanau attention, keras.layers.AdditiveAttention (which has no matrices of its own).
/// </remarks>
public sealed class AdditiveAttention : Attention
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="querySize">Numbers a query, at least 1: a decoder's hiddenSize.</param>
    /// <param name="keySize">Numbers a key, at least 1: an encoder's outputSize.</param>
    /// <param name="attentionSize">Neurons of the network that scores, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public AdditiveAttention(int querySize, int keySize, int attentionSize)
        : base(nameof(AdditiveAttention), querySize, keySize)
    {
        AttentionSize = RequirePositive(attentionSize, nameof(AdditiveAttention), nameof(attentionSize));
        WeightQuery = AddParameter("weight_query", attentionSize, querySize);
        WeightKey = AddParameter("weight_key", attentionSize, keySize);
        V = AddParameter("v", attentionSize);
        Initialize(new RandomSource(0));
    }

    /// <summary>Neurons of the network that scores.</summary>
    public int AttentionSize { get; }

    /// <summary>W_query, [attentionSize, querySize].</summary>
    public Tensor WeightQuery { get; }

    /// <summary>W_key, [attentionSize, keySize].</summary>
    public Tensor WeightKey { get; }

    /// <summary>v, [attentionSize].</summary>
    public Tensor V { get; }

    /// <summary>Draws W_query, W_key and v evenly from ±1/√ of querySize, keySize and attentionSize.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        Draw(random, WeightQuery);
        Draw(random, WeightKey);
        Draw(random, V);
    }

    /// <inheritdoc/>
    public override string ToString() => $"AdditiveAttention(querySize: {QuerySize}, keySize: {KeySize}, attentionSize: {AttentionSize})";

    private protected override Tensor MapKeys(Tensor keys) => Ops.Linear(keys, WeightKey);

    private protected override Tensor Score(Tensor query, Tensor keys) => Ops.AdditiveScores(Ops.Linear(query, WeightQuery), keys, V);
}

using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Gives every symbol of a vocabulary a learned vector.</summary>
/// <remarks>Known elsewhere as nn.Embedding, keras.layers.Embedding. Parameter: weight [vocabularySize, embeddingSize].</remarks>
public sealed class Embedding : Layer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="vocabularySize">How many symbols, at least 1.</param>
    /// <param name="embeddingSize">Numbers a vector, at least 1.</param>
    /// <param name="paddingId">The id that fills short sequences up, or null, the default, for none; see <see cref="PaddingId"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or paddingId is outside the vocabulary.</exception>
    public Embedding(int vocabularySize, int embeddingSize, int? paddingId = null)
    {
        VocabularySize = RequirePositive(vocabularySize, nameof(Embedding), nameof(vocabularySize));
        EmbeddingSize = RequirePositive(embeddingSize, nameof(Embedding), nameof(embeddingSize));
        if (paddingId is { } id && (uint)id >= (uint)vocabularySize)
            throw new ArgumentOutOfRangeException(null, $"Embedding: paddingId must be from 0 to {vocabularySize - 1}, but got {id}.");
        PaddingId = paddingId;
        Weight = AddParameter("weight", vocabularySize, embeddingSize);
        Initialize(new RandomSource(0));
    }

    /// <summary>How many symbols.</summary>
    public int VocabularySize { get; }

    /// <summary>Numbers a vector.</summary>
    public int EmbeddingSize { get; }

    /// <summary>
    /// The id that fills short sequences up, or null for none. Its vector comes out as 0 and its row learns nothing from it, and a model passes over its time steps: see <see cref="Mask"/>.
    /// PyTorch: padding_idx; Keras: mask_zero, with 0 as the id.
    /// </summary>
    public int? PaddingId { get; }

    /// <summary>One row a symbol, [vocabularySize, embeddingSize].</summary>
    public Tensor Weight { get; }

    /// <summary>How the weight gets its first numbers; null, the default: normal with mean 0 and deviation 1, as PyTorch does. Setting it draws them from seed 0.</summary>
    public Initializer? WeightInitializer
    {
        get;
        init
        {
            field = value;
            Initialize(new RandomSource(0));
        }
    }

    /// <summary>Draws every number, by default from the normal distribution with mean 0 and deviation 1, as PyTorch does.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random) => (WeightInitializer ?? Initializer.Normal()).Fill(Weight, random);

    /// <summary>Looks each id's vector up.</summary>
    /// <param name="ids">[batch, time] or any other shape; each in 0..vocabularySize-1.</param>
    /// <returns>[batch, time, embeddingSize]: the shape of ids with one more dimension.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public Tensor Forward(IntTensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var y = Ops.Embedding(ids, Weight, this);
        return Mask(ids) is { } mask ? Ops.ApplyMask(y, mask) : y;
    }

    /// <summary>Which ids are not padding; what recurrent layers behind the embedding take as their mask, and a model gives them.</summary>
    /// <param name="ids">[batch, time] or any other shape.</param>
    /// <returns>The shape of ids: 0 where the id is PaddingId, and 1 elsewhere. Null when there is no PaddingId, or it is nowhere in ids.</returns>
    public Tensor? Mask(IntTensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (PaddingId is not { } padding || !ids.Values.Contains(padding))
            return null;
        var values = new float[ids.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = ids.Values[i] == padding ? 0 : 1;
        return Tape.Constant(Weight.Backend, values, ids.Shape);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape) => new([.. inputShape.Sizes, EmbeddingSize]);

    internal override Shape? SmallestInput => new Shape(1, 1);

    /// <inheritdoc/>
    public override string ToString() => $"Embedding(vocabularySize: {VocabularySize}, embeddingSize: {EmbeddingSize}{(PaddingId is { } id ? $", paddingId: {id}" : "")})";
}

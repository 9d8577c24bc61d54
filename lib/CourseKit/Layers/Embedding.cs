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
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Embedding(int vocabularySize, int embeddingSize)
    {
        VocabularySize = RequirePositive(vocabularySize, nameof(Embedding), nameof(vocabularySize));
        EmbeddingSize = RequirePositive(embeddingSize, nameof(Embedding), nameof(embeddingSize));
        Weight = AddParameter("weight", vocabularySize, embeddingSize);
        Initialize(new RandomSource(0));
    }

    /// <summary>How many symbols.</summary>
    public int VocabularySize { get; }

    /// <summary>Numbers a vector.</summary>
    public int EmbeddingSize { get; }

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
        return Ops.Embedding(ids, Weight, this);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape) => new([.. inputShape.Sizes, EmbeddingSize]);

    internal override Shape? SmallestInput => new Shape(1, 1);

    /// <inheritdoc/>
    public override string ToString() => $"Embedding(vocabularySize: {VocabularySize}, embeddingSize: {EmbeddingSize})";
}

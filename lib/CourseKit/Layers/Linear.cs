using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Affine map of the last dimension: y = x·Wᵀ + b.</summary>
/// <remarks>Known elsewhere as nn.Linear, keras.layers.Dense without an activation. Parameters: weight [outputSize, inputSize], bias [outputSize].</remarks>
public sealed class Linear : FeedForwardLayer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in, at least 1.</param>
    /// <param name="outputSize">Numbers out, at least 1.</param>
    /// <param name="bias">Whether to add a bias. Default: true.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Linear(int inputSize, int outputSize, bool bias = true)
    {
        InputSize = RequirePositive(inputSize, nameof(Linear), nameof(inputSize));
        OutputSize = RequirePositive(outputSize, nameof(Linear), nameof(outputSize));
        Weight = AddParameter("weight", outputSize, inputSize);
        Bias = bias ? AddParameter("bias", outputSize) : null;
        Initialize(new RandomSource(0));
    }

    private Linear(Embedding embedding, bool bias)
    {
        (Tied, InputSize, OutputSize, Weight) = (embedding, embedding.EmbeddingSize, embedding.VocabularySize, embedding.Weight);
        Bias = bias ? AddParameter("bias", OutputSize) : null;
        Initialize(new RandomSource(0));
    }

    /// <summary>A decoder that uses an embedding's matrix: what maps ids to vectors maps vectors back to logits.</summary>
    /// <param name="embedding">Where the weight is from. It remains the embedding's parameter: counted, saved and trained there, once, with the gradients of both.</param>
    /// <param name="bias">Whether to add a bias of its own. Default: true.</param>
    /// <returns>A layer from embeddingSize to vocabularySize.</returns>
    /// <remarks>Press and Wolf, Using the Output Embedding to Improve Language Models, 2017; Inan, Khosravi and Socher, Tying Word Vectors and Word Classifiers, 2017.</remarks>
    public static Linear TiedTo(Embedding embedding, bool bias = true)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        return new(embedding, bias);
    }

    /// <summary>Whose matrix the layer uses; null when it has its own.</summary>
    public Embedding? Tied { get; }

    /// <summary>Numbers in.</summary>
    public int InputSize { get; }

    /// <summary>Numbers out.</summary>
    public int OutputSize { get; }

    /// <summary>W, [outputSize, inputSize].</summary>
    public Tensor Weight { get; }

    /// <summary>b, [outputSize], or null for none.</summary>
    public Tensor? Bias { get; }

    /// <summary>How the weight gets its first numbers; null, the default: evenly from ±1/√inputSize, as PyTorch does. Setting it draws them from seed 0.</summary>
    public Initializer? WeightInitializer
    {
        get;
        init
        {
            field = value;
            Initialize(new RandomSource(0));
        }
    }

    /// <summary>How the bias gets its first numbers; null, the default: evenly from ±1/√inputSize, as PyTorch does. Setting it draws them from seed 0.</summary>
    public Initializer? BiasInitializer
    {
        get;
        init
        {
            field = value;
            Initialize(new RandomSource(0));
        }
    }

    /// <summary>Draws weight, unless it is an embedding's, and bias, by default evenly from ±1/√inputSize, as PyTorch does.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        var limit = 1 / MathF.Sqrt(InputSize);
        var asPyTorch = Initializer.Uniform(-limit, limit);
        if (Tied is null)
            (WeightInitializer ?? asPyTorch).Fill(Weight, random);
        if (Bias is not null)
            (BiasInitializer ?? asPyTorch).Fill(Bias, random);
    }

    /// <summary>y = x·Wᵀ + b.</summary>
    /// <param name="x">[..., inputSize].</param>
    /// <returns>[..., outputSize].</returns>
    /// <exception cref="ShapeException">The last dimension of x is not InputSize.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        return Ops.Linear(x, Weight, Bias);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        return inputShape.WithLast(OutputSize);
    }

    /// <inheritdoc/>
    public override string ToString() => Tied is null
        ? $"Linear(inputSize: {InputSize}, outputSize: {OutputSize}{(Bias is null ? ", bias: false" : "")})"
        : $"Linear.TiedTo({Tied}{(Bias is null ? ", bias: false" : "")})";

    internal override Shape? SmallestInput => new Shape(1, InputSize);

    private void RequireInput(Shape x)
    {
        if (x.Rank == 0 || x.Last != InputSize)
            throw new ShapeException($"{this}: x must be [..., {InputSize}], but got {x}. The last dimension must equal inputSize.");
    }
}

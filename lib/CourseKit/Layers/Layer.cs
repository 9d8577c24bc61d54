using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// A part of a model that owns its parameters. There are three kinds: <see cref="Embedding"/> takes ids, a <see cref="FeedForwardLayer"/> a tensor,
/// a <see cref="RecurrentLayer"/> a sequence and a state.
/// </summary>
/// <remarks>Known elsewhere as nn.Module, keras.layers.Layer.</remarks>
public abstract class Layer
{
    private readonly List<Parameter> _parameters = [];

    /// <summary>What to call it in summaries and files. Default: its kind, in lower case.</summary>
    public string Name { get; set; }

    /// <summary>What training changes, in PyTorch's order and under PyTorch's names; empty for a layer without parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Names the layer after its kind.</summary>
    private protected Layer() => Name = GetType().Name.ToLowerInvariant();

    /// <summary>Draws every parameter anew.</summary>
    /// <param name="random">Where the numbers come from, one parameter after the other.</param>
    public abstract void Initialize(RandomSource random);

    /// <summary>Moves every parameter to another backend, in place, where the layer then runs. Inputs and states must lie there too.</summary>
    /// <param name="backend">Where to.</param>
    /// <remarks>Known elsewhere as module.to(device).</remarks>
    public void To(IBackend backend)
    {
        foreach (var (_, tensor) in Parameters)
            tensor.MoveTo(backend);
    }

    /// <summary>The shape that this layer makes of an input's.</summary>
    /// <param name="inputShape">What would go in; every size given.</param>
    /// <exception cref="ShapeException">The layer does not take such an input; the message names the layer with its configuration.</exception>
    public abstract Shape OutputShape(Shape inputShape);

    /// <summary>The kind with its configuration, as it is written in code: "Lstm(inputSize: 8, hiddenSize: 32)".</summary>
    public abstract override string ToString();

    /// <summary>Adds a parameter of zeros; <see cref="Initialize"/> gives it its numbers.</summary>
    /// <param name="name">Its name in this layer.</param>
    /// <param name="shape">Its sizes.</param>
    protected Tensor AddParameter(string name, params int[] shape)
    {
        var tensor = Tensor.Zeros(shape);
        tensor.Name = name;
        tensor.RequiresGradient = true;
        _parameters.Add(new Parameter(name, tensor));
        return tensor;
    }

    /// <summary>Draws every parameter evenly from −limit to limit.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="limit">The greatest size of a number.</param>
    protected void DrawUniform(RandomSource random, float limit)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var (_, tensor) in Parameters)
        {
            var values = new float[tensor.Length];
            random.FillUniform(values, -limit, limit);
            tensor.CopyFrom(values);
        }
    }

    /// <summary>Holds a size that a constructor was given to at least 1.</summary>
    internal static int RequirePositive(int size, string kind, string name) => size >= 1
        ? size
        : throw new ArgumentOutOfRangeException(null, $"{kind}: {name} must be at least 1, but got {size}.");
}

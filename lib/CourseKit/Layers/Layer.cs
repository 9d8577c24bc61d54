using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// A part of a model that owns its parameters. There are four kinds: <see cref="Embedding"/> takes ids, a <see cref="FeedForwardLayer"/> a tensor,
/// a <see cref="SequenceLayer"/> a sequence and a state, a <see cref="PairLayer"/> two sequences of ids. Write your own on top of the last two, or of <see cref="RecurrentCellLayer"/>.
/// </summary>
/// <remarks>Known elsewhere as nn.Module, keras.layers.Layer.</remarks>
public abstract class Layer
{
    private readonly List<Parameter> _parameters = [];
    private readonly List<Tensor> _own = [];
    private readonly List<Layer> _parts = [];

    /// <summary>What to call it in summaries and files. Default: its kind, in lower case.</summary>
    public string Name { get; set; }

    /// <summary>What training changes, in PyTorch's order and under PyTorch's names; empty for a layer without parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The layers that this one is made of; empty for most.</summary>
    public IReadOnlyList<Layer> Parts => _parts;

    /// <summary>Where the layer draws from in training, as for dropout; null when it draws nothing. Its state belongs to a training run that is to go on where it stopped.</summary>
    public virtual RandomSource? Random => null;

    /// <summary>Every source of randomness in the layer: its own, then those of its <see cref="Parts"/>, always in the same order.</summary>
    public IEnumerable<RandomSource> RandomSources => (Random is { } own ? [own] : Array.Empty<RandomSource>()).Concat(_parts.SelectMany(part => part.RandomSources));

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
        _own.Add(tensor);
        return tensor;
    }

    /// <summary>Makes another layer a part of this one: its parameters come under its name and a dot, "linear.weight". A name that comes again gets a number behind it.</summary>
    /// <param name="layer">The part; <see cref="Initialize"/> of this layer must initialise it too.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentException">The layer is a part already.</exception>
    protected TLayer AddLayer<TLayer>(TLayer layer)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_parts.Contains(layer))
            throw new ArgumentException($"{GetType().Name}: the layer {layer.Name} comes twice. Make a new layer for every place.");
        var name = layer.Name;
        for (var number = 2; _parts.Exists(part => part.Name == layer.Name); number++)
            layer.Name = $"{name}{number}";
        _parts.Add(layer);
        _parameters.AddRange(layer.Parameters.Select(parameter => parameter with { Name = $"{layer.Name}.{parameter.Name}" }));
        return layer;
    }

    /// <summary>Draws every parameter, but not those of <see cref="Parts"/>, evenly from −limit to limit.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="limit">The greatest size of a number.</param>
    protected void DrawUniform(RandomSource random, float limit)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var tensor in _own)
        {
            var values = new float[tensor.Length];
            random.FillUniform(values, -limit, limit);
            tensor.CopyFrom(values);
        }
    }

    /// <summary>The smallest input that fits, for a summary; null when the layer takes any.</summary>
    internal virtual Shape? SmallestInput => null;

    /// <summary>Holds a size that a constructor was given to at least 1.</summary>
    internal static int RequirePositive(int size, string kind, string name) => size >= 1
        ? size
        : throw new ArgumentOutOfRangeException(null, $"{kind}: {name} must be at least 1, but got {size}.");
}

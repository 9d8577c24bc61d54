using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// A recurrent layer over whole sequences: stacked, in one or both directions, with the state in and out. <see cref="SimpleRnn"/>, <see cref="Lstm"/>, <see cref="Gru"/>.
/// </summary>
/// <remarks>
/// Parameters are named as PyTorch's: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, then the same with _reverse, then l1.
/// Both directions: Schuster and Paliwal, 1997.
/// </remarks>
public abstract class RecurrentLayer : SequenceLayer
{
    private readonly RecurrentWeights[] _weights;
    private readonly int _gates;

    private protected RecurrentLayer(int gates, int inputSize, int hiddenSize, int layers, bool bidirectional, bool returnSequences, BidirectionalMerge merge)
    {
        var kind = GetType().Name;
        if (!bidirectional && merge != BidirectionalMerge.Concat)
            throw new ArgumentException($"{kind}: merge must be Concat, the default, where there is one direction, but got {merge}. Make the layer with bidirectional: true.", nameof(merge));
        InputSize = RequirePositive(inputSize, kind, nameof(inputSize));
        HiddenSize = RequirePositive(hiddenSize, kind, nameof(hiddenSize));
        Layers = RequirePositive(layers, kind, nameof(layers));
        Bidirectional = bidirectional;
        ReturnSequences = returnSequences;
        Merge = merge;
        _gates = gates;
        _weights = new RecurrentWeights[layers * Directions];
        for (var i = 0; i < _weights.Length; i++)
        {
            var from = i < Directions ? inputSize : OutputSize;
            var suffix = $"l{i / Directions}{(i % Directions == 1 ? "_reverse" : "")}";
            _weights[i] = new RecurrentWeights(
                AddParameter($"weight_ih_{suffix}", gates * hiddenSize, from),
                AddParameter($"weight_hh_{suffix}", gates * hiddenSize, hiddenSize),
                AddParameter($"bias_ih_{suffix}", gates * hiddenSize),
                AddParameter($"bias_hh_{suffix}", gates * hiddenSize));
        }

        Initialize(new RandomSource(0));
    }

    /// <summary>Numbers in at each time step. PyTorch: input_size.</summary>
    public override int InputSize { get; }

    /// <summary>Neurons a layer and direction. PyTorch: hidden_size; Keras: units.</summary>
    public int HiddenSize { get; }

    /// <summary>How many layers are stacked. Default: 1. PyTorch: num_layers.</summary>
    public int Layers { get; }

    /// <summary>Whether a second set of weights runs from the last time step to the first. Default: false.</summary>
    public bool Bidirectional { get; }

    /// <summary>What is made of the two directions. Default: Concat, which is also what a layer of one direction has. Keras: merge_mode.</summary>
    public BidirectionalMerge Merge { get; }

    /// <summary>Whether every time step's hidden state comes out, or the final one alone. Default: true. Keras: return_sequences.</summary>
    public bool ReturnSequences { get; }

    /// <summary>The last dimension of the output: HiddenSize, or twice that when two directions are put behind one another.</summary>
    public int OutputSize => Merge == BidirectionalMerge.Concat ? HiddenSize * Directions : HiddenSize;

    private int Directions => Bidirectional ? 2 : 1;

    /// <summary>The weights from the input, [gates*hiddenSize, inputSize]; from the second layer on [gates*hiddenSize, outputSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">Those of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor WeightIh(int layer = 0, bool reverse = false) => Weights(layer, reverse).WeightIh;

    /// <summary>The weights from the state before, [gates*hiddenSize, hiddenSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">Those of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor WeightHh(int layer = 0, bool reverse = false) => Weights(layer, reverse).WeightHh;

    /// <summary>The bias beside the input's product, [gates*hiddenSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">That of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor BiasIh(int layer = 0, bool reverse = false) => Weights(layer, reverse).BiasIh!;

    /// <summary>The bias beside the state's product, [gates*hiddenSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">That of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor BiasHh(int layer = 0, bool reverse = false) => Weights(layer, reverse).BiasHh!;

    /// <summary>Which parameter gets which first numbers. Default: PyTorch's. Setting it draws them from seed 0, as the constructor does.</summary>
    public RecurrentInitialization Initialization
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
            Initialize(new RandomSource(0));
        }
    }

    = RecurrentInitialization.PyTorch;

    /// <summary>Draws all weights and biases as <see cref="Initialization"/> says: by default evenly from ±1/√hiddenSize, as PyTorch does.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var limit = 1 / MathF.Sqrt(HiddenSize);
        var asPyTorch = Initializer.Uniform(-limit, limit);
        var blocks = Initialization.PerGate ? _gates : 1;
        foreach (var weights in _weights)
        {
            (Initialization.InputWeights ?? asPyTorch).Fill(weights.WeightIh, random, blocks);
            (Initialization.RecurrentWeights ?? asPyTorch).Fill(weights.WeightHh, random, blocks);
            (Initialization.Biases ?? asPyTorch).Fill(weights.BiasIh!, random, blocks);
            (Initialization.Biases ?? asPyTorch).Fill(weights.BiasHh!, random, blocks);
            SetGateBiases(weights, random);
        }
    }

    /// <summary>Runs all layers over a sequence.</summary>
    /// <param name="x">[batch, time, inputSize], at least one sequence of one time step.</param>
    /// <param name="state">The state before the first step; null for zeros.</param>
    /// <param name="mask">
    /// [batch, time] of 1 and 0; null for all 1. At 0 the time step is passed over: the state is held, the output is 0, and no gradient comes from or goes to it.
    /// </param>
    /// <returns>
    /// The last layer's hidden states, [batch, time, outputSize], or with ReturnSequences false its final ones, [batch, outputSize], its two directions merged as
    /// <see cref="Merge"/> says (with None a dimension of 2 stands before the last); and every layer's final state, in the order l0, l0_reverse, l1, l1_reverse.
    /// </returns>
    /// <exception cref="ShapeException">x is not [batch, time, inputSize], or the state or the mask does not fit.</exception>
    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        RequireMask(mask, x.Shape);
        RequireState(state, _weights.Length, HasCell, x.Shape[0], HiddenSize, HiddenSize);
        if (mask is not null)
            throw new NotSupportedException($"{this}: masks are not taken yet.");
        var hidden = new Tensor[_weights.Length];
        var cell = HasCell ? new Tensor[_weights.Length] : null;
        var (forward, backward) = (x, x);
        for (var layer = 0; layer < Layers; layer++)
        {
            var first = layer * Directions;
            forward = RunOne(first, forward);
            if (!Bidirectional)
                continue;
            backward = RunOne(first + 1, backward);
            if (Merge != BidirectionalMerge.None)
                forward = backward = Merged(forward, backward);
        }

        if (!ReturnSequences)
            forward = Bidirectional ? Merged(hidden[^2], hidden[^1]) : hidden[^1];
        else if (Merge == BidirectionalMerge.None)
            forward = Merged(forward, backward);
        return (forward, new RecurrentState(hidden, cell));

        Tensor RunOne(int i, Tensor input)
        {
            var (output, h, c) = Run(input, state?.Hidden[i], state?.Cell?[i], _weights[i], reverse: i % Directions == 1);
            hidden[i] = h;
            cell?[i] = c!;
            return output;
        }
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        var (batchSize, steps) = (inputShape[0], inputShape[1]);
        return (ReturnSequences, Merge) switch
        {
            (true, BidirectionalMerge.None) => new Shape(batchSize, steps, 2, OutputSize),
            (true, _) => new Shape(batchSize, steps, OutputSize),
            (false, BidirectionalMerge.None) => new Shape(batchSize, 2, OutputSize),
            _ => new Shape(batchSize, OutputSize),
        };
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{GetType().Name}(inputSize: {InputSize}, hiddenSize: {HiddenSize}{(Layers == 1 ? "" : $", layers: {Layers}")}{Configuration}"
        + $"{(Bidirectional ? ", bidirectional: true" : "")}{(Merge == BidirectionalMerge.Concat ? "" : $", merge: {Merge}")}{(ReturnSequences ? "" : ", returnSequences: false")})";

    /// <summary>Whether the state has a cell part.</summary>
    private protected virtual bool HasCell => false;

    /// <summary>Which of the stacked gates forget, which let in; −1 where there is none. A coupled gate does both.</summary>
    private protected virtual (int Forget, int Input) Gates => (-1, -1);

    /// <summary>What the kind adds to its configuration, with a comma in front; nothing when at its default.</summary>
    private protected virtual string Configuration => "";

    /// <summary>Runs one layer in one direction.</summary>
    private protected abstract (Tensor Output, Tensor Hidden, Tensor? Cell) Run(Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, bool reverse);

    // What ForgetBias and ChronoSteps say goes to biasIh, and biasHh is 0 there: the gate sees the sum.
    private void SetGateBiases(RecurrentWeights weights, RandomSource random)
    {
        var (forget, input) = Gates;
        if (input < 0 || (Initialization.ForgetBias is null && Initialization.ChronoSteps is null))
            return;
        var values = new float[HiddenSize];
        if (Initialization.ChronoSteps is { } steps)
            random.FillUniform(values, 1, steps - 1);
        for (var i = 0; i < values.Length; i++)
            values[i] = Initialization.ChronoSteps is null ? Initialization.ForgetBias!.Value : MathF.Log(values[i]);
        if (forget >= 0)
            SetBias(weights, forget, values);
        if (forget < 0 || Initialization.ChronoSteps is not null)
            SetBias(weights, input, [.. values.Select(value => -value)]);
    }

    private void SetBias(RecurrentWeights weights, int gate, float[] values)
    {
        var (biasIh, biasHh) = (weights.BiasIh!.ToArray(), weights.BiasHh!.ToArray());
        values.CopyTo(biasIh, gate * HiddenSize);
        Array.Clear(biasHh, gate * HiddenSize, HiddenSize);
        weights.BiasIh.CopyFrom(biasIh);
        weights.BiasHh.CopyFrom(biasHh);
    }

    private Tensor Merged(Tensor forward, Tensor backward) => Merge switch
    {
        BidirectionalMerge.Sum => forward + backward,
        BidirectionalMerge.Multiply => forward * backward,
        BidirectionalMerge.Average => (forward + backward) * 0.5f,
        BidirectionalMerge.None => Ops.Reshape(Ops.Concat(forward, backward), new Shape([.. forward.Shape.WithoutLast().Sizes, 2, HiddenSize])),
        _ => Ops.Concat(forward, backward),
    };

    private RecurrentWeights Weights(int layer, bool reverse)
    {
        if ((uint)layer >= (uint)Layers)
            throw new ArgumentOutOfRangeException(null, $"{this}: layer must be from 0 to {Layers - 1}, but got {layer}.");
        if (reverse && !Bidirectional)
            throw new ArgumentOutOfRangeException(null, $"{this}: there is no reverse direction. Make the layer with bidirectional: true.");
        return _weights[(layer * Directions) + (reverse ? 1 : 0)];
    }
}

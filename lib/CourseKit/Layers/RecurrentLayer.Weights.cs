using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <content>The parameters and their first numbers.</content>
public abstract partial class RecurrentLayer
{
    private readonly RecurrentWeights[] _weights;
    private readonly Tensor?[][] _added;
    private readonly AddedParameter[] _initializers;
    private readonly int _gates;

    /// <summary>The weights from the input, [gates*hiddenSize, inputSize]; from the second layer on [gates*hiddenSize, outputSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">Those of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor WeightIh(int layer = 0, bool reverse = false) => _weights[IndexOf(layer, reverse)].WeightIh;

    /// <summary>The weights from the state before, [gates*hiddenSize, stateSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">Those of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor WeightHh(int layer = 0, bool reverse = false) => _weights[IndexOf(layer, reverse)].WeightHh;

    /// <summary>The bias beside the input's product, [gates*hiddenSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">That of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor BiasIh(int layer = 0, bool reverse = false) => _weights[IndexOf(layer, reverse)].BiasIh!;

    /// <summary>The bias beside the state's product, [gates*hiddenSize].</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">That of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor BiasHh(int layer = 0, bool reverse = false) => _weights[IndexOf(layer, reverse)].BiasHh!;

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
        for (var i = 0; i < _weights.Length; i++)
        {
            (Initialization.InputWeights ?? asPyTorch).Fill(_weights[i].WeightIh, random, blocks);
            (Initialization.RecurrentWeights ?? asPyTorch).Fill(_weights[i].WeightHh, random, blocks);
            (Initialization.Biases ?? asPyTorch).Fill(_weights[i].BiasIh!, random, blocks);
            (Initialization.Biases ?? asPyTorch).Fill(_weights[i].BiasHh!, random, blocks);
            SetGateBiases(_weights[i], random);
            for (var j = 0; j < _initializers.Length; j++)
            {
                if (_added[i][j] is { } tensor)
                    (_initializers[j].Initializer ?? asPyTorch).Fill(tensor, random);
            }
        }

        StartRandom(random);
    }

    /// <summary>Which of the stacked gates forget, which let in; −1 where there is none. A coupled gate does both.</summary>
    private protected virtual (int Forget, int Input) Gates => (-1, -1);

    /// <summary>A parameter that the kind adds, by its place in the constructor's list.</summary>
    private protected Tensor? Added(int which, int layer, bool reverse) => _added[IndexOf(layer, reverse)][which];

    private void AddWeights(int i, ReadOnlySpan<AddedParameter> added)
    {
        var from = i < Directions ? InputSize : OutputSize;
        var suffix = $"l{i / Directions}{(i % Directions == 1 ? "_reverse" : "")}";
        _weights[i] = new RecurrentWeights(
            AddParameter($"weight_ih_{suffix}", _gates * HiddenSize, from),
            AddParameter($"weight_hh_{suffix}", _gates * HiddenSize, StateSize),
            AddParameter($"bias_ih_{suffix}", _gates * HiddenSize),
            AddParameter($"bias_hh_{suffix}", _gates * HiddenSize));
        _added[i] = new Tensor?[added.Length];
        for (var j = 0; j < added.Length; j++)
            _added[i][j] = added[j].Shape(i / Directions, from) is { } shape ? AddParameter($"{added[j].Name}_{suffix}", shape) : null;
    }

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

    private int IndexOf(int layer, bool reverse)
    {
        if ((uint)layer >= (uint)Layers)
            throw new ArgumentOutOfRangeException(null, $"{this}: layer must be from 0 to {Layers - 1}, but got {layer}.");
        if (reverse && !Bidirectional)
            throw new ArgumentOutOfRangeException(null, $"{this}: there is no reverse direction. Make the layer with bidirectional: true.");
        return (layer * Directions) + (reverse ? 1 : 0);
    }

    /// <summary>A parameter that a kind adds to every layer and direction.</summary>
    /// <param name="Name">Before its suffix: "weight_hr" for weight_hr_l0.</param>
    /// <param name="Shape">Its sizes, from the layer and the size of that layer's input; null where the layer has none.</param>
    /// <param name="Initializer">How it gets its first numbers; null for evenly from ±1/√hiddenSize.</param>
    private protected sealed record AddedParameter(string Name, Func<int, int, int[]?> Shape, Initializer? Initializer = null);
}

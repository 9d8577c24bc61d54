using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Long short-term memory over whole sequences, plain or with coupled gates, peepholes, a projection and layer normalisation, which go together freely.</summary>
/// <remarks>
/// i, f, o = σ(·) and g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
/// Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000. Known elsewhere as nn.LSTM, keras.layers.LSTM
/// (which stores its gates i, f, c, o, transposed, with one bias, and starts the forget gate's at 1: <see cref="RecurrentInitialization.Keras"/>).
/// Parameters beside those of every recurrent layer: weight_peephole_l0 [3*hiddenSize] of i, f, o (coupled: [2*hiddenSize] of i, o), and PyTorch's
/// weight_hr_l0 [projectionSize, hiddenSize]; with layer normalisation weight_norm_ih_l0 and weight_norm_hh_l0 [gates*hiddenSize], weight_norm_cell_l0 and
/// bias_norm_cell_l0 [hiddenSize].
/// </remarks>
public sealed class Lstm : RecurrentLayer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="RecurrentLayer.Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Neurons a layer and direction, at least 1.</param>
    /// <param name="layers">How many layers are stacked, at least 1. Default: 1.</param>
    /// <param name="bidirectional">Whether a second set of weights runs from last to first. Default: false.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final hidden state alone. Default: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <param name="projectionSize">Numbers in the hidden state, fewer than the cell has: h_t = W_hr·(o·tanh(c_t)). Null, the default: no projection. PyTorch: proj_size.</param>
    /// <param name="peephole">Whether the gates also see the cell, number by number: i and f see c_{t-1}, o sees c_t. Default: false.</param>
    /// <param name="coupled">Whether the forget gate is 1 − i, with three gates i, g, o to learn. Default: false.</param>
    /// <param name="layerNorm">Whether both products and the cell on its way out are normalised over their neurons. Default: false.</param>
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <remarks>
    /// Projection: Sak, Senior and Beaufays, 2014. Peepholes: Gers and Schmidhuber, Recurrent Nets that Time and Count, 2000.
    /// Coupled: Greff and others, LSTM: A Search Space Odyssey, 2017 (CIFG).
    /// Layer normalisation: a = LN(W_ih·x_t) + b_ih + LN(W_hh·h_{t-1}) + b_hh, h_t = o·tanh(LN(c_t)): Ba, Kiros and Hinton, Layer Normalization, 2016.
    /// </remarks>
    public Lstm(int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat, int? projectionSize = null, bool peephole = false, bool coupled = false,
        bool layerNorm = false)
        : base(new(coupled ? 3 : 4, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge, projectionSize),
            new AddedParameter("weight_peephole", (_, _) => peephole ? [(coupled ? 2 : 3) * hiddenSize] : null),
            new AddedParameter("weight_hr", (_, _) => projectionSize is { } size ? [size, hiddenSize] : null),
            new AddedParameter("weight_norm_ih", (_, _) => layerNorm ? [(coupled ? 3 : 4) * hiddenSize] : null, Initializer.Constant(1)),
            new AddedParameter("weight_norm_hh", (_, _) => layerNorm ? [(coupled ? 3 : 4) * hiddenSize] : null, Initializer.Constant(1)),
            new AddedParameter("weight_norm_cell", (_, _) => layerNorm ? [hiddenSize] : null, Initializer.Constant(1)),
            new AddedParameter("bias_norm_cell", (_, _) => layerNorm ? [hiddenSize] : null, Initializer.Zeros)) =>
        (ProjectionSize, HasPeephole, IsCoupled, HasLayerNorm) = (projectionSize, peephole, coupled, layerNorm);

    /// <summary>Numbers in the hidden state where it is projected; null where it is not. PyTorch: proj_size.</summary>
    public int? ProjectionSize { get; }

    /// <summary>Whether the gates also see the cell.</summary>
    public bool HasPeephole { get; }

    /// <summary>Whether the forget gate is 1 − i.</summary>
    public bool IsCoupled { get; }

    /// <summary>Whether both products and the cell on its way out are normalised.</summary>
    public bool HasLayerNorm { get; }

    /// <summary>The weights from the cell to the gates, [3*hiddenSize] of i, f, o, or [2*hiddenSize] of i, o when coupled; null without peepholes.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">Those of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor? Peephole(int layer = 0, bool reverse = false) => Added(0, layer, reverse);

    /// <summary>W_hr, [projectionSize, hiddenSize]; null without a projection.</summary>
    /// <param name="layer">From 0.</param>
    /// <param name="reverse">That of the direction from last to first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public Tensor? Projection(int layer = 0, bool reverse = false) => Added(1, layer, reverse);

    private protected override bool HasCell => true;

    private protected override (int Forget, int Input) Gates => IsCoupled ? (-1, 0) : (1, 0);

    private protected override string Configuration =>
        $"{(ProjectionSize is { } size ? $", projectionSize: {size}" : "")}{(HasPeephole ? ", peephole: true" : "")}{(IsCoupled ? ", coupled: true" : "")}{(HasLayerNorm ? ", layerNorm: true" : "")}";

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var added = pass.Added;
        var norm = HasLayerNorm ? new LstmNorm(added[2]!, added[3]!, added[4]!, added[5]!) : null;
        var isPlain = !(HasPeephole || IsCoupled || HasLayerNorm) && ProjectionSize is null;
        var variant = isPlain ? null : new LstmVariant { Coupled = IsCoupled, Peephole = added[0], Projection = added[1], Norm = norm };
        var (output, hidden, cell) = Ops.Lstm(pass.X, pass.Hidden, pass.Cell, pass.Weights, pass.Reverse, pass.Options, variant);
        return new(output, hidden, cell);
    }
}

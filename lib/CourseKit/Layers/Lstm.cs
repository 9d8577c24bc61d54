using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>Long short-term memory over whole sequences.</summary>
/// <remarks>
/// i, f, o = σ(·) and g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
/// Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000. Known elsewhere as nn.LSTM, keras.layers.LSTM
/// (which stores its gates i, f, c, o, transposed, with one bias, and starts the forget gate's at 1).
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
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Lstm(int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat)
        : base(4, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge)
    {
    }

    private protected override bool HasCell => true;

    private protected override (int Forget, int Input) Gates => (1, 0);

    private protected override (Tensor Output, Tensor Hidden, Tensor? Cell) Run(Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, bool reverse) =>
        Ops.Lstm(x, hidden, cell, weights, reverse);
}

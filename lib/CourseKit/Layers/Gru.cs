using CourseKit.Autograd;
using CourseKit.Backends;

namespace CourseKit.Layers;

/// <summary>The gated recurrent unit over whole sequences.</summary>
/// <remarks>
/// r, z = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)), or with resetAfter false
/// n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn); h_t = (1 − z)·n + z·h_{t-1}. Cho and others, 2014. Known elsewhere as nn.GRU, keras.layers.GRU
/// (which stores its gates z, r, h, transposed).
/// </remarks>
public sealed class Gru : RecurrentLayer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="RecurrentLayer.Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Neurons a layer and direction, at least 1.</param>
    /// <param name="layers">How many layers are stacked, at least 1. Default: 1.</param>
    /// <param name="resetAfter">Apply the reset gate after the recurrent product (PyTorch, cuDNN; the default) or before it (the first form).</param>
    /// <param name="bidirectional">Whether a second set of weights runs from last to first. Default: false.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final state alone. Default: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Gru(int inputSize, int hiddenSize, int layers = 1, bool resetAfter = true, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat)
        : base(new(3, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge)) => ResetAfter = resetAfter;

    /// <summary>Whether the reset gate applies after the recurrent product. Keras: reset_after.</summary>
    public bool ResetAfter { get; }

    private protected override string Configuration => ResetAfter ? "" : ", resetAfter: false";

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var (output, hidden) = Ops.Gru(pass.X, pass.Hidden, pass.Weights, ResetAfter ? GruForm.ResetAfter : GruForm.ResetBefore, pass.Reverse, pass.Options);
        return new(output, hidden);
    }
}

using CourseKit.Autograd;
using CourseKit.Backends;

namespace CourseKit.Layers;

/// <summary>The minimal gated unit over whole sequences: one gate that both forgets and lets in.</summary>
/// <remarks>
/// f = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; n = tanh(W_in·x_t + b_in + W_hn·(f·h_{t-1}) + b_hn); h_t = (1 − f)·h_{t-1} + f·n.
/// The weights stack two gates, f, n. Zhou, Wu, Zhang and Zhou, Minimal Gated Unit for Recurrent Neural Networks, 2016.
/// </remarks>
public sealed class MinimalGatedUnit : RecurrentLayer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="RecurrentLayer.Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Neurons a layer and direction, at least 1.</param>
    /// <param name="layers">How many layers are stacked, at least 1. Default: 1.</param>
    /// <param name="bidirectional">Whether a second set of weights runs from last to first. Default: false.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final state alone. Default: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public MinimalGatedUnit(int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat)
        : base(new(2, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge))
    {
    }

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var (output, hidden) = Ops.Gru(pass.X, pass.Hidden, pass.Weights, GruForm.Minimal, pass.Reverse, pass.Options);
        return new(output, hidden);
    }
}

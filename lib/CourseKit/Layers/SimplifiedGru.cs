using CourseKit.Autograd;
using CourseKit.Backends;

namespace CourseKit.Layers;

/// <summary>A gated recurrent unit with the update gate alone, over whole sequences: the shortest gated cell, to learn gates from.</summary>
/// <remarks>
/// z = σ(·) and n = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; h_t = (1 − z)·n + z·h_{t-1}: <see cref="Gru"/> with its reset gate held at 1 (Cho and others, 2014).
/// The weights stack two gates, z, n.
/// </remarks>
public sealed class SimplifiedGru : RecurrentLayer
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
    public SimplifiedGru(int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat)
        : base(new(2, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge))
    {
    }

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var (output, hidden) = Ops.Gru(pass.X, pass.Hidden, pass.Weights, GruForm.UpdateOnly, pass.Reverse, pass.Options);
        return new(output, hidden);
    }
}

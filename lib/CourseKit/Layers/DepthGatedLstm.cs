using CourseKit.Autograd;

namespace CourseKit.Layers;

/// <summary>Stacked LSTM layers in which each layer's cell also takes from the cell of the layer below, through a gate of its own.</summary>
/// <remarks>
/// c_t = f·c_{t-1} + i·g + d·below_t with d_t = σ(W_d·x_t + b_d + w_c·c_{t-1} + w_b·below_t), below_t being the cell of the layer below at the same time step, x_t what comes
/// from that layer, and all else as in <see cref="Lstm"/>, with peepholes. The lowest layer has no depth gate. Yao, Cohn, Vylomova, Duh and Dyer, Depth-Gated Recurrent Neural
/// Networks, 2015. Parameters beside those of <see cref="Lstm"/>, from the second layer on: weight_depth_l1 [hiddenSize, inputSize of that layer], bias_depth_l1,
/// weight_depth_cell_l1 (w_c) and weight_depth_below_l1 (w_b), [hiddenSize] each. Where there are two directions, each takes from its own.
/// </remarks>
public sealed class DepthGatedLstm : RecurrentLayer
{
    /// <summary>Makes the layers; weights are drawn from seed 0 until <see cref="RecurrentLayer.Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Neurons a layer and direction, at least 1.</param>
    /// <param name="layers">How many layers are stacked, at least 1. Default: 2.</param>
    /// <param name="bidirectional">Whether a second set of weights runs from last to first. Default: false.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final hidden state alone. Default: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <param name="peephole">Whether the gates also see the cell, as in the paper. Default: true.</param>
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public DepthGatedLstm(int inputSize, int hiddenSize, int layers = 2, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat, bool peephole = true)
        : base(new(4, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge),
            new AddedParameter("weight_peephole", (_, _) => peephole ? [3 * hiddenSize] : null),
            new AddedParameter("weight_depth", (layer, from) => layer > 0 ? [hiddenSize, from] : null),
            new AddedParameter("bias_depth", (layer, _) => layer > 0 ? [hiddenSize] : null),
            new AddedParameter("weight_depth_cell", (layer, _) => layer > 0 ? [hiddenSize] : null),
            new AddedParameter("weight_depth_below", (layer, _) => layer > 0 ? [hiddenSize] : null)) => HasPeephole = peephole;

    /// <summary>Whether the gates also see the cell.</summary>
    public bool HasPeephole { get; }

    private protected override bool HasCell => true;

    private protected override (int Forget, int Input) Gates => (1, 0);

    private protected override string Configuration => HasPeephole ? "" : ", peephole: false";

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var added = pass.Added;
        var gate = added[1] is { } weight ? new LstmDepthGate(pass.CellsBelow!, weight, added[3]!, added[4]!, added[2]) : null;
        var variant = HasPeephole ? new LstmVariant { Peephole = added[0] } : null;
        var (output, hidden, cell, cells) = Ops.DepthGatedLstm(pass.X, pass.Hidden, pass.Cell, pass.Weights, gate, pass.Reverse, pass.Options, variant);
        return new(output, hidden, cell, cells);
    }
}

using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Runs an LSTM layer over a sequence in one direction.</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">h before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="cell">c before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="weights">Of four gates, in the order i, f, g, o.</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x.</param>
    /// <param name="options">Masks, dropout of the recurrent product, zoneout; null for none.</param>
    /// <param name="variant">Coupled gates, peepholes, a projection, layer norm; null for the plain LSTM. With a projection h has projectionSize numbers in place of hiddenSize.</param>
    /// <returns>All hidden states, [batch, time, hiddenSize], and h and c after the last step taken, [batch, hiddenSize] each.</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <remarks>
    /// i, f, o = σ(·) and g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
    /// A step that the mask passes over holds the state, and x may hold anything there, even NaN. Zoneout blends: c_t = z·c_{t-1} + (1 − z)·c~_t, h_t = z·h_{t-1} + (1 − z)·o·tanh(c~_t).
    /// Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Lstm(
        Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, bool reverse = false, RecurrentOptions? options = null, LstmVariant? variant = null)
    {
        var (y, hN, cN, _) = RunLstm("Lstm", x, hidden, cell, weights, null, wantsCells: false, reverse, options, variant);
        return (y, hN, cN);
    }

    /// <summary>Runs one layer of a depth-gated LSTM over a sequence in one direction: its cells also take from those of the layer below, and come out for the layer above.</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">h before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="cell">c before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="weights">Of four gates, in the order i, f, g, o.</param>
    /// <param name="depthGate">The gate to the layer below with that layer's cells; null for the lowest layer, which is an LSTM that also gives its cells.</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x.</param>
    /// <param name="options">Masks, dropout of the recurrent product, zoneout; null for none.</param>
    /// <param name="variant">Coupled gates, peepholes, a projection, layer norm; null for none.</param>
    /// <returns>
    /// All hidden states, [batch, time, hiddenSize]; h and c after the last step taken, [batch, hiddenSize] each; all cells, [batch, time, hiddenSize], held where the mask passes over.
    /// </returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <remarks>
    /// As <see cref="Lstm"/>, but c_t = f∘c_{t-1} + i∘g + d∘below_t with d_t = σ(W_d·x_t + b_d + w_c∘c_{t-1} + w_b∘below_t). Yao, Cohn, Vylomova, Duh and Dyer, 2015,
    /// whose LSTM has peepholes: give them in <paramref name="variant"/>.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden, Tensor Cell, Tensor Cells) DepthGatedLstm(
        Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, LstmDepthGate? depthGate, bool reverse = false, RecurrentOptions? options = null, LstmVariant? variant = null)
    {
        var (y, hN, cN, cells) = RunLstm("DepthGatedLstm", x, hidden, cell, weights, depthGate, wantsCells: true, reverse, options, variant);
        return (y, hN, cN, cells!);
    }

    private static (Tensor Output, Tensor Hidden, Tensor Cell, Tensor? Cells) RunLstm(
        string who, Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, LstmDepthGate? gate, bool wantsCells, bool reverse, RecurrentOptions? options, LstmVariant? variant)
    {
        var sizes = RecurrentSizes.Check(who, variant?.Gates ?? 4, x, hidden, cell, weights, options, hasCell: true, variant?.Projection);
        CheckLstm(who, sizes, variant, gate);
        var (backend, norm) = (x.Backend, variant?.Norm);
        var y = Tape.Allocate(backend, sizes.Output);
        var hN = Tape.Allocate(backend, sizes.State);
        var cN = Tape.Allocate(backend, sizes.Cell);
        var cells = wantsCells ? Tape.Allocate(backend, sizes.Cells) : null;
        var s = RecurrentSizes.Sequence(x, hidden, cell, weights, reverse, options) with
        {
            H = sizes.H,
            LstmForm = new LstmForm
            {
                Coupled = variant is { Coupled: true },
                Peephole = variant?.Peephole?.Data,
                Projection = variant?.Projection?.Data,
                ProjectionSize = variant?.Projection is null ? 0 : sizes.StateSize,
                CellBelow = gate?.CellBelow.Data,
                DepthWeightIh = gate?.WeightIh.Data,
                DepthBias = gate?.Bias?.Data,
                DepthFromCell = gate?.FromCell.Data,
                DepthFromBelow = gate?.FromBelow.Data,
                NormGainIh = norm?.GainIh.Data,
                NormGainHh = norm?.GainHh.Data,
                NormGainCell = norm?.GainCell.Data,
                NormBiasCell = norm?.BiasCell.Data,
                Cells = cells?.Data,
            },
        };

        ReadOnlySpan<Tensor?> inputs =
        [
            x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh, variant?.Peephole, variant?.Projection,
            gate?.CellBelow, gate?.WeightIh, gate?.Bias, gate?.FromCell, gate?.FromBelow, norm?.GainIh, norm?.GainHh, norm?.GainCell, norm?.BiasCell,
        ];
        var wants = Tape.Wants(inputs);
        var trace = RecurrentTrace.Begin("Lstm", RecurrentTrace.LstmGates, variant is { Coupled: true } ? RecurrentTrace.CoupledSums : RecurrentTrace.LstmGates, backend, s, sizes.StateSize, weights, options?.Mask);
        var reserve = wants || trace is not null ? Tape.Reserve(backend, backend.LstmReserve(s)) : null;
        backend.LstmForward(s, y.Data, hN.Data, cN.Data, reserve);
        trace?.Forward(y, reserve!);

        if (wants)
        {
            Tape.Record(y, hN, cN, inputs, () =>
                backend.LstmBackward(s, y.Data, reserve!, RecurrentTrace.Ask(trace, RecurrentSizes.Gradients(x, hidden, cell, weights, y, hN, cN) with
                {
                    LstmForm = new LstmFormGradients
                    {
                        DCellsOut = cells?.Gradient?.Data,
                        DPeephole = Tape.GradientOf(variant?.Peephole),
                        DProjection = Tape.GradientOf(variant?.Projection),
                        DCellBelow = Tape.GradientOf(gate?.CellBelow),
                        DDepthWeightIh = Tape.GradientOf(gate?.WeightIh),
                        DDepthBias = Tape.GradientOf(gate?.Bias),
                        DDepthFromCell = Tape.GradientOf(gate?.FromCell),
                        DDepthFromBelow = Tape.GradientOf(gate?.FromBelow),
                        DNormGainIh = Tape.GradientOf(norm?.GainIh),
                        DNormGainHh = Tape.GradientOf(norm?.GainHh),
                        DNormGainCell = Tape.GradientOf(norm?.GainCell),
                        DNormBiasCell = Tape.GradientOf(norm?.BiasCell),
                    },
                })), cells);
        }

        return (y, hN, cN, cells);
    }

    private static void CheckLstm(string who, in RecurrentSizes sizes, LstmVariant? variant, LstmDepthGate? gate)
    {
        var unit = new Shape(sizes.H);
        if (variant?.Peephole is { } peephole)
        {
            ShapeException.Require(peephole.Shape, new Shape((variant.Gates - 1) * sizes.H), who, "variant.Peephole",
                variant.Coupled ? "It is [2*hiddenSize], of i, o." : "It is [3*hiddenSize], of i, f, o.");
        }

        if (variant?.Norm is { } norm)
        {
            var gates = new Shape(variant.Gates * sizes.H);
            var mend = variant.Coupled ? "It is [3*hiddenSize]." : "It is [4*hiddenSize].";
            ShapeException.Require(norm.GainIh.Shape, gates, who, "variant.Norm.GainIh", mend);
            ShapeException.Require(norm.GainHh.Shape, gates, who, "variant.Norm.GainHh", mend);
            ShapeException.Require(norm.GainCell.Shape, unit, who, "variant.Norm.GainCell", "It is [hiddenSize].");
            ShapeException.Require(norm.BiasCell.Shape, unit, who, "variant.Norm.BiasCell", "It is [hiddenSize].");
        }

        if (gate is null)
            return;
        ShapeException.Require(gate.CellBelow.Shape, sizes.Cells, who, "depthGate.CellBelow", "It is [batch, time, hiddenSize]: both layers must have the same hiddenSize.");
        ShapeException.Require(gate.WeightIh.Shape, new Shape(sizes.H, sizes.I), who, "depthGate.WeightIh", "It is [hiddenSize, inputSize].");
        ShapeException.Require(gate.FromCell.Shape, unit, who, "depthGate.FromCell", "It is [hiddenSize].");
        ShapeException.Require(gate.FromBelow.Shape, unit, who, "depthGate.FromBelow", "It is [hiddenSize].");
        if (gate.Bias is { } bias)
            ShapeException.Require(bias.Shape, unit, who, "depthGate.Bias", "It is [hiddenSize].");
    }
}

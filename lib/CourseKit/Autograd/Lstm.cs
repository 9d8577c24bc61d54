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
    /// <returns>All hidden states, [batch, time, hiddenSize], and h and c after the last step taken, [batch, hiddenSize] each.</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <remarks>
    /// i, f, o = σ(·) and g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
    /// A step that the mask passes over holds the state, and x may hold anything there. Zoneout blends: c_t = z·c_{t-1} + (1 − z)·c~_t, h_t = z·h_{t-1} + (1 − z)·o·tanh(c~_t).
    /// Hochreiter and Schmidhuber, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden, Tensor Cell) Lstm(Tensor x, Tensor? hidden, Tensor? cell, RecurrentWeights weights, bool reverse = false, RecurrentOptions? options = null)
    {
        var (B, T, _, H) = RecurrentSizes.Check("Lstm", 4, x, hidden, cell, weights, options);
        var backend = x.Backend;
        var s = RecurrentSizes.Sequence(x, hidden, cell, weights, reverse, options);

        var y = Tape.Allocate(backend, new Shape(B, T, H));
        var hN = Tape.Allocate(backend, new Shape(B, H));
        var cN = Tape.Allocate(backend, hN.Shape);
        var wants = Tape.Wants(x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh);
        var reserve = wants ? Tape.Reserve(backend, backend.LstmReserve(s)) : null;
        backend.LstmForward(s, y.Data, hN.Data, cN.Data, reserve);

        if (wants)
        {
            Tape.Record(y, hN, cN, [x, hidden, cell, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh], () =>
                backend.LstmBackward(s, y.Data, reserve!, RecurrentSizes.Gradients(x, hidden, cell, weights, y, hN, cN)));
        }

        return (y, hN, cN);
    }
}

using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Runs a GRU layer over a sequence in one direction.</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">h before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="weights">Of three gates, in the order r, z, n.</param>
    /// <param name="resetAfter">Apply the reset gate after the recurrent product (PyTorch, cuDNN; the default) or before it (the first form).</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x.</param>
    /// <returns>All hidden states, [batch, time, hiddenSize], and h after the last step taken, [batch, hiddenSize].</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <remarks>
    /// r, z = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh. Reset after: n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn));
    /// before: n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn). h_t = (1 − z)·n + z·h_{t-1}. Cho and others, 2014.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden) Gru(Tensor x, Tensor? hidden, RecurrentWeights weights, bool resetAfter = true, bool reverse = false)
    {
        var form = resetAfter ? GruForm.ResetAfter : GruForm.ResetBefore;
        var (B, T, _, H) = RecurrentSizes.Check("Gru", 3, x, hidden, null, weights);
        var backend = x.Backend;
        var s = RecurrentSizes.Sequence(x, hidden, null, weights, reverse);

        var y = Tape.Allocate(backend, new Shape(B, T, H));
        var hN = Tape.Allocate(backend, new Shape(B, H));
        var wants = Tape.Wants(x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh);
        var reserve = wants ? Tape.Reserve(backend, backend.GruReserve(form, s)) : null;
        backend.GruForward(form, s, y.Data, hN.Data, reserve);

        if (wants)
        {
            Tape.Record(y, hN, null, [x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh], () =>
                backend.GruBackward(form, s, y.Data, reserve!, RecurrentSizes.Gradients(x, hidden, null, weights, y, hN, null)));
        }

        return (y, hN);
    }
}

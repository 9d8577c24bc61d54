using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Runs a GRU layer over a sequence in one direction.</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">h before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="weights">Of the form's gates: r, z, n; UpdateOnly z, n; Minimal f, n.</param>
    /// <param name="form">Where the gates stand. Default: the reset gate after the recurrent product.</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x.</param>
    /// <param name="options">Masks, dropout of the recurrent product, zoneout of the state; null for none.</param>
    /// <returns>All hidden states, [batch, time, hiddenSize], and h after the last step taken, [batch, hiddenSize].</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">form is none of the four.</exception>
    /// <remarks>
    /// r, z, f = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh. ResetAfter: n = tanh(W_in·x + b_in + r·(W_hn·h + b_hn)); ResetBefore: n = tanh(W_in·x + b_in + W_hn·(r·h) + b_hn);
    /// UpdateOnly: n = tanh(W_in·x + b_in + W_hn·h + b_hn). h_t = (1 − z)·n + z·h_{t-1}: where z is 1 the state stays. Chung and others (2014) write
    /// h_t = (1 − z)·h_{t-1} + z·n; their z is 1 − z here. Minimal: n = tanh(W_in·x + b_in + W_hn·(f·h) + b_hn), h_t = (1 − f)·h_{t-1} + f·n: where f is 1 the state is new.
    /// A step that the mask passes over holds the state, and x may hold anything there. Dropout m multiplies the state that the weights see, so W·(m·h), and W_hn·(r·m·h) where a gate
    /// comes before; the blend takes h itself. Zoneout blends once more: h_t = u·h_{t-1} + (1 − u)·(h_t without it).
    /// Cho and others, 2014; Minimal: Zhou and others, 2016.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden) Gru(Tensor x, Tensor? hidden, RecurrentWeights weights, GruForm form = GruForm.ResetAfter, bool reverse = false, RecurrentOptions? options = null)
    {
        if (!Enum.IsDefined(form))
            throw new ArgumentOutOfRangeException(null, $"Gru: form must be ResetAfter, ResetBefore, UpdateOnly or Minimal, but got {form}.");
        var (B, T, _, H) = RecurrentSizes.Check("Gru", form.Gates(), x, hidden, null, weights, options);
        var backend = x.Backend;
        var s = RecurrentSizes.Sequence(x, hidden, null, weights, reverse, options);

        var y = Tape.Allocate(backend, new Shape(B, T, H));
        var hN = Tape.Allocate(backend, new Shape(B, H));
        var wants = Tape.Wants(x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh);
        var trace = RecurrentTrace.Begin("Gru", RecurrentTrace.Of(form), RecurrentTrace.Of(form), backend, s, H, weights, options?.Mask);
        var reserve = wants || trace is not null ? Tape.Reserve(backend, backend.GruReserve(form, s)) : null;
        backend.GruForward(form, s, y.Data, hN.Data, reserve);
        trace?.Forward(y, reserve!);

        if (wants)
        {
            Tape.Record(y, hN, null, [x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh], () =>
                backend.GruBackward(form, s, y.Data, reserve!, RecurrentTrace.Ask(trace, RecurrentSizes.Gradients(x, hidden, null, weights, y, hN, null))));
        }

        return (y, hN);
    }
}

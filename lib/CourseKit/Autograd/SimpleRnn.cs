using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Runs a simple recurrent layer over a sequence in one direction.</summary>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">The state before the first step, [batch, hiddenSize]; null for zeros.</param>
    /// <param name="weights">Of one gate: weights [hiddenSize, inputSize] and [hiddenSize, hiddenSize].</param>
    /// <param name="activation">f: Tanh (the default) or Relu.</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x.</param>
    /// <param name="options">Masks, dropout of the recurrent product, zoneout of the state; null for none.</param>
    /// <returns>All states, [batch, time, hiddenSize], and the state after the last step taken, [batch, hiddenSize].</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <exception cref="ArgumentOutOfRangeException">activation is neither Tanh nor Relu.</exception>
    /// <remarks>
    /// h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh). A step that the mask passes over holds the state, and x may hold anything there. Dropout m multiplies the state that the
    /// weights see, W_hh·(m·h_{t-1}); zoneout z blends, h_t = z·h_{t-1} + (1 − z)·f(·). Elman, 1990.
    /// </remarks>
    public static (Tensor Output, Tensor Hidden) SimpleRnn(Tensor x, Tensor? hidden, RecurrentWeights weights, Activation activation = Activation.Tanh, bool reverse = false, RecurrentOptions? options = null)
    {
        RequireRnnActivation(activation, "SimpleRnn");
        var (B, T, _, H) = RecurrentSizes.Check("SimpleRnn", 1, x, hidden, null, weights, options);
        var backend = x.Backend;
        var s = RecurrentSizes.Sequence(x, hidden, null, weights, reverse, options);

        var y = Tape.Allocate(backend, new Shape(B, T, H));
        var hN = Tape.Allocate(backend, new Shape(B, H));
        var wants = Tape.Wants(x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh);
        var trace = RecurrentTrace.Begin("SimpleRnn", RecurrentTrace.NoGates, RecurrentTrace.OneSum, backend, s, H, weights, options?.Mask);
        var reserve = wants || trace is not null ? Tape.Reserve(backend, backend.SimpleRnnReserve(s)) : null;
        backend.SimpleRnnForward(activation, s, y.Data, hN.Data, reserve);
        trace?.Forward(y, reserve!);

        if (wants)
        {
            Tape.Record(y, hN, null, [x, hidden, weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh], () =>
                backend.SimpleRnnBackward(activation, s, y.Data, reserve!, RecurrentTrace.Ask(trace, RecurrentSizes.Gradients(x, hidden, null, weights, y, hN, null))));
        }

        return (y, hN);
    }

    internal static void RequireRnnActivation(Activation activation, string who)
    {
        if (activation is not (Activation.Tanh or Activation.Relu))
            throw new ArgumentOutOfRangeException(null, $"{who}: activation must be Tanh or Relu, but got {activation}.");
    }
}

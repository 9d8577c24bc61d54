using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>What a recurrent layer carries from one time step, or one window, to the next.</summary>
/// <param name="Hidden">h, one [batch, hiddenSize] per layer and direction, in the order l0, l0_reverse, l1, l1_reverse.</param>
/// <param name="Cell">c of an LSTM, in the same order; null for other layers.</param>
/// <remarks>Known elsewhere as h_n, (h_n, c_n), and in Keras as the states of return_state=True.</remarks>
public sealed record RecurrentState(IReadOnlyList<Tensor> Hidden, IReadOnlyList<Tensor>? Cell = null)
{
    /// <summary>
    /// A lasting copy without history: what truncated backpropagation through time carries from one step to the next, taken inside the step.
    /// </summary>
    /// <exception cref="InvalidOperationException">The step that made the state has ended.</exception>
    public RecurrentState Detach() => new([.. Hidden.Select(h => h.Detach())], Cell is null ? null : [.. Cell.Select(c => c.Detach())]);
}

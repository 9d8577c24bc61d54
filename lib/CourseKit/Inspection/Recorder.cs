using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>
/// Looks inside recurrent layers while they run: every gate, cell and hidden value, and every gradient through time, out of the same fused pass that trains.
/// The numbers that the layers compute are the same bits with and without it.
/// </summary>
public static class Recorder
{
    /// <summary>Runs something and records every pass of a recurrent operation in it, on this thread, with the gradients of the backward pass if there is one.</summary>
    /// <param name="work">What to run: <c>() => model.Predict(x)</c>, or a whole training step, <c>() => Tape.Step(() => { ... loss.Backward(); })</c>.</param>
    /// <param name="parameters">
    /// A model's or layer's parameters, so that a pass is called by its weights' names there: "lstm.l0", "lstm.l0_reverse". Null: by the tensors' own names, "l0".
    /// </param>
    /// <returns>The passes, in the order in which they ran. Copies, which last.</returns>
    public static Recording Of(Action work, IReadOnlyList<Parameter>? parameters = null)
    {
        ArgumentNullException.ThrowIfNull(work);
        var traces = new List<RecurrentTrace>();
        RecurrentTrace.Watch(traces.Add, work);
        return new Recording([.. traces.Select(trace => new RecurrentRecord(Name(trace, parameters), trace))]);
    }

    private static string Name(RecurrentTrace trace, IReadOnlyList<Parameter>? parameters)
    {
        var name = parameters?.FirstOrDefault(parameter => ReferenceEquals(parameter.Tensor, trace.WeightIh))?.Name ?? trace.WeightIh.Name;
        return name?.Replace("weight_ih_", "", StringComparison.Ordinal) ?? trace.Operation.ToLowerInvariant();
    }
}

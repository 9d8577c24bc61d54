using CourseKit.Layers;

namespace CourseKit.Training;

/// <summary>The states of a model's recurrent layers: what one window of a long text hands to the next.</summary>
/// <param name="Layers">One for each layer of the model, null where the layer carries no state.</param>
public sealed record ModelState(IReadOnlyList<RecurrentState?> Layers)
{
    /// <summary>A lasting copy without history. Take it inside the step.</summary>
    /// <exception cref="InvalidOperationException">The step that made the state has ended.</exception>
    public ModelState Detach() => new([.. Layers.Select(state => state?.Detach())]);
}

using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Keeps a copy of the parameters that had the lowest validation loss.</summary>
/// <remarks>A checkpoint holds the copy too. As keras.callbacks.ModelCheckpoint with save_best_only, and EarlyStopping's restore_best_weights.</remarks>
public sealed class BestModel : ICallback
{
    private Dictionary<string, Tensor> _parameters = [];

    /// <summary>The lowest validation loss and the step after which it was measured, the first of equals; null before the first validation.</summary>
    public ValidationPoint? Best { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State
    {
        get => _parameters;
        set => _parameters = new(value, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Begin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.History.Validation.Count == 0)
            _parameters = [];
        Best = _parameters.Count > 0 ? run.History.Best : null;
    }

    /// <inheritdoc/>
    public void AfterValidation(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var last = run.History.Validation[^1];
        if (!(last.Loss < (Best?.Loss ?? double.PositiveInfinity)))
            return;
        Best = last;
        foreach (var (name, tensor) in run.Model.Parameters)
        {
            if (_parameters.TryGetValue(name, out var kept) && kept.Backend == tensor.Backend)
                kept.CopyFrom(tensor);
            else
                _parameters[name] = tensor.Detach();
        }
    }

    /// <summary>Gives a model the parameters that were kept.</summary>
    /// <param name="model">The model that was trained, or one like it.</param>
    /// <exception cref="InvalidOperationException">There was no validation yet, or the model has other parameters; nothing has changed.</exception>
    public void CopyTo(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Best is null)
            throw new InvalidOperationException("BestModel: there is nothing to copy before the first validation. Train with validation data first.");
        foreach (var (name, tensor) in model.Parameters)
        {
            if (!_parameters.TryGetValue(name, out var kept) || kept.Shape != tensor.Shape)
                throw new InvalidOperationException($"BestModel: the model must have the parameters of the one that was trained, but its {name} is {tensor.Shape}, and what was kept is {kept?.Shape.ToString() ?? "none"}.");
        }
        foreach (var (name, tensor) in model.Parameters)
            tensor.CopyFrom(_parameters[name].ToArray());
    }
}

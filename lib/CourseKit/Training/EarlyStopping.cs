namespace CourseKit.Training;

/// <summary>Stops a training whose validation loss falls no more.</summary>
/// <remarks>
/// It goes by the history alone, so that a training from a checkpoint stops where it would have. The parameters stay as the last step left them;
/// <see cref="BestModel"/> has better ones. As keras.callbacks.EarlyStopping. Prechelt, Early Stopping - But When?, 1998.
/// </remarks>
public sealed class EarlyStopping : ICallback
{
    private readonly int _patience;
    private readonly double _leastGain;

    /// <summary>Makes the callback. The training needs validation data and ValidateEvery.</summary>
    /// <param name="patience">After how many validations in a row without a better loss the training stops, at least 1.</param>
    /// <param name="leastGain">By how much a loss must be lower than the best to count as better, at least 0. Default: 0. Keras: min_delta.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public EarlyStopping(int patience, double leastGain = 0)
    {
        if (patience < 1)
            throw new ArgumentOutOfRangeException(null, $"EarlyStopping: patience must be at least 1, but got {patience}.");
        if (!(leastGain >= 0 && double.IsFinite(leastGain)))
            throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"EarlyStopping: leastGain must be at least 0 and finite, but got {leastGain}."));
        (_patience, _leastGain) = (patience, leastGain);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The training has no validation data, or no ValidateEvery.</exception>
    public void Begin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Options.Validation is null || run.Options.ValidateEvery is null)
            throw new ArgumentException("EarlyStopping: there must be validation data and ValidateEvery, or there is nothing to go by. Set both in FitOptions.");
        AfterValidation(run);
    }

    /// <inheritdoc/>
    public void AfterValidation(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var (best, waited) = (double.PositiveInfinity, 0);
        foreach (var (_, loss) in run.History.Validation)
        {
            var better = loss < best - _leastGain;
            (best, waited) = better ? (loss, 0) : (best, waited + 1);
            if (waited >= _patience)
                run.Stop();
        }
    }
}

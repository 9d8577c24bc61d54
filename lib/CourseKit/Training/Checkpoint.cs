namespace CourseKit.Training;

/// <summary>
/// Writes all that a training is to a file, now and then and at its end, so that it can go on from there: parameters, the optimizer's state, the history and with it
/// the schedule, the callbacks' state, epoch and position, the carried state, and every source of randomness. A training that was stopped anywhere and went on has the same
/// bits as one that never stopped.
/// </summary>
/// <remarks>
/// The file is safetensors with a SHA-256 of itself, written beside and renamed, so that at any moment a whole one is there; the one before it is kept under the same name
/// with ".previous" behind, and taken when the newest turns out to be damaged. Interrupting the training (Ctrl+C) writes one too.
/// </remarks>
public sealed class Checkpoint : ICallback
{
    private readonly CheckpointFile _file;
    private readonly int _every;
    private readonly bool _resume;
    private (int Steps, int Validations) _saved;

    /// <summary>Makes the callback.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="every">Steps between two checkpoints, at least 1. One comes at the end as well.</param>
    /// <param name="resume">
    /// Go on from the file when there is one, and begin anew when there is none. Without it the training refuses to begin when the file exists, so that none is lost. Default: false.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">every is below 1.</exception>
    public Checkpoint(string path, int every, bool resume = false)
    {
        if (every < 1)
            throw new ArgumentOutOfRangeException(null, $"Checkpoint: every must be at least 1, but got {every}.");
        (_file, _every, _resume) = (new(path), every, resume);
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Why the newest checkpoint could not be used when the training went on from the one before it; else null.</summary>
    public string? Damage { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">
    /// There is a checkpoint and the training shall not go on from it; or it shall, and both are damaged or of another training; or the folder cannot be written to.
    /// </exception>
    public void Begin(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _file.RequireWritable();
        _saved = default;
        Damage = null;
        if (!_file.Exists)
            return;
        if (!_resume)
            throw new CheckpointException($"The checkpoint '{Path}' exists. Go on from it (resume), name another file, or delete it and '{_file.Previous}'.");

        (var content, Damage) = _file.Read();
        CheckpointContent.Restore(run, content, Path);
        _saved = Count(run);
        if (Damage is not null)
            run.Options.Progress?.WriteLine($"{Damage}: going on from '{_file.Previous}', step {_saved.Steps}");
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">The file cannot be written; the one before is as it was.</exception>
    public void AfterStep(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.History.Steps.Count % _every == 0)
            Save(run);
    }

    /// <inheritdoc/>
    /// <exception cref="CheckpointException">The file cannot be written; the one before is as it was.</exception>
    public void End(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.IsBetweenSteps && Count(run) != _saved)
            Save(run);
    }

    private static (int Steps, int Validations) Count(TrainingRun run) => (run.History.Steps.Count, run.History.Validation.Count);

    private void Save(TrainingRun run)
    {
        // Taken as saved before it is: after a write that failed, the end does not try again.
        _saved = Count(run);
        var (tensors, texts) = CheckpointContent.Of(run);
        _file.Write(tensors, texts);
    }
}

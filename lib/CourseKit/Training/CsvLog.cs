using System.Diagnostics;
using System.Globalization;

namespace CourseKit.Training;

/// <summary>Writes every step as a line of comma-separated values: step, loss, gradient_norm, learning_rate, seconds, validation_loss.</summary>
/// <remarks>
/// Numbers have a point for decimals; a step without validation has nothing behind the last comma. New lines come every second and at the end. A training that goes on from a
/// checkpoint writes the file anew, with all steps so far, so that none comes twice and none is missing. As keras.callbacks.CSVLogger.
/// </remarks>
public sealed class CsvLog : ICallback
{
    private readonly string _path;
    private int _steps, _validations;
    private long _written;

    /// <summary>Makes the callback; the file is written from the first step on, and an existing one replaced.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    public CsvLog(string path) => _path = path;

    /// <inheritdoc/>
    public void Begin(TrainingRun run) => (_steps, _validations, _written) = (0, 0, 0);

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is read-only.</exception>
    public void AfterStep(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        // The newest step waits for its validation.
        if (_written == 0 || Stopwatch.GetElapsedTime(_written).TotalSeconds >= 1)
            Write(run.History, run.History.Steps.Count - 1);
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is read-only.</exception>
    public void End(TrainingRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.History.Steps.Count > 0)
            Write(run.History, run.History.Steps.Count);
    }

    private void Write(History history, int upTo)
    {
        using var writer = new StreamWriter(_path, append: _written > 0);
        if (_written == 0)
            writer.Write("step,loss,gradient_norm,learning_rate,seconds,validation_loss\n");
        _written = Stopwatch.GetTimestamp();
        for (; _steps < upTo; _steps++)
        {
            var (step, loss, norm, seconds, rate) = history.Steps[_steps];
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{step},{loss},{norm},{rate},{seconds:0.000},"));
            if (_validations < history.Validation.Count && history.Validation[_validations].Step == step)
                writer.Write(history.Validation[_validations++].Loss.ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
        }
    }
}

using System.Diagnostics;
using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Optimizers;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

public sealed partial class EncoderDecoder
{
    /// <summary>One update: forward, loss, backward, clip, step.</summary>
    /// <param name="batch">What to read and what to write.</param>
    /// <param name="optimizer">Turns gradients into updates; the same one for a whole training.</param>
    /// <param name="clipNorm">The greatest common length of all gradients, above 0; null for no clipping. Default: 1.</param>
    /// <param name="teacherForcing">As in <see cref="Forward"/>. Default: 1.</param>
    /// <returns>The loss before the update, nats a token, and the length of all gradients before clipping.</returns>
    /// <exception cref="InvalidOperationException">The loss or its gradient is no longer a finite number; the parameters are as they were.</exception>
    public (double Loss, double GradientNorm) TrainStep(SequenceBatch batch, Optimizer optimizer, double? clipNorm = 1, double teacherForcing = 1)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Gradients.Zero(Parameters);
        return Tape.Step(() =>
        {
            var loss = Loss(batch, teacherForcing);
            RequireFinite(loss.Item());
            loss.Backward();
            var norm = clipNorm is { } most ? Gradients.ClipByGlobalNorm(Parameters, most) : Gradients.GlobalNorm(Parameters);
            RequireFinite(norm);
            optimizer.Step(Parameters);
            Gradients.Zero(Parameters);
            return ((double)loss.Item(), norm);
        });
    }

    /// <summary>Trains: one update a batch.</summary>
    /// <param name="batches">The whole training, batch after batch; gone through once.</param>
    /// <param name="optimizer">Turns gradients into updates; null for Adam with learning rate 0.001.</param>
    /// <param name="clipNorm">The greatest common length of all gradients, above 0; null for no clipping. Default: 1.</param>
    /// <param name="teacherForcing">How scheduled sampling goes on; null for <see cref="TeacherForcing.Always"/>.</param>
    /// <param name="onStep">Called after every step.</param>
    /// <returns>Every step's loss.</returns>
    /// <exception cref="InvalidOperationException">The loss or its gradient is no longer a finite number; the parameters are as they were before that step.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public History Fit(IEnumerable<SequenceBatch> batches, Optimizer? optimizer = null, double? clipNorm = 1, TeacherForcing? teacherForcing = null, Action<TrainingStep>? onStep = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        (optimizer, teacherForcing) = (optimizer ?? new Adam(1e-3), teacherForcing ?? TeacherForcing.Always);
        var (history, started) = (new History(), Stopwatch.GetTimestamp());
        foreach (var batch in batches)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            var (loss, norm) = TrainStep(batch, optimizer, clipNorm, teacherForcing.At(history.Steps.Count));
            history.Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            history.Add(new TrainingStep(history.Steps.Count + 1, loss, norm, history.Seconds, optimizer.LearningRate));
            onStep?.Invoke(history.Steps[^1]);
        }

        return history;
    }

    /// <summary>The mean loss over all targets, under full teacher forcing.</summary>
    /// <param name="batches">At least one.</param>
    /// <returns>Nats a token.</returns>
    /// <exception cref="DataException">There is no batch.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public double Evaluate(IEnumerable<SequenceBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var (sum, count) = (0.0, 0L);
        foreach (var batch in batches)
        {
            Interrupt.Token.ThrowIfCancellationRequested();
            sum += Tape.Inference(() => (double)Loss(batch).Item()) * batch.TargetCount;
            count += batch.TargetCount;
        }

        return count > 0 ? sum / count : throw new DataException("Evaluate: there is no batch. Give at least one.");
    }

    private static void RequireFinite(double number)
    {
        if (!double.IsFinite(number))
            throw new InvalidOperationException(FormattableString.Invariant($"EncoderDecoder: the loss or its gradient is {number}. Lower the learning rate, or clip the gradients (clipNorm)."));
    }
}

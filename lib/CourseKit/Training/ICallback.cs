using CourseKit.Inspection;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>
/// What is told how a training goes, and may stop it: <see cref="EarlyStopping"/>, <see cref="BestModel"/>, <see cref="CsvLog"/>,
/// <see cref="GradientFlowLog"/>, <see cref="Checkpoint"/>, or your own.
/// Everything comes on the thread that trains, and every member may be left out.
/// </summary>
/// <remarks>Known elsewhere as keras.callbacks.Callback.</remarks>
public interface ICallback
{
    /// <summary>
    /// What must outlast a stop and is not in the history, as lasting tensors by name; read between two steps, set before <see cref="Begin"/> when a training goes on
    /// from a checkpoint. Default: nothing.
    /// </summary>
    IReadOnlyDictionary<string, Tensor> State
    {
        get => new Dictionary<string, Tensor>();
        set { }
    }

    /// <summary>Called once, before the first step. In a training that goes on from a checkpoint the history is already there.</summary>
    /// <param name="run">The training.</param>
    void Begin(TrainingRun run)
    {
    }

    /// <summary>Asked before every step whether a <see cref="Recorder"/> shall look at it, which costs time and memory and changes no bit of the training. Default: no.</summary>
    /// <param name="run">The training; the step to come is not yet in its history.</param>
    bool Records(TrainingRun run) => false;

    /// <summary>Called after a step that this callback asked to have recorded, and before the step goes into the history.</summary>
    /// <param name="run">The training.</param>
    /// <param name="recording">Every recurrent pass of the step with its gradients, under the parameters' names: "lstm.l0".</param>
    void AfterRecording(TrainingRun run, Recording recording)
    {
    }

    /// <summary>Called after every step, before its validation.</summary>
    /// <param name="run">The training; the step is the last of its history.</param>
    void AfterStep(TrainingRun run)
    {
    }

    /// <summary>Called after every validation.</summary>
    /// <param name="run">The training; the loss is the last validation of its history.</param>
    void AfterValidation(TrainingRun run)
    {
    }

    /// <summary>Called once, whether the training is over, was stopped, was interrupted, or failed.</summary>
    /// <param name="run">The training.</param>
    void End(TrainingRun run)
    {
    }
}

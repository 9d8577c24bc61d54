using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>Goes through a training step that failed once more, with a recorder, and looks for the first number that is not finite. Steps that succeed pay nothing for it.</summary>
internal static class NonFiniteSearch
{
    /// <summary>Where the first number that is not finite comes up; null when it does not come up again, as where dropout drew other numbers. Gradients are forgotten.</summary>
    public static NonFinite? In(Model model, FitOptions options, ModelState? state, Batch batch)
    {
        Gradients.Zero(model.Parameters);
        var given = (batch.Features is { } features ? NonFinite.In("the batch's features", features) : null)
            ?? (batch.Values is { } values ? NonFinite.In("the batch's values", values) : null)
            ?? NonFinite.In(model.Parameters);
        if (given is not null)
            return given;

        (Tensor? output, Tensor? loss) = (null, null);
        var recording = Recorder.Of(() => Tape.Step(() =>
        {
            var (given, _) = model.Forward(batch, state);
            var batchLoss = options.LossFunction(given, batch);
            (output, loss) = (given.Detach(), batchLoss.Detach());
            batchLoss.Backward();
        }), model.Parameters);
        var found = NonFinite.InForward(recording)
            ?? NonFinite.In("the model's output", output!) ?? NonFinite.In("the loss", loss!)
            ?? NonFinite.InBackward(recording) ?? NonFinite.In(model.Parameters);
        Gradients.Zero(model.Parameters);
        return found;
    }
}

using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>PyTorch's connectionist temporal classification: the loss of every example, and the gradient of their sum by the logits before log-softmax.</summary>
internal static class CtcParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        if (file.Tensor("logits") is not { Shape: [_, var batchSize and > 0, _] } golden)
            throw new FormatException("logits must be [time, batch, classes] with at least one row");
        var (inputLengths, targetLengths) = (file.Ints("input_lengths"), file.Ints("target_lengths"));
        int[][] rows = [.. Enumerable.Range(0, file.Count("targets")).Select(row => file.Ints("targets", row))];
        if (rows.Length != batchSize || inputLengths.Length != batchSize || targetLengths.Length != batchSize || rows.Any(row => row.Length != rows[0].Length))
            throw new FormatException($"targets, input_lengths and target_lengths must have {batchSize} parts, the targets of one length");

        var logits = golden.SwapFirstTwo().ToTensor(requiresGradient: true);
        var targets = IntTensor.From([.. rows.SelectMany(row => row)], batchSize, rows[0].Length);
        Tape.Step(() =>
        {
            var losses = Loss.Ctc(logits, targets, IntTensor.From(inputLengths), IntTensor.From(targetLengths), file.Int("blank"), LossReduction.None);
            differences.Compare("loss", file.Tensor("loss"), losses);
            losses.Sum().Backward();
        });
        differences.Compare("grad_logits_of_sum", file.Tensor("grad_logits_of_sum").SwapFirstTwo(), logits.Gradient);
    }
}

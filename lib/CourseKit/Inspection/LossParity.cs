using CourseKit.Autograd;
using CourseKit.Losses;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>PyTorch's losses with their gradients.</summary>
internal static class LossParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        One("logits", "cross_entropy", "grad_logits", logits => Loss.CrossEntropy(logits, IntTensor.From(file.Ints("targets"))));
        One("logits", "masked_cross_entropy", "masked_grad", logits => Loss.CrossEntropy(logits, IntTensor.From(file.Ints("masked_targets"))));
        One("binary_logits", "binary_cross_entropy", "grad_binary", logits => Loss.BinaryCrossEntropyWithLogits(logits, file.Tensor("binary_targets").ToTensor()));
        One("mse_pred", "mse", "grad_mse", prediction => Loss.MeanSquaredError(prediction, file.Tensor("mse_target").ToTensor()));

        void One(string input, string value, string gradient, Func<Tensor, Tensor> lossOf)
        {
            var x = file.Tensor(input).ToTensor(requiresGradient: true);
            Tape.Step(() =>
            {
                var loss = lossOf(x);
                differences.Compare(value, file.Number(value), loss.Item());
                loss.Backward();
            });
            differences.Compare(gradient, file.Tensor(gradient), x.Gradient);
        }
    }
}

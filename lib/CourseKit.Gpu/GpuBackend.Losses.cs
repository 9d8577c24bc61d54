using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    /// <inheritdoc/>
    public double CrossEntropy(Storage logits, in ClassTargets targets, Storage? losses, Storage? dLogits, int rows, int classes)
    {
        using Scratch each = Rented(rows), of = Uploaded(targets.Classes), weights = UploadedWeights(targets.Weights);
        var to = losses is null ? each.View : Into(losses);
        var kernel = new CrossEntropy
        {
            Logits = Of(logits),
            Targets = of.Integers,
            Weights = weights.View,
            ClassWeights = OfOptional(targets.ClassWeights),
            Losses = to,
            DLogits = IntoOptional(dLogits),
            Classes = classes,
            Smoothing = (float)targets.Smoothing,
        };
        device.Grouped(kernel, rows, RowThreads(classes), (dLogits is null ? 1L : 2L) * rows * classes);
        return Sum(to);
    }

    /// <inheritdoc/>
    public double BinaryCrossEntropyWithLogits(Storage logits, Storage targets, Storage? dLogits)
    {
        var n = logits.Length;
        using var losses = Rented(n);
        device.Each(new BinaryCrossEntropy { X = Of(logits), T = Of(targets), Losses = losses.View, DX = IntoOptional(dLogits), One = 1f / n }, n, 4L * n);
        return Sum(losses.View) / n;
    }

    /// <inheritdoc/>
    public double MeanSquaredError(Storage prediction, Storage targets, Storage? dPrediction)
    {
        var n = prediction.Length;
        using var losses = Rented(n);
        device.Each(new SquaredError { P = Of(prediction), T = Of(targets), Losses = losses.View, DP = IntoOptional(dPrediction), One = 1f / n }, n, 4L * n);
        return Sum(losses.View) / n;
    }

    /// <inheritdoc/>
    /// <remarks>Runs on the processor, with a copy there and back: the recursion over the labels is short, wants float64 and has little that could happen at once.</remarks>
    public double Ctc(Storage logits, in CtcTargets targets, Storage? losses, Storage? dLogits, int B, int T, int V)
    {
        var cpu = CpuBackend.Default;
        var numbers = new float[B * T * V];
        Storage x = cpu.Rent(numbers.Length), each = cpu.Rent(B), d = cpu.Rent(numbers.Length);
        Read(logits, 0, numbers);
        cpu.Write(numbers, x, 0);
        var total = cpu.Ctc(x, targets, each, dLogits is null ? null : d, B, T, V);
        if (dLogits is not null)
        {
            cpu.Read(d, 0, numbers);
            Write(numbers, dLogits, 0);
        }

        if (losses is not null)
        {
            cpu.Read(each, 0, numbers.AsSpan(0, B));
            Write(numbers.AsSpan(0, B), losses, 0);
        }

        foreach (var storage in (ReadOnlySpan<Storage>)[x, each, d]) cpu.Return(storage);
        return total;
    }

    private Scratch UploadedWeights(ReadOnlySpan<double> weights)
    {
        var rounded = new float[weights.Length];
        for (var i = 0; i < rounded.Length; i++) rounded[i] = (float)weights[i];
        var scratch = Rented(rounded.Length);
        device.Upload(rounded, scratch.View);
        return scratch;
    }
}

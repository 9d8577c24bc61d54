namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public double CrossEntropy(Storage logits, in ClassTargets targets, Storage? losses, Storage? dLogits, int rows, int classes)
    {
        var weights = targets.ClassWeights;
        var loss = Cpu.CrossEntropy.Run(device, Memory(logits), targets, Memory(weights), weights is null ? classes : Sum(weights), Memory(losses), Memory(dLogits), rows, classes);
        Keep(logits, weights, losses, dLogits);
        return loss;
    }

    /// <inheritdoc/>
    public double BinaryCrossEntropyWithLogits(Storage logits, Storage targets, Storage? dLogits)
    {
        var loss = Losses.BinaryCrossEntropyWithLogits(device, Memory(logits), Memory(targets), Memory(dLogits), logits.Length);
        Keep(logits, targets, dLogits);
        return loss;
    }

    /// <inheritdoc/>
    public double MeanSquaredError(Storage prediction, Storage targets, Storage? dPrediction)
    {
        var loss = Losses.MeanSquaredError(device, Memory(prediction), Memory(targets), Memory(dPrediction), prediction.Length);
        Keep(prediction, targets, dPrediction);
        return loss;
    }

    /// <inheritdoc/>
    public double Ctc(Storage logits, in CtcTargets targets, Storage? losses, Storage? dLogits, int B, int T, int V)
    {
        var total = Cpu.Ctc.Run(device, Memory(logits), targets, Memory(losses), Memory(dLogits), B, T, V);
        Keep(logits, losses, dLogits);
        return total;
    }

    /// <inheritdoc/>
    public void AddScaledRows(Storage scale, Storage x, Storage y, int rows, int columns)
    {
        Rows.AddScaled(device, Memory(scale), Memory(x), Memory(y), rows, columns);
        Keep(scale, x, y);
    }
}

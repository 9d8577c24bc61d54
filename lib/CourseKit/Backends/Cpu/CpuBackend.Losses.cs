namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
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

namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void LayerNorm(Storage x, Storage? gain, Storage? bias, Storage y, Storage? statistics, int rows, int columns, float epsilon)
    {
        Cpu.LayerNorm.Forward(device, Memory(x), Memory(gain), Memory(bias), Memory(y), Memory(statistics), rows, columns, epsilon);
        Keep(x, gain, bias, y, statistics);
    }

    /// <inheritdoc/>
    public void LayerNormBackward(Storage x, Storage? gain, Storage statistics, Storage dY, Storage? dX, Storage? dGain, Storage? dBias, int rows, int columns)
    {
        Cpu.LayerNorm.Backward(device, Memory(x), Memory(gain), Memory(statistics), Memory(dY), Memory(dX), Memory(dGain), Memory(dBias), rows, columns);
        Keep(x, gain, statistics, dY, dX, dGain, dBias);
    }
}

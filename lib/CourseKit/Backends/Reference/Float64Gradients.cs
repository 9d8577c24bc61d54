namespace CourseKit.Backends.Reference;

/// <summary>Where backpropagation through time gets its gradients from and where it puts them, as arrays.</summary>
internal sealed class Float64Gradients(RecurrentGradients d, Func<Storage?, double[]?> numbers)
{
    internal double[]? Y { get; } = numbers(d.DY);

    internal double[]? HN { get; } = numbers(d.DHN);

    internal double[]? CN { get; } = numbers(d.DCN);

    internal double[]? X { get; } = numbers(d.DX);

    internal double[]? H0 { get; } = numbers(d.DH0);

    internal double[]? C0 { get; } = numbers(d.DC0);

    internal double[]? WeightIh { get; } = numbers(d.DWeightIh);

    internal double[]? WeightHh { get; } = numbers(d.DWeightHh);

    internal double[]? BiasIh { get; } = numbers(d.DBiasIh);

    internal double[]? BiasHh { get; } = numbers(d.DBiasHh);

    internal double[]? States { get; } = numbers(d.DStates);

    internal double[]? Cells { get; } = numbers(d.DCells);

    internal double[]? Gates { get; } = numbers(d.DGates);

    /// <summary>Adds what comes from the output of time step t to the gradient of h_t, [H].</summary>
    internal void AddOutput(double[] dH, int at)
    {
        for (var j = 0; j < dH.Length && Y is not null; j++) dH[j] += Y[at + j];
    }

    /// <summary>Adds the gradient of the state before the first step, [H].</summary>
    internal static void AddStart(double[] d, double[]? to, int b)
    {
        for (var j = 0; j < d.Length && to is not null; j++) to[(b * d.Length) + j] += d[j];
    }
}

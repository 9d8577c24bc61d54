using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>How often a gate is nearly shut or nearly open.</summary>
/// <param name="Gate">The gate: "f".</param>
/// <param name="Shut">The share of its values below 0.1, over all neurons, examples and time steps.</param>
/// <param name="Open">The share above 0.9.</param>
/// <param name="ShutByNeuron">The same for each neuron, [hiddenSize].</param>
/// <param name="OpenByNeuron">The same for each neuron, [hiddenSize].</param>
/// <remarks>Left- and right-saturated in Karpathy, Johnson and Fei-Fei, Visualizing and Understanding Recurrent Networks, 2015, figure 3.</remarks>
public sealed record GateSaturation(string Gate, double Shut, double Open, IReadOnlyList<double> ShutByNeuron, IReadOnlyList<double> OpenByNeuron)
{
    /// <summary>Counts a pass's gates that lie in (0, 1): i, f, o; r, z. The candidates g and n are no gates in this sense, and steps that a mask passes over do not count.</summary>
    /// <param name="record">The pass.</param>
    /// <returns>One for each gate, in stored order; none for a simple network.</returns>
    /// <exception cref="ArgumentException">The mask passes over all steps.</exception>
    public static IReadOnlyList<GateSaturation> Of(RecurrentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var taken = record.Mask?.ToArray();
        var rows = Enumerable.Range(0, record.BatchSize * record.Steps).Where(row => taken is null || taken[row] != 0).ToArray();
        if (rows.Length == 0)
            throw new ArgumentException($"{record.Name}: the mask passes over all time steps, so there is nothing to count.", nameof(record));
        return [.. record.Gates.Where(gate => gate is not ("g" or "n")).Select(gate => Of(gate, record.Gate(gate), rows))];
    }

    /// <summary>The gate and both shares: "f: 12 % shut (below 0.1), 43 % open (above 0.9)".</summary>
    public override string ToString() => FormattableString.Invariant($"{Gate}: {100 * Shut:F0} % shut (below 0.1), {100 * Open:F0} % open (above 0.9)");

    private static GateSaturation Of(string gate, Tensor values, int[] rows)
    {
        var (numbers, size) = (values.ToArray(), values.Shape.Last);
        double[] Share(Func<float, bool> counts) => [.. Enumerable.Range(0, size).Select(neuron => rows.Count(row => counts(numbers[(row * size) + neuron])) / (double)rows.Length)];
        var (shut, open) = (Share(value => value < 0.1f), Share(value => value > 0.9f));
        return new GateSaturation(gate, shut.Average(), open.Average(), shut, open);
    }
}

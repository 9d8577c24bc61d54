using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>Where a number is NaN or infinite.</summary>
/// <param name="Where">In words: "gate f of lstm.l0 at time step 3 in batch row 1 (neuron 5)".</param>
/// <param name="Value">NaN or an infinity.</param>
public sealed record NonFinite(string Where, float Value)
{
    /// <summary>The first number of a recording that is not finite, in the order in which it was computed: forward layer by layer along time, then backward.</summary>
    /// <param name="recording">What to look through.</param>
    /// <returns>Null when all numbers are finite.</returns>
    public static NonFinite? In(Recording recording)
    {
        ArgumentNullException.ThrowIfNull(recording);
        return InForward(recording) ?? InBackward(recording);
    }

    /// <summary>The first number of the forward passes that is not finite.</summary>
    internal static NonFinite? InForward(Recording recording) => recording.Records.Select(record => AlongTime(record, record.Reverse,
            [.. record.Gates.Select(gate => ($"gate {gate}", (Tensor?)record.Gate(gate))), ("the cell", record.Cell), ("the hidden state", record.Hidden)])).FirstOrDefault(found => found is not null);

    /// <summary>The first number of the backward passes that is not finite.</summary>
    internal static NonFinite? InBackward(Recording recording) => recording.Records.Reverse().Select(record => AlongTime(record, !record.Reverse,
            [("the gradient of the hidden state", record.HiddenGradient), ("the gradient of the cell", record.CellGradient), .. Sums(record)])).FirstOrDefault(found => found is not null);

    /// <summary>The first parameter that is not finite, or whose gradient is not.</summary>
    /// <param name="parameters">What to look through.</param>
    /// <returns>Null when all numbers are finite.</returns>
    public static NonFinite? In(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Select(parameter => In(parameter.Name, parameter.Tensor)).FirstOrDefault(found => found is not null)
            ?? parameters.Select(parameter => parameter.Tensor.Gradient is { } gradient ? In($"the gradient of {parameter.Name}", gradient) : null).FirstOrDefault(found => found is not null);
    }

    /// <summary>The first number of a tensor that is not finite.</summary>
    /// <param name="name">What to call the tensor.</param>
    /// <param name="tensor">What to look through.</param>
    /// <returns>Null when all numbers are finite.</returns>
    public static NonFinite? In(string name, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var values = tensor.ToArray();
        var at = Array.FindIndex(values, value => !float.IsFinite(value));
        return at < 0 ? null : new NonFinite(tensor.Shape.Rank == 0 ? name : $"{name}[{tensor.Shape.IndicesAt(at)}]", values[at]);
    }

    /// <summary>What is not finite, and where: "gate f of lstm.l0 at time step 3 in batch row 1 (neuron 5) is NaN".</summary>
    public override string ToString() => FormattableString.Invariant($"{Where} is {Value}");

    private static IEnumerable<(string, Tensor?)> Sums(RecurrentRecord record) => record.HiddenGradient is null
        ? []
        : (record.Gates.Count == 0 ? ["h"] : record.Gates.Where(gate => !record.IsCoupled || gate != "f")).Select(gate => ($"the gradient of the sum of {(gate == "h" ? "the hidden state" : $"gate {gate}")}", record.GateGradient(gate)));

    // The first time step in the order of the walk, then the first kind of number in the order of computation, then the first row. Steps passed over do not count.
    private static NonFinite? AlongTime(RecurrentRecord record, bool fromTheLast, IReadOnlyList<(string Name, Tensor? Values)> kinds)
    {
        var given = kinds.Where(kind => kind.Values is not null).Select(kind => (kind.Name, Values: kind.Values!.ToArray(), Size: kind.Values.Shape.Last)).ToList();
        var mask = record.Mask?.ToArray();
        for (var step = 0; step < record.Steps; step++)
        {
            var t = fromTheLast ? record.Steps - 1 - step : step;
            foreach (var (name, values, size) in given)
            {
                for (var row = 0; row < record.BatchSize; row++)
                {
                    var at = (row * record.Steps) + t;
                    for (var neuron = 0; neuron < size && (mask is null || mask[at] != 0); neuron++)
                    {
                        var value = values[(at * size) + neuron];
                        if (!float.IsFinite(value))
                            return new NonFinite($"{name} of {record.Name} at time step {t} in batch row {row} (neuron {neuron})", value);
                    }
                }
            }
        }

        return null;
    }
}

using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>What every neuron did at every character of a text: the material for colouring the text by one neuron.</summary>
/// <param name="Text">One character a time step.</param>
/// <param name="Values">[time, hiddenSize].</param>
/// <remarks>Karpathy, Johnson and Fei-Fei, Visualizing and Understanding Recurrent Networks, 2015, figure 2.</remarks>
public sealed record NeuronActivations(string Text, Tensor Values)
{
    /// <summary>Takes one sequence of a recorded pass over characters.</summary>
    /// <param name="record">The pass.</param>
    /// <param name="text">What it read, one character a time step.</param>
    /// <param name="row">Which example of the batch, from 0. Default: 0.</param>
    /// <param name="cell">The cells of an LSTM in place of the hidden values. Default: false.</param>
    /// <exception cref="ArgumentException">The text has another length than the pass has time steps, or there is no cell.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public static NeuronActivations Of(RecurrentRecord record, string text, int row = 0, bool cell = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length != record.Steps)
            throw new ArgumentException($"{record.Name}: text must have one character for each of the {record.Steps} time steps, but has {text.Length}.", nameof(text));
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, record.BatchSize);
        var values = cell ? record.Cell ?? throw new ArgumentException($"{record.Name}: only an LSTM has cells, but this is a {record.Operation}.", nameof(cell)) : record.Hidden;
        var length = record.Steps * values.Shape.Last;
        return new NeuronActivations(text, Tensor.From(values.ToArray().AsSpan(row * length, length), record.Steps, values.Shape.Last));
    }

    /// <summary>One neuron along the text.</summary>
    /// <param name="neuron">From 0.</param>
    /// <returns>[time].</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron.</exception>
    public float[] Of(int neuron)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(neuron);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(neuron, Values.Shape.Last);
        var (all, size) = (Values.ToArray(), Values.Shape.Last);
        return [.. Enumerable.Range(0, Text.Length).Select(t => all[(t * size) + neuron])];
    }

    /// <summary>Every neuron's mean at each different character: which neurons fire at spaces, which at capital letters.</summary>
    /// <returns>For each character, in order of its code, the means, [hiddenSize].</returns>
    public IReadOnlyDictionary<char, double[]> MeanByCharacter()
    {
        var (all, size) = (Values.ToArray(), Values.Shape.Last);
        return new SortedDictionary<char, double[]>(Enumerable.Range(0, Text.Length).GroupBy(t => Text[t]).ToDictionary(
            group => group.Key,
            group => Enumerable.Range(0, size).Select(neuron => group.Average(t => (double)all[(t * size) + neuron])).ToArray()));
    }
}

using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>Brings sequences to one length: short ones are padded, long ones cut, on either side.</summary>
/// <remarks>Known elsewhere as keras pad_sequences (whose defaults are both sides at the front), torch.nn.utils.rnn.pad_sequence.</remarks>
public static class Padding
{
    /// <summary>Pads and cuts sequences of ids.</summary>
    /// <param name="sequences">Ids, each of any length, 0 too.</param>
    /// <param name="options">The length, the sides and the id of padding; null for the longest sequence's length, both sides at the back, id 0.</param>
    /// <returns>Ids, [batch, time], and which of them a sequence has, [batch, time] of 1 and 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Steps is below 1.</exception>
    public static (IntTensor Ids, Tensor Mask) Ids(IReadOnlyList<int[]> sequences, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        options ??= new();
        var rows = Rows.Of([.. sequences.Select(sequence => sequence.Length)], options);
        var ids = new int[sequences.Count * rows.Steps];
        Array.Fill(ids, options.PadId);
        rows.Place(sequences, ids, size: 1);
        return (IntTensor.From(ids, sequences.Count, rows.Steps), rows.Mask());
    }

    /// <summary>Pads with zeros and cuts sequences of features.</summary>
    /// <param name="sequences">Features, each [time, inputSize] with a time of its own, 0 too; at least one sequence.</param>
    /// <param name="options">The length and the sides; null for the longest sequence's length, both sides at the back.</param>
    /// <returns>Features, [batch, time, inputSize], and which time steps a sequence has, [batch, time] of 1 and 0.</returns>
    /// <exception cref="ShapeException">A sequence has no two dimensions or another inputSize than the first, or there is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Steps is below 1.</exception>
    public static (Tensor Features, Tensor Mask) Features(IReadOnlyList<Tensor> sequences, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        options ??= new();
        var size = FeatureSize(sequences, "Padding.Features");
        var rows = Rows.Of([.. sequences.Select(sequence => sequence.Shape[0])], options);
        var features = new float[sequences.Count * rows.Steps * size];
        rows.Place([.. sequences.Select(sequence => sequence.ToArray())], features, size);
        return (Tensor.From(features, sequences.Count, rows.Steps, size), rows.Mask());
    }

    /// <summary>The one inputSize of sequences [time, inputSize].</summary>
    internal static int FeatureSize(IReadOnlyList<Tensor> sequences, string who)
    {
        if (sequences.Count == 0)
            throw new ShapeException($"{who}: there must be at least one sequence, but got none.");
        foreach (var sequence in sequences)
        {
            ShapeException.RequireRank(sequence.Shape, 2, who, "every sequence", "[time, inputSize]");
            if (sequence.Shape.Last != sequences[0].Shape.Last)
                throw new ShapeException($"{who}: every sequence must be [time, {sequences[0].Shape.Last}] as the first is, but got {sequence.Shape}.");
        }
        return sequences[0].Shape.Last;
    }

    /// <summary>Where every sequence comes to lie: the part of it that is kept, and the place of that part in its row.</summary>
    internal readonly record struct Rows(int Steps, int[] From, int[] To, int[] Count)
    {
        public static Rows Of(int[] lengths, PadOptions options)
        {
            if (options.Steps < 1)
                throw new ArgumentOutOfRangeException(null, $"PadOptions: Steps must be at least 1, but is {options.Steps}.");
            var steps = options.Steps ?? Math.Max(1, lengths.DefaultIfEmpty(0).Max());
            return new(
                steps,
                Array.ConvertAll(lengths, length => options.Truncation == PadSide.Front ? Math.Max(0, length - steps) : 0),
                Array.ConvertAll(lengths, length => options.Padding == PadSide.Front ? Math.Max(0, steps - length) : 0),
                Array.ConvertAll(lengths, length => Math.Min(length, steps)));
        }

        /// <summary>Copies what is kept of every sequence, size numbers a time step, to its place.</summary>
        public void Place<T>(IReadOnlyList<T[]> sequences, T[] rows, int size)
        {
            for (var row = 0; row < sequences.Count; row++)
                sequences[row].AsSpan(From[row] * size, Count[row] * size).CopyTo(rows.AsSpan((row * Steps + To[row]) * size));
        }

        public Tensor Mask()
        {
            var mask = new float[Count.Length * Steps];
            for (var row = 0; row < Count.Length; row++)
                mask.AsSpan(row * Steps + To[row], Count[row]).Fill(1);
            return Tensor.From(mask, Count.Length, Steps);
        }

        /// <summary>Whether no row has padding.</summary>
        public bool AreFull => !Count.AsSpan().ContainsAnyExcept(Steps);
    }
}

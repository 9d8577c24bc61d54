using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>Picking rows out of what a model carries. A row is looked up as an embedding is.</summary>
internal static class StateRows
{
    /// <summary>Row i of the result is row rows[i] of x, [batch, ...]; a lasting copy.</summary>
    public static Tensor Select(Tensor x, int[] rows) => Tape.Inference(() =>
    {
        var matrix = Ops.Reshape(x, new Shape(x.Shape[0], x.Length / x.Shape[0]));
        return Ops.Reshape(Ops.Embedding(IntTensor.From(rows), matrix), new Shape([rows.Length, .. x.Shape.Sizes[1..]])).Detach();
    });

    public static RecurrentState Select(RecurrentState state, int[] rows) =>
        new([.. state.Hidden.Select(hidden => Select(hidden, rows))], state.Cell is null ? null : [.. state.Cell.Select(cell => Select(cell, rows))]);

    public static AttentionSource Select(AttentionSource source, int[] rows)
    {
        var keys = Select(source.Keys, rows);
        return new(keys, ReferenceEquals(source.Keys, source.Values) ? keys : Select(source.Values, rows), source.Mask is null ? null : Select(source.Mask, rows));
    }

    /// <summary>log softmax of each row of logits [rows, ..., classes], in float64 and rounded; a lasting tensor [rows, classes].</summary>
    public static Tensor LogSoftmax(Tensor logits)
    {
        var (values, classes) = (logits.ToArray(), logits.Shape.Last);
        for (var from = 0; from < values.Length; from += classes)
        {
            var row = values.AsSpan(from, classes);
            var (max, sum) = (float.NegativeInfinity, 0.0);
            foreach (var value in row)
                max = Math.Max(max, value);
            foreach (var value in row)
                sum += Math.Exp((double)value - max);
            var shift = max + Math.Log(sum);
            foreach (ref var value in row)
                value = (float)(value - shift);
        }

        return Tensor.From(values, values.Length / classes, classes);
    }
}

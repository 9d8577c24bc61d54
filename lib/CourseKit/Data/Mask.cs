using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>Masks of sequences with different lengths: [batch, time], 1 where a sequence has a time step and 0 where it is padded.</summary>
public static class Mask
{
    /// <summary>The mask of sequences whose lengths are known.</summary>
    /// <param name="lengths">One a row of the batch, each in 0..steps.</param>
    /// <param name="steps">Time steps, padding included; at least 0.</param>
    /// <param name="side">Where the padding is. Default: at the back.</param>
    /// <returns>[lengths.Length, steps] of 1 and 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A length is not in 0..steps, or steps is negative.</exception>
    public static Tensor FromLengths(ReadOnlySpan<int> lengths, int steps, PadSide side = PadSide.Back)
    {
        if (steps < 0)
            throw new ArgumentOutOfRangeException(nameof(steps), $"Mask.FromLengths: steps must be at least 0, but got {steps}.");
        var mask = new float[lengths.Length * steps];
        for (var row = 0; row < lengths.Length; row++)
        {
            if ((uint)lengths[row] > (uint)steps)
                throw new ArgumentOutOfRangeException(nameof(lengths), $"Mask.FromLengths: lengths[{row}] must be in 0..{steps}, but got {lengths[row]}. No sequence is longer than steps.");
            mask.AsSpan(row * steps + (side == PadSide.Front ? steps - lengths[row] : 0), lengths[row]).Fill(1);
        }
        return Tensor.From(mask, lengths.Length, steps);
    }

    /// <summary>The mask of ids among which one means padding, wherever it stands.</summary>
    /// <param name="ids">[batch, time].</param>
    /// <param name="padId">The id that means padding. Default: 0.</param>
    /// <returns>[batch, time] of 1 and 0.</returns>
    /// <exception cref="ShapeException">ids is not [batch, time].</exception>
    /// <remarks>Known elsewhere as Embedding(mask_zero=True).</remarks>
    public static Tensor FromIds(IntTensor ids, int padId = 0)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ShapeException.RequireRank(ids.Shape, 2, "Mask.FromIds", "ids", "[batch, time]");
        var mask = new float[ids.Length];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = ids.Values[i] == padId ? 0 : 1;
        return Tensor.From(mask, ids.Shape);
    }

    /// <summary>How many time steps each sequence has.</summary>
    /// <param name="mask">[batch, time]; what is not 0 counts.</param>
    /// <returns>One length a row.</returns>
    /// <exception cref="ShapeException">mask is not [batch, time].</exception>
    public static int[] Lengths(Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ShapeException.RequireRank(mask.Shape, 2, "Mask.Lengths", "mask", "[batch, time]");
        var (rows, steps) = mask.Shape.AsMatrix();
        var values = mask.ToArray();
        var lengths = new int[rows];
        for (var row = 0; row < rows; row++)
            lengths[row] = steps - values.AsSpan(row * steps, steps).Count(0);
        return lengths;
    }
}

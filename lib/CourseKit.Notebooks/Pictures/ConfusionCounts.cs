using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>What was true and what was predicted, by position in the output.</summary>
/// <param name="Pairs">By position, each truth with its prediction; null where nothing was predicted.</param>
/// <param name="Beyond">Predictions at positions that have no truth.</param>
internal sealed record ConfusionCounts(IReadOnlyList<List<(int Truth, int? Prediction)>> Pairs, int Beyond)
{
    /// <summary>How many truths there are.</summary>
    public int Total => Pairs.Sum(position => position.Count);

    /// <summary>How many of them were predicted.</summary>
    public int Right => Pairs.Sum(RightAt);

    /// <summary>How many of a position's truths were predicted.</summary>
    public static int RightAt(IEnumerable<(int Truth, int? Prediction)> position) => position.Count(pair => pair.Truth == pair.Prediction);

    /// <summary>Compares sequences.</summary>
    public static ConfusionCounts Of(IReadOnlyList<int[]> truths, IReadOnlyList<int[]> predictions)
    {
        if (truths.Count != predictions.Count)
            throw new ArgumentException($"Picture.Confusion: predicted must have one sequence for every sequence of truth, but got {Num.Whole(predictions.Count)} and {Num.Whole(truths.Count)}.", nameof(predictions));
        var positions = new List<List<(int, int?)>>();
        var beyond = 0;
        for (var k = 0; k < truths.Count; k++)
        {
            for (var t = 0; t < truths[k].Length; t++)
                At(positions, t).Add((truths[k][t], t < predictions[k].Length ? predictions[k][t] : null));
            beyond += Math.Max(0, predictions[k].Length - truths[k].Length);
        }

        return NotEmpty(positions, beyond);
    }

    /// <summary>Asks a model at every target, with the true ones before it known.</summary>
    public static ConfusionCounts Of(Model model, IEnumerable<Batch> data)
    {
        var (positions, state) = (new List<List<(int, int?)>>(), (ModelState?)null);
        foreach (var batch in data)
        {
            var classes = batch.Classes ?? throw new DataException("Picture.Confusion: the batch must have classes, but has values. Use Chart.Scatter of truth and prediction for values.");
            (var output, state) = Tape.Inference(() =>
            {
                var (given, after) = model.Forward(batch, batch.Continues ? state : null);
                return (given.Detach(), after.Detach());
            });
            if (classes.Shape != output.Shape.WithoutLast())
                throw new ShapeException($"Picture.Confusion: classes must be {output.Shape.WithoutLast()}, but got {classes.Shape}. They take the shape of logits, {output.Shape}, without its last dimension.");
            var (logits, size, steps) = (output.ToArray(), output.Shape.Last, classes.Shape.Rank > 1 ? classes.Shape.Last : 1);
            for (var k = 0; k < classes.Length; k++)
                if (classes.Values[k] != Batch.IgnoredClass)
                    At(positions, k % steps).Add((classes.Values[k], Likeliest(logits.AsSpan(k * size, size))));
        }

        return NotEmpty(positions, 0);
    }

    private static List<(int, int?)> At(List<List<(int, int?)>> positions, int t)
    {
        while (positions.Count <= t)
            positions.Add([]);
        return positions[t];
    }

    private static ConfusionCounts NotEmpty(List<List<(int, int?)>> positions, int beyond) => positions.Exists(position => position.Count > 0)
        ? new(positions, beyond)
        : throw new DataException("Picture.Confusion: there must be at least one target, but there is none. Give data with classes.");

    // With one logit, class 1 where it is above 0; none where a logit is not a number.
    private static int? Likeliest(ReadOnlySpan<float> logits)
    {
        if (logits.Length == 1)
            return float.IsNaN(logits[0]) ? null : logits[0] > 0 ? 1 : 0;
        var best = 0;
        for (var k = 0; k < logits.Length; k++)
        {
            if (float.IsNaN(logits[k]))
                return null;
            if (logits[k] > logits[best])
                best = k;
        }

        return best;
    }
}

using CourseKit.Tensors;

namespace CourseKit.Losses;

/// <summary>Reads labels from the logits of a model that was trained with <see cref="Loss.Ctc"/>.</summary>
/// <remarks>Graves, Fernández, Gomez and Schmidhuber, Connectionist Temporal Classification, 2006. Known elsewhere as tf.nn.ctc_greedy_decoder, tf.nn.ctc_beam_search_decoder.</remarks>
public static class CtcDecoder
{
    /// <summary>The likeliest class of every time step, repeats merged and then blanks taken out. Quick; the labels found need not be the likeliest ones.</summary>
    /// <param name="logits">[batch, time, classes], before softmax.</param>
    /// <param name="lengths">[batch], time steps of each row, always its first; null for all.</param>
    /// <param name="blank">The class that stands for no label. Default: 0.</param>
    /// <returns>One reading a row. Of equally likely classes the first counts.</returns>
    /// <exception cref="ShapeException">A tensor has not the shape above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">blank is no class, or a length is not in 0..time.</exception>
    public static IReadOnlyList<CtcLabels> BestPath(Tensor logits, IntTensor? lengths = null, int blank = 0) => Rows(logits, lengths, blank, "CtcDecoder.BestPath", row =>
    {
        var (labels, sum, before) = (new List<int>(), 0.0, blank);
        foreach (var step in row)
        {
            var best = 0;
            for (var v = 1; v < step.Length; v++)
            {
                if (step[v] > step[best])
                    best = v;
            }

            if (best != before && best != blank)
                labels.Add(best);
            (sum, before) = (sum + step[best], best);
        }
        return new CtcLabels(labels, sum);
    });

    /// <summary>Prefix beam search: keeps the likeliest beginnings of labels, each with the probabilities of all its paths added up.</summary>
    /// <param name="logits">[batch, time, classes], before softmax.</param>
    /// <param name="beamWidth">How many beginnings are kept at each time step, at least 1. Default: 16.</param>
    /// <param name="lengths">[batch], time steps of each row, always its first; null for all.</param>
    /// <param name="blank">The class that stands for no label. Default: 0.</param>
    /// <returns>For each row its readings, the likeliest first, at most beamWidth; exact when beamWidth leaves none out.</returns>
    /// <exception cref="ShapeException">A tensor has not the shape above.</exception>
    /// <exception cref="ArgumentOutOfRangeException">beamWidth is below 1, blank is no class, or a length is not in 0..time.</exception>
    /// <remarks>Graves, 2006, and Hannun, Maas, Jurafsky and Ng, First-Pass Large Vocabulary Continuous Speech Recognition, 2014, without a language model.</remarks>
    public static IReadOnlyList<IReadOnlyList<CtcLabels>> BeamSearch(Tensor logits, int beamWidth = 16, IntTensor? lengths = null, int blank = 0)
    {
        if (beamWidth < 1)
            throw new ArgumentOutOfRangeException(nameof(beamWidth), $"CtcDecoder.BeamSearch: beamWidth must be at least 1, but got {beamWidth}.");
        return Rows(logits, lengths, blank, "CtcDecoder.BeamSearch", row => CtcBeam.Search(row, beamWidth, blank));
    }

    // Decodes each row from its log-probabilities, one array a time step.
    private static T[] Rows<T>(Tensor logits, IntTensor? lengths, int blank, string who, Func<double[][], T> decode)
    {
        ArgumentNullException.ThrowIfNull(logits);
        ShapeException.RequireRank(logits.Shape, 3, who, nameof(logits), "[batch, time, classes]");
        var (batchSize, steps, classes) = (logits.Shape[0], logits.Shape[1], logits.Shape[2]);
        if ((uint)blank >= (uint)classes)
            throw new ArgumentOutOfRangeException(nameof(blank), $"{who}: blank must be a class of logits, 0..{classes - 1}, but got {blank}.");
        if (lengths is not null)
            ShapeException.Require(lengths.Shape, new Shape(batchSize), who, nameof(lengths), "There is one length for each row of logits.");

        var values = logits.ToArray();
        var rows = new T[batchSize];
        for (var b = 0; b < batchSize; b++)
        {
            var time = lengths is null ? steps : lengths[b];
            if ((uint)time > (uint)steps)
                throw new ArgumentOutOfRangeException(nameof(lengths), $"{who}: lengths[{b}] must be in 0..{steps}, but is {time}.");
            var row = new double[time][];
            for (var t = 0; t < time; t++)
                row[t] = LogSoftmax(values.AsSpan(((b * steps) + t) * classes, classes));
            rows[b] = decode(row);
        }
        return rows;
    }

    private static double[] LogSoftmax(ReadOnlySpan<float> logits)
    {
        var (max, sum) = (double.NegativeInfinity, 0.0);
        foreach (var logit in logits)
            max = Math.Max(max, logit);
        foreach (var logit in logits)
            sum += Math.Exp(logit - max);
        var (log, y) = (max + Math.Log(sum), new double[logits.Length]);
        for (var v = 0; v < y.Length; v++)
            y[v] = logits[v] - log;
        return y;
    }
}

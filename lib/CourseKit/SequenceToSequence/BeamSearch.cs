using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>The search behind <see cref="Decoding{TState}.Beam"/>. All rows' live hypotheses go through the model side by side.</summary>
internal static class BeamSearch
{
    public static Hypothesis[][] Run<TState>(IStepModel<TState> model, TState state, int[] first, int? end, int maxLength, int size, double alpha)
    {
        List<Hypothesis>[] best = [.. first.Select(_ => new List<Hypothesis>())];
        List<Live> live = [.. first.Select((token, source) => new Live(source, null, token, 0))];
        for (var length = 1; live.Count > 0; length++)
        {
            (var all, state) = Step(model, [.. live.Select(hypothesis => hypothesis.Token)], state);
            var penalty = Hypothesis.LengthPenalty(length, alpha);
            var (next, rows) = (new List<Live>(), new List<int>());
            for (int from = 0, to; from < live.Count; from = to)
            {
                var source = live[from].Source;
                for (to = from; to < live.Count && live[to].Source == source;) to++;

                var goOn = new List<(Live Hypothesis, int Row)>();
                foreach (var (logProbability, row, token) in Likeliest(live, from, to, all, model.VocabularySize, size))
                {
                    if (token == end)
                        best[source].Add(new(live[row].Written(), logProbability, logProbability / penalty, Ended: true));
                    else if (length == maxLength)
                        best[source].Add(new(new Live(source, live[row], token, logProbability).Written(), logProbability, logProbability / penalty, Ended: false));
                    else
                        goOn.Add((new(source, live[row], token, logProbability), row));
                }

                Keep(best[source], size);
                if (goOn.Count == 0 || CannotImprove(best[source], goOn[0].Hypothesis.LogProbability, size, Hypothesis.LengthPenalty(maxLength, alpha)))
                    continue;
                next.AddRange(goOn.Select(pair => pair.Hypothesis));
                rows.AddRange(goOn.Select(pair => pair.Row));
            }

            if (rows.Count > 0 && !rows.SequenceEqual(Enumerable.Range(0, live.Count)))
                state = model.Select(state, [.. rows]);
            live = next;
        }

        return [.. best.Select(hypotheses => hypotheses.ToArray())];
    }

    /// <summary>One step of any model, its answer held to what it promises.</summary>
    public static (float[] LogProbabilities, TState State) Step<TState>(IStepModel<TState> model, int[] tokens, TState state)
    {
        Interrupt.Token.ThrowIfCancellationRequested();
        var (all, after) = model.Step(tokens, state);
        ShapeException.Require(all.Shape, new Shape(tokens.Length, model.VocabularySize), "Decoding", "the model's log-probabilities", "They are [rows, VocabularySize].");
        return (all.ToArray(), after);
    }

    /// <summary>The likeliest continuations of some hypotheses, best first; of equals the first hypothesis' and lowest token.</summary>
    private static List<(double LogProbability, int Row, int Token)> Likeliest(List<Live> live, int from, int to, float[] all, int vocabulary, int size)
    {
        var queue = new PriorityQueue<(double LogProbability, int Row, int Token), (double LogProbability, int Later)>();
        for (var row = from; row < to; row++)
        {
            for (var token = 0; token < vocabulary; token++)
            {
                var value = all[(row * vocabulary) + token];
                if (float.IsNaN(value))
                    throw new ArgumentException($"Decoding: every log-probability must be a number or −∞, but that of token {token} is NaN. The model has probably diverged.");
                if (float.IsNegativeInfinity(value))
                    continue;

                // The queue gives its worst member back: the least likely, of equals the last.
                var candidate = (live[row].LogProbability + value, row, token);
                var priority = (candidate.Item1, -(((row - from) * vocabulary) + token));
                if (queue.Count < size)
                    queue.Enqueue(candidate, priority);
                else
                    queue.EnqueueDequeue(candidate, priority);
            }
        }

        var best = new List<(double LogProbability, int Row, int Token)>(queue.Count);
        while (queue.TryDequeue(out var candidate, out _))
            best.Add(candidate);
        best.Reverse();
        return best.Count > 0 ? best : throw new ArgumentException("Decoding: there must be at least one token with a log-probability above −∞.");
    }

    private static void Keep(List<Hypothesis> best, int size)
    {
        // OrderBy keeps the order of equals, so that the first found stays first.
        Hypothesis[] sorted = [.. best.OrderByDescending(hypothesis => hypothesis.Score).Take(size)];
        best.Clear();
        best.AddRange(sorted);
    }

    // A hypothesis only loses log-probability as it goes on; the greatest divisor makes the most of what it has.
    private static bool CannotImprove(List<Hypothesis> best, double logProbability, int size, double greatestPenalty) =>
        best.Count == size && logProbability / greatestPenalty <= best[^1].Score;

    /// <summary>A hypothesis that has not ended: the token it adds to the one before it.</summary>
    private sealed record Live(int Source, Live? Before, int Token, double LogProbability)
    {
        /// <summary>All its tokens but the first, which was read and not written.</summary>
        public int[] Written()
        {
            var tokens = new List<int>();
            for (var at = this; at.Before is not null; at = at.Before)
                tokens.Add(at.Token);
            tokens.Reverse();
            return [.. tokens];
        }
    }
}

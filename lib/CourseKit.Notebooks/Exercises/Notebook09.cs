namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 09.</summary>
internal static class Notebook09
{
    private static readonly double[][] ForwardStates = [[1, 2], [3, 4], [5, 6], [7, 8]];

    // As a network gives them that was handed the sentence from its end: the first row has seen the last word only.
    private static readonly double[][] BackwardStates = [[-1, -2], [-3, -4], [-5, -6], [-7, -8]];

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<Func<double[], double[]>, int, bool>>("09.1", "bool IsCausal(Func<double[], double[]> model, int steps)",
            solution: IsCausal,
            cases:
            [
                [RunningSum, 6], [Mean, 6], [Delay, 6], [SwapNeighbours, 5], [EachByItself, 4], [LooksAheadAtTheStart, 6], [BackwardSum, 5],
            ],
            mistakes:
            [
                new("You call every change an answer to the future. A causal model may change its answers at the changed step and after it, only not before.", (model, steps) => !Any(model, steps, (s, t) => t != s)),
                new("At the changed step itself a causal model may answer differently: it has just read that input.", (model, steps) => !Any(model, steps, (s, t) => t <= s)),
                new("You change the last input only. A model may look ahead somewhere else: change every input in turn.", (model, steps) => !Any(model, steps, (s, t) => s == steps - 1 && t < s)),
                new("You compare the answers after the changed step: that finds out whether it remembers the past. Look at the answers before it.", (model, steps) => !Any(model, steps, (s, t) => t > s)),
                new("You compare only the answer right before the changed step. A model may look further ahead than one step.", (model, steps) => !Any(model, steps, (s, t) => t == s - 1)),
            ]),
        Exercise.OfFunction<Func<double[][], double[][], double[][]>>("09.2", "double[][] Align(double[][] forward, double[][] backward)",
            solution: (forward, backward) => Join(forward, [.. backward.Reverse()]),
            cases: [[ForwardStates, BackwardStates], [ForwardStates[..3], BackwardStates[..3]]],
            mistakes:
            [
                new("Row 0 of `backward` has read the last word only, but stands beside the first word here. Bring the backward rows into the order of the words.", Join),
                new("You reversed the numbers inside each state. A state keeps its numbers in order; it is time that runs the other way.", (forward, backward) => Join(forward, [.. backward.Select(row => row.Reverse().ToArray())])),
                new("You reversed both. The forward rows stand in the order of the words already.", (forward, backward) => Join([.. forward.Reverse()], [.. backward.Reverse()])),
                new("The backward state stands first. The library puts the forward state first, and the next layer's weights rely on it.", (forward, backward) => Join([.. backward.Reverse()], forward)),
                new("You put the last backward state beside every word. It has read the whole sentence, the words before included: each word gets the state of its own place.", (forward, backward) => Join(forward, [.. forward.Select(_ => backward[^1])])),
                new("Each word got the backward state of its neighbour, one place off. The state that belongs to a word has read that word too.",
                    (forward, backward) => Join(forward, [.. backward[..^1].Reverse(), [.. backward[0].Select(_ => 0.0)]])),
            ],
            parts: ["result[time, feature]"]),
        Exercise.OfFunction<Func<int[][], int[], int[][]>>("09.3", "int[][] ReverseEach(int[][] ids, int[] lengths)",
            solution: (ids, lengths) => Each(ids, lengths, (row, n) => [.. row[..n].Reverse(), .. row[n..]]),
            cases: [[new int[][] { [5, 6, 7, 0, 0], [1, 2, 3, 4, 5], [8, 9, 0, 0, 0] }, new[] { 3, 5, 2 }], [new int[][] { [4, 2, 0] }, new[] { 2 }]],
            mistakes:
            [
                new("Now the padding stands in front, so the backward network would begin with it, and the words stand at other places. Reverse only the words.", (ids, lengths) => Each(ids, lengths, (row, _) => [.. row.Reverse()])),
                new("The padding is gone. Rows of one batch must keep one length: words reversed, then the padding as it was.", (ids, lengths) => Each(ids, lengths, (row, n) => [.. row[..n].Reverse()])),
                new("You turned round the order of the sentences, not that of their words.", (ids, _) => [.. ids.Reverse()]),
                new("The last word of each sentence stayed where it was. The range `[..n]` ends before index n, so it holds all n words.", (ids, lengths) => Each(ids, lengths, (row, n) => [.. row[..(n - 1)].Reverse(), .. row[(n - 1)..]])),
                new("Every row was reversed over the length of the first sentence. Each has its own.", (ids, lengths) => Each(ids, lengths, (row, _) => [.. row[..lengths[0]].Reverse(), .. row[lengths[0]..]])),
            ]),
    ];

    private static Func<double[], double[]> RunningSum => x => [.. x.Select((_, t) => x[..(t + 1)].Sum())];

    private static Func<double[], double[]> BackwardSum => x => [.. x.Select((_, t) => x[t..].Sum())];

    private static Func<double[], double[]> Mean => x => [.. x.Select(value => value - x.Average())];

    private static Func<double[], double[]> Delay => x => [.. x.Select((_, t) => t == 0 ? 0 : x[t - 1])];

    private static Func<double[], double[]> EachByItself => x => [.. x.Select(value => 2 * value + 1)];

    private static Func<double[], double[]> SwapNeighbours => x => [.. x.Select((value, t) => (t ^ 1) < x.Length ? x[t ^ 1] : value)];

    // The first answer depends on the third input, and all others on their own.
    private static Func<double[], double[]> LooksAheadAtTheStart => x => [.. x.Select((value, t) => t == 0 ? x[2] : value)];

    private static bool IsCausal(Func<double[], double[]> model, int steps) => !Any(model, steps, (s, t) => t < s);

    /// <summary>Whether changing input s changes answer t for any pair that counts.</summary>
    private static bool Any(Func<double[], double[]> model, int steps, Func<int, int, bool> counts)
    {
        var x = Enumerable.Range(0, steps).Select(t => Math.Sin(t + 1)).ToArray();
        var before = model(x);
        for (var s = 0; s < steps; s++)
        {
            var moved = x.ToArray();
            moved[s] += 1;
            var after = model(moved);
            if (Enumerable.Range(0, steps).Any(t => counts(s, t) && after[t] != before[t]))
                return true;
        }

        return false;
    }

    private static double[][] Join(double[][] first, double[][] second) => [.. first.Zip(second, (a, b) => (double[])[.. a, .. b])];

    private static int[][] Each(int[][] ids, int[] lengths, Func<int[], int, int[]> change) => [.. ids.Zip(lengths, change)];
}

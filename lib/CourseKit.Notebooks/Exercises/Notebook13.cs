namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 13.</summary>
internal static class Notebook13
{
    private static readonly double[] Chances = [0, 0.5, 0.1, 0.4];

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfValue("13.1", "double? mine", 25 * Math.Log(27), tolerance: 0.05, mistakes:
        [
            new("That is for one character. The sum over 25 of them is asked.", Math.Log(27)),
            new("That is for the 63 characters of the scenes. The names have 27.", 25 * Math.Log(63)),
            new("The end of the line is a character of the vocabulary too: 27, not 26.", 25 * Math.Log(26)),
            new("That is in bits. The loss is in nats: the natural logarithm.", 25 * Math.Log2(27)),
        ]),
        Exercise.OfFunction<Func<int[], int, int[][]>>("13.2", "int[][] NamesOf(int[] stream, int eos)",
            solution: (stream, eos) => Names(stream, eos, withLast: false, withEmpty: false, withSign: false),
            cases: [[new[] { 5, 6, 7, 0, 8, 9, 0, 0, 4, 0, 3, 3 }, 0], [new[] { 1, 2, 9, 2, 1, 9 }, 9], [new[] { 1, 2 }, 0]],
            mistakes:
            [
                new("What comes after the last eos was never finished: the model might have gone on. It is no name.", (stream, eos) => Names(stream, eos, withLast: true, withEmpty: false, withSign: false)),
                new("Two signs in a row have nothing between them. An empty name is none.", (stream, eos) => Names(stream, eos, withLast: false, withEmpty: true, withSign: false)),
                new("The sign ends a name, and is no letter of it.", (stream, eos) => Names(stream, eos, withLast: false, withEmpty: false, withSign: true)),
                new("Only the first name is there. The stream goes on after its end.", (stream, eos) => [.. Names(stream, eos, withLast: false, withEmpty: false, withSign: false).Take(1)]),
            ]),
        Exercise.OfFunction<Func<double[], double, double[]>>("13.3", "double[] AtTemperature(double[] scores, double temperature)",
            solution: (scores, temperature) => Softmax(scores.Select(score => score / temperature)),
            cases: [[new[] { 1.0, 2, 3 }, 1.0], [new[] { 1.0, 2, 3 }, 0.5], [new[] { 1000.0, 1001, 998 }, 1.0], [new[] { -2.0, 0.5 }, 4.0]],
            tolerance: 1e-9,
            mistakes:
            [
                new("A high temperature must flatten the probabilities; yours sharpens them. Scores are divided, not multiplied.", (scores, temperature) => Softmax(scores.Select(score => score * temperature))),
                new("The temperature belongs to the scores, before the exponential. Afterwards, dividing all by one number changes nothing once they sum to 1.", (scores, _) => Softmax(scores)),
                new("The exponential of 1000 is infinite, and infinity by infinity is no number. Take the largest score away from all first.",
                    (scores, temperature) => Plain(scores.Select(score => Math.Exp(score / temperature)))),
                new("They do not sum to 1: divide by the sum of the exponentials.", (scores, temperature) => [.. scores.Select(score => Math.Exp((score - scores.Max()) / temperature))]),
            ]),
        Exercise.OfProperty<Func<double[], double, int>>("13.4", "int Draw(double[] probabilities, double r)",
            solution: (probabilities, r) =>
            {
                for (var k = 0; ; k++)
                    if ((r -= probabilities[k]) < 0 || k == probabilities.Length - 1)
                        return k;
            },
            judge: JudgeDraw,
            mistakes:
            [
                new("It gives the likeliest index whatever r is. A draw gives each index as often as its probability says.", (probabilities, _) => Array.IndexOf(probabilities, probabilities.Max())),
                new("It gives every index equally often. Each must come as often as its probability says.", (probabilities, r) => (int)(r * probabilities.Length)),
                new("It gives an index that has the probability 0. At r = 0 and at the borders, compare with `<`, not with `<=`.", (probabilities, r) =>
                {
                    var sum = 0.0;
                    return Array.FindIndex(probabilities, p => r <= (sum += p));
                }),
                new("It gives an index outside the probabilities.", (probabilities, r) => r < 0.5 ? 0 : probabilities.Length),
            ]),
    ];

    // Ten thousand values of r, evenly spread: what they give must be the probabilities to a hundredth.
    private static string? JudgeDraw(Func<double[], double, int> draw)
    {
        var counts = new int[Chances.Length];
        for (var k = 0; k < 10_000; k++)
        {
            var index = draw([.. Chances], k / 10_000.0);
            if (index < 0 || index >= Chances.Length)
                return "It gives an index outside the probabilities.";
            counts[index]++;
        }

        if (counts.Contains(10_000))
            return "It gives the likeliest index whatever r is. A draw gives each index as often as its probability says.";
        if (counts.All(count => count == 2500))
            return "It gives every index equally often. Each must come as often as its probability says.";
        if (counts[0] > 0)
            return "It gives an index that has the probability 0. At r = 0 and at the borders, compare with `<`, not with `<=`.";
        for (var k = 0; k < counts.Length; k++)
            if (Math.Abs(counts[k] / 10_000.0 - Chances[k]) > 0.01)
                return $"For probabilities {Difference.Text(Chances)} and r spread evenly from 0 to 1, index {k} comes with {Num.Short(counts[k] / 10_000.0)}. Walk along the probabilities until r is used up.";
        return null;
    }

    private static int[][] Names(int[] stream, int eos, bool withLast, bool withEmpty, bool withSign)
    {
        List<int[]> names = [];
        List<int> name = [];
        foreach (var id in stream)
        {
            if (id != eos)
            {
                name.Add(id);
                continue;
            }

            if (name.Count > 0 || withEmpty)
                names.Add(withSign ? [.. name, eos] : [.. name]);
            name.Clear();
        }

        if (withLast && name.Count > 0)
            names.Add([.. name]);
        return [.. names];
    }

    private static double[] Softmax(IEnumerable<double> scores)
    {
        var largest = scores.Max();
        return Plain(scores.Select(score => Math.Exp(score - largest)));
    }

    private static double[] Plain(IEnumerable<double> weights)
    {
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}

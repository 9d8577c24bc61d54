namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 01.</summary>
internal static class Notebook01
{
    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<int, int, int, int>>("01.1", "int CountWindows(int numbers, int size, int stride)",
            solution: CountWindows,
            cases: [[10, 4, 1], [18, 4, 4], [11, 3, 2], [7, 5, 3], [600, 20, 7]],
            mistakes:
            [
                new("Every window needs a number behind it as its target: the last numbers cannot be a window by themselves.", (n, size, stride) => (n - size) / stride + 1),
                new("One is missing: the window at the very beginning counts too, before any step of the stride.", (n, size, stride) => (n - size - 1) / stride),
                new("That is the count for a stride of 1. With a larger stride only every so many of these begin a window.", (n, size, _) => n - size),
                new("The stride says where windows begin, not how many fit side by side: overlapping windows use a number more than once.", (n, size, _) => (n - 1) / size),
            ]),
        Exercise.OfFunction<Func<double[,], int[], double[,]>>("01.2", "double[,] Reorder(double[,] weight, int[] order)",
            solution: (weight, order) => Build(weight, (i, k) => weight[i, order[k]]),
            cases: [[Grid(3), new[] { 1, 2, 0 }], [Grid(4), new[] { 2, 0, 3, 1 }]],
            mistakes:
            [
                new("That is the order the other way round: place k of the new window holds old place order[k], so its weight must come from there.", (weight, order) => Build(weight, (i, k) => weight[i, Array.IndexOf(order, k)])),
                new("Rows are neurons, columns are places in the window. It is the places that were dealt anew.", (weight, order) => Build(weight, (i, k) => weight[order[i], k])),
                new("The weights are as before, so each meets another number than the one it learned for.", (weight, _) => weight),
                new("Rows are neurons and stay where they are. Reorder the columns alone.", (weight, order) => Build(weight, (i, k) => weight[order[i], order[k]])),
            ]),
        Exercise.OfFunction<Func<string, string[], int[]>>("01.3", "int[] CountWords(string sentence, string[] vocabulary)",
            solution: (sentence, vocabulary) => [.. vocabulary.Select(word => sentence.Split(' ').Count(other => other == word))],
            cases:
            [
                ["the cat saw the other cat", new[] { "cat", "dog", "saw", "the" }], ["a dog saw me", new[] { "me", "saw", "cat", "a" }],
                ["the cathedral", new[] { "cat", "the", "cathedral", "bell" }],
            ],
            mistakes:
            [
                new("That says whether a word occurs. A bag also knows how often.", (sentence, vocabulary) => [.. vocabulary.Select(word => sentence.Split(' ').Contains(word) ? 1 : 0)]),
                new("These are the places of the sentence's words in the vocabulary, in order. A bag has one count for every word of the vocabulary.", (sentence, vocabulary) => [.. sentence.Split(' ').Select(word => Array.IndexOf(vocabulary, word))]),
                new("Count whole words: \"cat\" is no word of \"cathedral\".", (sentence, vocabulary) => [.. vocabulary.Select(word => (sentence.Length - sentence.Replace(word, "", StringComparison.Ordinal).Length) / word.Length)]),
                new("The counts are right, but stand in the order of the sentence. Every sentence must have the vocabulary's order, or a weight means another word each time.", (sentence, vocabulary) => [.. sentence.Split(' ').Distinct().Where(vocabulary.Contains).Select(word => sentence.Split(' ').Count(other => other == word))]),
            ]),
        Exercise.OfValue("01.4", "int mine", 20 * 1000 * 50 + 50 + 50 * 1000 + 1000,
        [
            new("The biases are missing: one number for every neuron of both layers.", 20 * 1000 * 50 + 50 * 1000),
            new("That shares one embedding among all places. In this network every one of the 20 places has its own weights.", 1000 * 50 + 50 + 50 * 1000 + 1000),
            new("That is the first layer alone. The second one has a score for every word.", 20 * 1000 * 50 + 50),
            new("A word is not one number but one-hot: a thousand of them for every place.", 20 * 50 + 50 + 50 * 1000 + 1000),
        ]),
    ];

    // Counts by trying, not by the formula that is taught.
    private static int CountWindows(int numbers, int size, int stride)
    {
        var count = 0;
        for (var start = 0; start + size < numbers; start += stride)
            count++;
        return count;
    }

    private static double[,] Grid(int size)
    {
        var grid = new double[size, size];
        for (var i = 0; i < size; i++)
            for (var k = 0; k < size; k++)
                grid[i, k] = 10 * (i + 1) + k + 1;
        return grid;
    }

    private static double[,] Build(double[,] like, Func<int, int, double> value)
    {
        var built = new double[like.GetLength(0), like.GetLength(1)];
        for (var i = 0; i < built.GetLength(0); i++)
            for (var k = 0; k < built.GetLength(1); k++)
                built[i, k] = value(i, k);
        return built;
    }
}

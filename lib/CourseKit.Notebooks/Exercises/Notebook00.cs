namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 00.</summary>
internal static class Notebook00
{
    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfValue("00.1", "int[] mine", new[] { 2, 6, 63 },
        [
            new("That is how it is for one text of 12 characters. How many texts are there now, and how long is each?", new[] { 1, 12, 63 }),
            new("Texts come first, then time steps: [batch, time, feature].", new[] { 6, 2, 63 }),
            new("These are the inputs. At each character the network gives a score for every character of the vocabulary.", new[] { 2, 6 }),
            new("128 is the size of the state. The last layer turns the state into scores: one for each character of the vocabulary.", new[] { 2, 6, 128 }),
        ]),
        Exercise.OfFunction<Func<double[], int, double>>("00.2", "double SurpriseAt(double[] probabilities, int next)",
            solution: (probabilities, next) => -Math.Log(probabilities[next]),
            cases: [[new[] { 0.5, 0.25, 0.25 }, 0], [new[] { 0.1, 0.2, 0.7 }, 2], [new[] { 0.1, 0.2, 0.7 }, 0]],
            mistakes:
            [
                new("The logarithm of a probability is negative or 0; the surprise is its opposite.", (probabilities, next) => Math.Log(probabilities[next])),
                new("That is in bits, with the logarithm to base 2. Nats take the natural logarithm.", (probabilities, next) => -Math.Log2(probabilities[next])),
                new("That is the surprise at the likeliest character. Take the probability of the one that came.", (probabilities, _) => -Math.Log(probabilities.Max())),
                new("1 - p is large for a wrong guess too, but a sure and wrong guess must cost without limit: the loss is a logarithm.", (probabilities, next) => 1 - probabilities[next]),
            ]),
        Exercise.OfFunction<Func<double[], double>>("00.3", "double OneOfHowMany(double[] surprises)",
            solution: surprises => Math.Exp(surprises.Average()),
            cases: [[new[] { 1.0, 2, 3 }], [new[] { 0.0, 0.5, 4, 0.5 }]],
            mistakes:
            [
                new("The mean of the exponentials is something else: take the mean surprise first, then the exponential.", surprises => surprises.Average(Math.Exp)),
                new("The exponential of the sum grows with the length of the text. Use the mean.", surprises => Math.Exp(surprises.Sum())),
                new("That is the loss itself, in nats. Among how many equally likely characters is a guess of that surprise?", surprises => surprises.Average()),
                new("The surprise is in nats, not in bits: the base is e, not 2.", surprises => Math.Pow(2, surprises.Average())),
            ]),
    ];
}

using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 06: the law of the gradient's length, clipping, the baseline of the adding problem.</summary>
internal static class Notebook06
{
    // A rotation that shrinks, and a matrix whose directions are stretched unevenly.
    private static readonly Matrix<double> Rotation = 0.9 * Matrix<double>.Build.DenseOfArray(new[,] { { 0.6, -0.8 }, { 0.8, 0.6 } });
    private static readonly Matrix<double> Uneven = Matrix<double>.Build.DenseOfArray(new[,] { { 0.5, 1.4, 0 }, { 0, 0.8, -0.6 }, { 0.3, 0, 0.7 } });

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<Matrix<double>, Vector<double>, int, double>>(
            "06.1", "double LengthAfter(Matrix<double> weightHh, Vector<double> gradient, int steps)",
            solution: (weightHh, gradient, steps) => (weightHh.Transpose().Power(steps) * gradient).L2Norm(),
            cases: [[Rotation, V(3, 4), 10], [Uneven, V(1, 0, 2), 1], [Uneven, V(1, 0, 2), 6], [Uneven, V(1, -1, 0.5), 0]],
            mistakes:
            [
                new("Backward the matrix is transposed; for a rotation the length is the same without, for other matrices not.",
                    (weightHh, gradient, steps) => (weightHh.Power(steps) * gradient).L2Norm()),
                new("ρ^k is exact for an orthogonal matrix times ρ only. In general it depends on the gradient's direction: multiply step by step, then take the length.",
                    (weightHh, gradient, steps) => Math.Pow(weightHh.Evd().EigenValues.Max(value => value.Magnitude), steps) * gradient.L2Norm()),
                new("The largest singular value to the power k is only an upper bound: the gradient does not always lie in the direction that is stretched most.",
                    (weightHh, gradient, steps) => Math.Pow(weightHh.L2Norm(), steps) * gradient.L2Norm()),
                new("That is the square of the length: the root is missing.",
                    (weightHh, gradient, steps) => Math.Pow((weightHh.Transpose().Power(steps) * gradient).L2Norm(), 2)),
                new("The matrix is applied once only. A gradient that comes from several steps ahead has passed it once for each.",
                    (weightHh, gradient, _) => weightHh.TransposeThisAndMultiply(gradient).L2Norm()),
            ],
            tolerance: 1e-9),
        Exercise.OfFunction<Func<double[][], double, double[][]>>(
            "06.2", "double[][] Clip(double[][] gradients, double maxNorm)",
            solution: (gradients, maxNorm) =>
            {
                var norm = Math.Sqrt(gradients.Sum(gradient => gradient.Sum(g => g * g)));
                return Scaled(gradients, Math.Min(1, maxNorm / norm));
            },
            cases: [[new[] { new[] { 3.0, 0 }, [0, 4.0, 0] }, 1.0], [new[] { new[] { 0.3, -0.2 }, [0.1, 0.4, 0] }, 1.0], [new[] { new[] { 6.0, -8 }, [1.0, 2, 2] }, 5.0]],
            mistakes:
            [
                new("Each tensor was clipped by its own length. All gradients have one common length, and all get the same factor, so that their direction stays.",
                    (gradients, maxNorm) => [.. gradients.Select(gradient => Scaled([gradient], Math.Min(1, maxNorm / Norm(gradient)))[0])]),
                new("Every number was held to the limit by itself, which turns the direction. Clipping by norm shortens all of them by one factor.",
                    (gradients, maxNorm) => [.. gradients.Select(gradient => gradient.Select(g => Math.Clamp(g, -maxNorm, maxNorm)).ToArray())]),
                new("A gradient that is short enough must stay as it is; this one was made longer.",
                    (gradients, maxNorm) => Scaled(gradients, maxNorm / Norm([.. gradients.SelectMany(gradient => gradient)]))),
                new("The common length is the root of the sum of squares: the root is missing.",
                    (gradients, maxNorm) => Scaled(gradients, Math.Min(1, maxNorm / gradients.Sum(gradient => gradient.Sum(g => g * g))))),
                new("Gradients above the limit were set to 0. That forgets the direction, which is still good; only the length is not to be trusted.",
                    (gradients, maxNorm) => Scaled(gradients, Norm([.. gradients.SelectMany(gradient => gradient)]) > maxNorm ? 0 : 1)),
            ],
            tolerance: 1e-9),
        Exercise.OfFunction<Func<int, double>>(
            "06.3", "double Baseline(int numbers)",
            solution: numbers => numbers / 12.0,
            cases: [[2], [1], [5]],
            mistakes:
            [
                new("That is the variance of a single number. Variances of independent numbers add up.", _ => 1 / 12.0),
                new("That is the mean of the squared sum, the error of always saying 0. The best constant is the mean of the sum.",
                    numbers => (numbers / 12.0) + (numbers * numbers / 4.0)),
                new("That is the standard deviation. The mean squared error of the best constant is its square.", numbers => Math.Sqrt(numbers / 12.0)),
                new("Not the numbers' own variance, 1/12, was added up but the mean of their squares, 1/3: the mean has to be taken off before squaring.", numbers => numbers / 3.0),
                new("That is the variance of the mean of the numbers. The target is their sum.", numbers => 1 / (12.0 * numbers)),
            ],
            tolerance: 1e-4),
    ];

    private static double[][] Scaled(double[][] gradients, double factor) => [.. gradients.Select(gradient => gradient.Select(g => factor * g).ToArray())];

    private static double Norm(double[] numbers) => Math.Sqrt(numbers.Sum(number => number * number));

    private static Vector<double> V(params double[] values) => Vector<double>.Build.Dense(values);
}

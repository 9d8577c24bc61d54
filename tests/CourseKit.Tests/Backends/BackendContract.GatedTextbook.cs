using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    public static TheoryData<string> GatedCells => [.. GatedRun.Cells];

    [Theory]
    [MemberData(nameof(GatedCells))]
    public void Gated_ForwardAndEveryGradient_MatchTheTextbookCell(string cell)
    {
        foreach (var (B, T, I, H) in new[] { (3, 4, 3, 5), (1, 1, 1, 1), (2, 3, 2, 19) })
        {
            var run = new GatedRun(cell, B, T, I, H) { Sees = false };
            var results = run.Both(Backend);
            results.Remove("gates");
            Alike(ByTextbook(cell, run), results, 1e-5);
        }
    }

    // What GatedRun.Both gives, one example after the other; gradients begin at 0.25.
    private static Dictionary<string, float[]> ByTextbook(string cell, GatedRun run)
    {
        var (B, T, I, H) = (run.B, run.T, run.I, run.H);
        Vector<double> Part(float[] of, int index, int size) => Vector<double>.Build.Dense(size, i => of[(index * size) + i]);
        Matrix<double> Matrix(float[] of, int columns) => Matrix<double>.Build.Dense(of.Length / columns, columns, (row, column) => of[(row * columns) + column]);
        var weights = new CellWeights(Matrix(run.WeightIh, I), Matrix(run.WeightHh, H), Part(run.BiasIh!, 0, run.BiasIh!.Length), Part(run.BiasHh!, 0, run.BiasHh!.Length));
        RecurrentCell textbook = cell switch
        {
            "gru after" => new GruCell(weights),
            "gru before" => new GruCell(weights, resetAfter: false),
            "gru update" => new SimplifiedGruCell(weights),
            "gru minimal" => new MinimalGatedUnitCell(weights),
            _ => new SimpleRnnCell(weights, relu: cell == "relu"),
        };

        var (y, hN, dX, dH0) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var b = 0; b < B; b++)
        {
            var rows = Enumerable.Range(b * T, T);
            var steps = Sequence.Forward(textbook, rows.Select(row => Part(run.X, row, I)), new(Part(run.H0!, b, H)));
            var (dInput, dStart) = Sequence.Backward(textbook, steps, [.. rows.Select(row => Part(run.DY, row, H))], new(Part(run.DHN!, b, H)));
            y.AddRange(steps.SelectMany(step => step.Hidden));
            hN.AddRange(steps[^1].Hidden);
            dX.AddRange(dInput.SelectMany(d => d));
            dH0.AddRange(dStart.Hidden);
        }

        static float[] Floats(IEnumerable<double> numbers, double start = 0) => [.. numbers.Select(number => (float)(number + start))];
        var d = textbook.Gradients;
        return new()
        {
            ["y"] = Floats(y),
            ["hN"] = Floats(hN),
            ["dX"] = Floats(dX, 0.25),
            ["dH0"] = Floats(dH0, 0.25),
            ["dWeightIh"] = Floats(d.WeightIh.Transpose().Enumerate(), 0.25),
            ["dWeightHh"] = Floats(d.WeightHh.Transpose().Enumerate(), 0.25),
            ["dBiasIh"] = Floats(d.BiasIh, 0.25),
            ["dBiasHh"] = Floats(d.BiasHh, 0.25),
        };
    }
}

using CourseKit.Tests.Textbook;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    public static TheoryData<string, int, int, int, int> LstmTextbookCases()
    {
        var cases = new TheoryData<string, int, int, int, int>();
        foreach (var kind in LstmVariantCells.Kinds)
        {
            cases.Add(kind, 3, 4, 3, 5);
            cases.Add(kind, 1, 1, 1, 1);
            cases.Add(kind, 2, 3, 2, 19);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(LstmTextbookCases))]
    public void Lstm_Variant_ForwardAndEveryGradientMatchTheTextbookCell(string kind, int B, int T, int I, int H)
    {
        var made = LstmVariantCells.Make(kind, I, H, seed: 3);
        var P = made.StateSize;
        double[] Values(string name) => made.Arrays[name].Values;
        double[]? Optional(string name) => made.Arrays.TryGetValue(name, out var array) ? array.Values : null;
        var operands = new LstmOracle(B, T, I, H, P, reverse: false)
        {
            X = Draw(B * T * I),
            H0 = Draw(B * P),
            C0 = Draw(B * H),
            WeightIh = Values("weightIh"),
            WeightHh = Values("weightHh"),
            BiasIh = Values("biasIh"),
            BiasHh = Values("biasHh"),
            Coupled = kind == "coupled",
            Peephole = Optional("peephole"),
            Projection = Optional("projection"),
            CellBelow = kind == "depth" ? Draw(B * T * H) : null,
            DepthWeightIh = Optional("depthWeightIh"),
            DepthBias = Optional("depthBias"),
            DepthFromCell = Optional("depthFromCell"),
            DepthFromBelow = Optional("depthFromBelow"),
            GainIh = Optional("gainIh"),
            GainHh = Optional("gainHh"),
            GainCell = Optional("gainCell"),
            BiasCell = Optional("biasCell"),
        };
        var (lossY, lossH, lossC) = (Draw(B * T * P), Draw(B * P), Draw(B * H));
        var run = new LstmRun(Backend, operands).Forward().Backward(lossY, lossH, lossC);

        static Vector<double> Part(double[] of, int index, int size) => Vector<double>.Build.Dense(of[(index * size)..((index + 1) * size)]);
        var (y, hN, cN, dX, dH0, dC0, dBelow) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var b = 0; b < B; b++)
        {
            var x = Enumerable.Range(b * T, T).Select(row => operands.CellBelow is null ? Part(operands.X, row, I) : DepthGatedLstmCell.Input(Part(operands.X, row, I), Part(operands.CellBelow, row, H)));
            var steps = Sequence.Forward(made.Cell, x, new(Part(operands.H0, b, P), Part(operands.C0, b, H)));
            var (dInput, dStart) = Sequence.Backward(made.Cell, steps, [.. Enumerable.Range(b * T, T).Select(row => Part(lossY, row, P))], new(Part(lossH, b, P), Part(lossC, b, H)));
            y.AddRange(steps.SelectMany(step => step.Hidden));
            hN.AddRange(steps[^1].After.Hidden);
            cN.AddRange(steps[^1].After.Cell!);
            dX.AddRange(dInput.SelectMany(d => d.Take(I)));
            dBelow.AddRange(dInput.SelectMany(d => d.Skip(I)));
            dH0.AddRange(dStart.Hidden);
            dC0.AddRange(dStart.Cell!);
        }

        Close(y, Numbers(run.Y));
        Close(hN, Numbers(run.HN));
        Close(cN, Numbers(run.CN));
        foreach (var (name, _, gradient) in run.Gradients)
        {
            var expected = name switch { "x" => dX, "h0" => dH0, "c0" => dC0, "cellBelow" => dBelow, _ => (IReadOnlyList<double>)made.Arrays[name].Gradient() };
            Close(expected, Numbers(gradient));
        }
    }
}

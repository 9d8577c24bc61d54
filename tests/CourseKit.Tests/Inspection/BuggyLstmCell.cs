using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Inspection;

/// <summary>A learner's LSTM, written by hand outside of the library, with one of the usual bugs.</summary>
internal sealed class BuggyLstmCell(CellWeights weights, string bug) : RecurrentCell(weights, gates: 4)
{
    private sealed record Step(Vector<double> X, CellState Before, CellState After, Vector<double>[] Gates) : CellStep(X, Before, After);

    public override CellState Start => new(Vector<double>.Build.Dense(Weights.HiddenSize), Vector<double>.Build.Dense(Weights.HiddenSize));

    public override CellStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        if (bug == "state not carried")
            state = Start;
        var a = (Weights.WeightIh * x) + Weights.BiasIh + (Weights.WeightHh * state.Hidden) + Weights.BiasHh;
        var gates = Enumerable.Range(0, 4).Select(k => a.SubVector(k * state.Hidden.Count, state.Hidden.Count)).Select((sum, k) => sum.Map(v => k == 2 ? Math.Tanh(v) : 1 / (1 + Math.Exp(-v)))).ToArray();
        var (i, f, g, o) = bug == "forward gates swapped" ? (gates[1], gates[0], gates[2], gates[3]) : (gates[0], gates[1], gates[2], gates[3]);
        var c = f.PointwiseMultiply(state.Cell!) + i.PointwiseMultiply(g);
        return new Step(x, state, new CellState(o.PointwiseMultiply(c.PointwiseTanh()), c), gates);
    }

    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (i, f, g, o) = ((Step)step).Gates switch { var k => (k[0], k[1], k[2], k[3]) };
        var (h, c, tanh) = (step.Before.Hidden, step.Before.Cell!, step.After.Cell!.PointwiseTanh());
        Vector<double> Times(Vector<double> a, Vector<double> b) => a.PointwiseMultiply(b);
        var dC = dAfter.Cell! + Times(Times(dAfter.Hidden, o), 1 - Times(tanh, tanh));
        var dI = Times(Times(dC, g), Times(i, 1 - i));
        var dF = Times(Times(dC, c), Times(f, 1 - f));
        var dG = Times(Times(dC, i), 1 - Times(g, g));
        var dO = Times(Times(dAfter.Hidden, tanh), Times(o, 1 - o));
        var dA = Vector<double>.Build.DenseOfEnumerable(dI.Concat(dF).Concat(dG).Concat(dO));
        var forWeights = bug == "gates swapped" ? Vector<double>.Build.DenseOfEnumerable(dF.Concat(dI).Concat(dG).Concat(dO)) : dA;

        Gradients.WeightIh.Add(forWeights.OuterProduct(step.X), Gradients.WeightIh);
        Gradients.WeightHh.Add(dA.OuterProduct(h), Gradients.WeightHh);
        Gradients.BiasIh.Add(bug == "sign" ? -dA : dA, Gradients.BiasIh);
        if (bug != "bias forgotten")
            Gradients.BiasHh.Add(dA, Gradients.BiasHh);

        // W·dA of each gate in place of Wᵀ·dA.
        var dH = bug == "missing transpose"
            ? Enumerable.Range(0, 4).Select(k => Weights.WeightHh.SubMatrix(k * h.Count, h.Count, 0, h.Count) * dA.SubVector(k * h.Count, h.Count)).Aggregate((a, b) => a + b)
            : Weights.WeightHh.TransposeThisAndMultiply(dA);
        var dBefore = bug == "state not passed" ? Start : new CellState(dH, Times(dC, f));
        return (Weights.WeightIh.TransposeThisAndMultiply(dA), dBefore);
    }
}

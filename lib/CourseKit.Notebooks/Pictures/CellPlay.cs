using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>A simple recurrent cell run over a sequence, with every number that is on its wires.</summary>
internal sealed class CellPlay
{
    /// <param name="cell">The cell.</param>
    /// <param name="x">Its inputs, at least one.</param>
    /// <param name="readOut">The layer after it; null for none.</param>
    /// <param name="labels">What the inputs are called, one for each; null for none.</param>
    public CellPlay(SimpleRnnCell cell, IReadOnlyList<Vector<double>> x, (Matrix<double> Weight, Vector<double>? Bias)? readOut, string[]? labels)
    {
        if (x.Count == 0)
            throw new ArgumentException("Picture.CellPlayer: x must have at least one time step, but has none.", nameof(x));
        if (labels is not null && labels.Length != x.Count)
            throw new ArgumentException($"Picture.CellPlayer: labels must be one for every time step, but got {Num.Whole(labels.Length)} labels and {Num.Whole(x.Count)} time steps. Leave labels out to number the steps.", nameof(labels));
        var (wIh, wHh, bIh, bHh) = cell.Weights;
        Labels = labels;
        Steps =
        [
            .. Sequence.Forward(cell, x).Select(step =>
            {
                Vector<double> fromInput = wIh * step.X + bIh, fromState = wHh * step.Before.Hidden + bHh;
                var output = readOut is var (weight, bias) ? bias is null ? weight * step.Hidden : weight * step.Hidden + bias : null;
                return new CellPlayStep(step.X, fromInput, step.Before.Hidden, fromState, fromInput + fromState, step.Hidden, output);
            }),
        ];
        // A cell does not tell its activation, but the numbers do: a sum that is not 0 has another tanh than relu.
        IsTanh = Steps.All(step => (step.Sum.PointwiseTanh() - step.Hidden).L2Norm() < 1e-9);
        HasOutput = readOut is not null;
    }

    /// <summary>The time steps.</summary>
    public IReadOnlyList<CellPlayStep> Steps { get; }

    /// <summary>What the inputs are called; null for nothing.</summary>
    public string[]? Labels { get; }

    /// <summary>Whether the sum is squashed by tanh; else by relu.</summary>
    public bool IsTanh { get; }

    /// <summary>Whether there is a layer after the cell.</summary>
    public bool HasOutput { get; }

    /// <summary>The largest size of a number, at least 1: the end of the colours.</summary>
    public double Most => Steps.SelectMany(step => step.All).SelectMany(vector => vector).Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
}

/// <summary>The numbers of one time step.</summary>
/// <param name="X">x_t.</param>
/// <param name="FromInput">W_ih·x_t + b_ih.</param>
/// <param name="Before">h_{t-1}, out of the delay.</param>
/// <param name="FromState">W_hh·h_{t-1} + b_hh.</param>
/// <param name="Sum">The two together.</param>
/// <param name="Hidden">h_t.</param>
/// <param name="Output">y_t; null for none.</param>
internal sealed record CellPlayStep(
    Vector<double> X, Vector<double> FromInput, Vector<double> Before, Vector<double> FromState, Vector<double> Sum, Vector<double> Hidden, Vector<double>? Output)
{
    /// <summary>All of them.</summary>
    public IEnumerable<Vector<double>> All => ((Vector<double>?[])[X, FromInput, Before, FromState, Sum, Hidden, Output]).OfType<Vector<double>>();
}

using MathNet.Numerics.LinearAlgebra;
using static CourseKit.Textbook.Pointwise;

namespace CourseKit.Textbook;

/// <summary>The LSTM cell that hands on a projection of what it shows: many cells, fewer numbers in the hidden state.</summary>
/// <remarks>
/// <code>
/// i, f, o = σ(a_i), σ(a_f), σ(a_o)     c' = f∘c + i∘g
/// g = tanh(a_g)                        h' = W_hr·(o∘tanh(c'))     a = W_ih·x + b_ih + W_hh·h + b_hh
/// </code>
/// Sak, Senior and Beaufays, Long Short-Term Memory Recurrent Neural Network Architectures for Large Scale Acoustic Modeling, 2014; PyTorch's proj_size.
/// </remarks>
/// <param name="weights">W and b with the gates i, f, g, o: WeightIh is [4·cellSize, inputSize], WeightHh [4·cellSize, projectionSize].</param>
/// <param name="projection">W_hr, [projectionSize, cellSize].</param>
/// <exception cref="ArgumentException">The weights do not fit one another.</exception>
public sealed class ProjectedLstmCell(CellWeights weights, Matrix<double> projection) : RecurrentCell(weights, gates: 4, cellSize: projection.ColumnCount)
{
    /// <summary>W_hr, [projectionSize, cellSize].</summary>
    public Matrix<double> Projection { get; } = projection.RowCount == weights.HiddenSize
        ? projection
        : throw new ArgumentException($"ProjectedLstmCell: projection must have {weights.HiddenSize} rows, as many as WeightHh has columns, but has {projection.RowCount}.", nameof(projection));

    /// <summary>The gradient of <see cref="Projection"/>, summed like <see cref="RecurrentCell.Gradients"/>.</summary>
    public Matrix<double> ProjectionGradient { get; } = Matrix<double>.Build.Dense(projection.RowCount, projection.ColumnCount);

    /// <inheritdoc/>
    public override IReadOnlyList<CellParameter> MoreParameters => [new("projection", Projection, ProjectionGradient)];

    /// <inheritdoc/>
    public override CellState Start => new(Vector<double>.Build.Dense(Weights.HiddenSize), Vector<double>.Build.Dense(CellSize));

    /// <inheritdoc/>
    public override LstmStep Forward(Vector<double> x, CellState state)
    {
        Check(x, state);
        var (W_ih, W_hh, b_ih, b_hh) = Weights;
        var (h, c) = (state.Hidden, state.Cell!);

        var a = W_ih * x + b_ih + W_hh * h + b_hh;
        var i = Sigmoid(a.Gate(0, c.Count));
        var f = Sigmoid(a.Gate(1, c.Count));
        var g = Tanh(a.Gate(2, c.Count));
        var o = Sigmoid(a.Gate(3, c.Count));

        var cNext = f.Times(c) + i.Times(g);
        var hNext = Projection * o.Times(Tanh(cNext));

        return new(state, new(hNext, cNext), x, i, f, g, o);
    }

    /// <inheritdoc/>
    public override (Vector<double> DX, CellState DBefore) Backward(CellStep step, CellState dAfter)
    {
        var (before, after, x, i, f, g, o) = (LstmStep)step;
        var (h, c, tanhC) = (before.Hidden, before.Cell!, Tanh(after.Cell!));
        var (W_ih, W_hh, _, _) = Weights;

        var dShown = Projection.TransposeThisAndMultiply(dAfter.Hidden);
        var dC = dAfter.Cell! + dShown.Times(o).ThroughTanh(tanhC);

        var dA = Stack(
            dC.Times(g).ThroughSigmoid(i),
            dC.Times(c).ThroughSigmoid(f),
            dC.Times(i).ThroughTanh(g),
            dShown.Times(tanhC).ThroughSigmoid(o));

        Gradients.WeightIh.Accumulate(dA.OuterProduct(x));
        Gradients.WeightHh.Accumulate(dA.OuterProduct(h));
        Gradients.BiasIh.Accumulate(dA);
        Gradients.BiasHh.Accumulate(dA);
        ProjectionGradient.Accumulate(dAfter.Hidden.OuterProduct(o.Times(tanhC)));
        return (W_ih.TransposeThisAndMultiply(dA), new(W_hh.TransposeThisAndMultiply(dA), dC.Times(f)));
    }

    /// <inheritdoc/>
    public override void ClearGradients()
    {
        base.ClearGradients();
        ProjectionGradient.Clear();
    }
}

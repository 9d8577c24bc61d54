using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>The arrays of a depth gate, or their gradients.</summary>
/// <param name="WeightIh">W_d, [hiddenSize, inputSize].</param>
/// <param name="Bias">b_d, [hiddenSize].</param>
/// <param name="FromCell">w_c, [hiddenSize].</param>
/// <param name="FromBelow">w_b, [hiddenSize].</param>
public sealed record DepthGateWeights(Matrix<double> WeightIh, Vector<double> Bias, Vector<double> FromCell, Vector<double> FromBelow)
{
    internal DepthGateWeights ZerosLike() => new(
        Matrix<double>.Build.Dense(WeightIh.RowCount, WeightIh.ColumnCount),
        Vector<double>.Build.Dense(Bias.Count),
        Vector<double>.Build.Dense(FromCell.Count),
        Vector<double>.Build.Dense(FromBelow.Count));
}

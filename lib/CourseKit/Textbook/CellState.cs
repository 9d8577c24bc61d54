using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>What a cell hands to its next step, or the gradient of that.</summary>
/// <param name="Hidden">h, [hiddenSize].</param>
/// <param name="Cell">c, [hiddenSize], of an LSTM; null in the other cells.</param>
public sealed record CellState(Vector<double> Hidden, Vector<double>? Cell = null);

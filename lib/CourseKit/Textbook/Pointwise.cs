using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>Functions number by number, under the names that the formulas use.</summary>
internal static class Pointwise
{
    /// <summary>a∘b.</summary>
    public static Vector<double> Times(this Vector<double> a, Vector<double> b) => a.PointwiseMultiply(b);

    /// <summary>1/(1 + e^−x).</summary>
    public static Vector<double> Sigmoid(Vector<double> x) => x.Map(SpecialFunctions.Logistic);

    public static Vector<double> Tanh(Vector<double> x) => x.PointwiseTanh();

    public static Vector<double> Relu(Vector<double> x) => x.PointwiseMaximum(0.0);

    /// <summary>dA of y = σ(a): dY∘y∘(1 − y).</summary>
    public static Vector<double> ThroughSigmoid(this Vector<double> dY, Vector<double> y) => dY.Times(y).Times(1 - y);

    /// <summary>dA of y = tanh(a): dY∘(1 − y²).</summary>
    public static Vector<double> ThroughTanh(this Vector<double> dY, Vector<double> y) => dY.Times(1 - y.Times(y));

    /// <summary>dA of y = max(0, a): dY where y is above 0.</summary>
    public static Vector<double> ThroughRelu(this Vector<double> dY, Vector<double> y) => dY.Times(y.Map(value => value > 0 ? 1.0 : 0));

    /// <summary>The part of a that belongs to one gate: hiddenSize numbers.</summary>
    public static Vector<double> Gate(this Vector<double> a, int gate, int hiddenSize) => a.SubVector(gate * hiddenSize, hiddenSize);

    /// <summary>Gates below one another.</summary>
    public static Vector<double> Stack(params Vector<double>[] gates) => Vector<double>.Build.DenseOfEnumerable(gates.SelectMany(gate => gate));

    public static void Accumulate(this Matrix<double> sum, Matrix<double> part) => sum.Add(part, sum);

    public static void Accumulate(this Vector<double> sum, Vector<double> part) => sum.Add(part, sum);
}

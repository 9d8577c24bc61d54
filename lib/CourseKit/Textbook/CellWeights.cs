using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>The four arrays of a recurrent cell, or their gradients. The gates lie below one another: LSTM i, f, g, o; GRU r, z, n; simplified GRU z, n; minimal gated unit f, n.</summary>
/// <param name="WeightIh">Input to gates, [gates·hiddenSize, inputSize].</param>
/// <param name="WeightHh">Hidden state to gates, [gates·hiddenSize, hiddenSize].</param>
/// <param name="BiasIh">Beside the input's product, [gates·hiddenSize].</param>
/// <param name="BiasHh">Beside the hidden state's product, [gates·hiddenSize].</param>
public sealed record CellWeights(Matrix<double> WeightIh, Matrix<double> WeightHh, Vector<double> BiasIh, Vector<double> BiasHh)
{
    /// <summary>Numbers in x.</summary>
    public int InputSize => WeightIh.ColumnCount;

    /// <summary>Numbers in the hidden state.</summary>
    public int HiddenSize => WeightHh.ColumnCount;

    /// <summary>All zeros.</summary>
    /// <param name="inputSize">Numbers in x, at least 1.</param>
    /// <param name="hiddenSize">Numbers in the hidden state, at least 1.</param>
    /// <param name="gates">1 for SimpleRnnCell, 4 for LstmCell, 3 for GruCell, 2 for SimplifiedGruCell and MinimalGatedUnitCell.</param>
    public static CellWeights Zeros(int inputSize, int hiddenSize, int gates) => new(
        Matrix<double>.Build.Dense(gates * hiddenSize, inputSize),
        Matrix<double>.Build.Dense(gates * hiddenSize, hiddenSize),
        Vector<double>.Build.Dense(gates * hiddenSize),
        Vector<double>.Build.Dense(gates * hiddenSize));

    /// <summary>Numbers drawn evenly between −1/√hiddenSize and 1/√hiddenSize, PyTorch's start.</summary>
    /// <param name="inputSize">Numbers in x, at least 1.</param>
    /// <param name="hiddenSize">Numbers in the hidden state, at least 1.</param>
    /// <param name="gates">1 for SimpleRnnCell, 4 for LstmCell, 3 for GruCell, 2 for SimplifiedGruCell and MinimalGatedUnitCell.</param>
    /// <param name="seed">The same seed gives the same numbers.</param>
    public static CellWeights Random(int inputSize, int hiddenSize, int gates, int seed)
    {
        var random = new Random(seed);
        var bound = 1 / Math.Sqrt(hiddenSize);
        double Draw(double _) => bound * (2 * random.NextDouble() - 1);

        const MathNet.Numerics.LinearAlgebra.Zeros Everywhere = MathNet.Numerics.LinearAlgebra.Zeros.Include;
        var zeros = Zeros(inputSize, hiddenSize, gates);
        return new(
            zeros.WeightIh.Map(Draw, Everywhere), zeros.WeightHh.Map(Draw, Everywhere),
            zeros.BiasIh.Map(Draw, Everywhere), zeros.BiasHh.Map(Draw, Everywhere));
    }

    /// <summary>Zeros of the same shapes.</summary>
    internal CellWeights ZerosLike() => new(
        Matrix<double>.Build.Dense(WeightIh.RowCount, WeightIh.ColumnCount),
        Matrix<double>.Build.Dense(WeightHh.RowCount, WeightHh.ColumnCount),
        Vector<double>.Build.Dense(BiasIh.Count),
        Vector<double>.Build.Dense(BiasHh.Count));
}

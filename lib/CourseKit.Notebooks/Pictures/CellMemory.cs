using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>How much of the first cell state is left in later ones.</summary>
internal static class CellMemory
{
    /// <summary>‖∂c_k/∂c_0‖ / √hiddenSize for k = 1 to the number of inputs, with the forget gates' biases set; Frobenius' norm.</summary>
    /// <param name="cell">Its weights and gradients are as before afterwards.</param>
    /// <param name="x">The inputs.</param>
    /// <param name="bias">The sum of each forget gate's two biases.</param>
    public static double[] Measure(Textbook.LstmCell cell, Vector<double>[] x, double bias)
    {
        var size = cell.Weights.HiddenSize;
        var (biasIh, biasHh) = (cell.Weights.BiasIh, cell.Weights.BiasHh);
        var (first, second) = (biasIh.SubVector(size, size), biasHh.SubVector(size, size));
        var gradients = Copy(cell.Gradients);
        try
        {
            biasIh.SetSubVector(size, size, Vector<double>.Build.Dense(size, bias));
            biasHh.SetSubVector(size, size, Vector<double>.Build.Dense(size));

            // d(h, c)_k / dc_0 = J_k ··· J_1, with the Jacobian of each step from its backward pass, row by row.
            var product = Matrix<double>.Build.Dense(2 * size, size, (i, j) => i == size + j ? 1 : 0);
            var norms = new List<double>();
            foreach (var step in Sequence.Forward(cell, x))
            {
                product = Jacobian(cell, step, size) * product;
                norms.Add(product.SubMatrix(size, size, 0, size).FrobeniusNorm() / Math.Sqrt(size));
            }

            return [.. norms];
        }
        finally
        {
            biasIh.SetSubVector(size, size, first);
            biasHh.SetSubVector(size, size, second);
            gradients.WeightIh.CopyTo(cell.Gradients.WeightIh);
            gradients.WeightHh.CopyTo(cell.Gradients.WeightHh);
            gradients.BiasIh.CopyTo(cell.Gradients.BiasIh);
            gradients.BiasHh.CopyTo(cell.Gradients.BiasHh);
        }
    }

    private static Matrix<double> Jacobian(Textbook.LstmCell cell, CellStep step, int size)
    {
        var rows = Matrix<double>.Build.Dense(2 * size, 2 * size);
        for (var k = 0; k < 2 * size; k++)
        {
            var one = Vector<double>.Build.Dense(2 * size, i => i == k ? 1 : 0);
            var before = cell.Backward(step, new CellState(one.SubVector(0, size), one.SubVector(size, size))).DBefore;
            rows.SetRow(k, [.. before.Hidden, .. before.Cell!]);
        }

        return rows;
    }

    private static CellWeights Copy(CellWeights weights) => new(weights.WeightIh.Clone(), weights.WeightHh.Clone(), weights.BiasIh.Clone(), weights.BiasHh.Clone());
}

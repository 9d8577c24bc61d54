using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Tests.Textbook;

/// <summary>The variants of the LSTM cell with random weights, and all arrays that have a gradient under the names of the operation's.</summary>
internal sealed record LstmVariantCells(RecurrentCell Cell, int XSize, int StateSize, int CellSize, IReadOnlyDictionary<string, (double[] Values, Action<double[]> Set, Func<double[]> Gradient)> Arrays)
{
    public static IEnumerable<string> Kinds => ["peephole", "coupled", "projection", "depth", "norm"];

    public static LstmVariantCells Make(string kind, int inputSize, int cellSize, int seed)
    {
        var random = new Random(seed);
        // Numbers that float32 holds exactly, so that the operation sees the same.
        Vector<double> V(int length) => Vector<double>.Build.Dense(length, _ => (float)((2 * random.NextDouble()) - 1));
        Matrix<double> M(int rows, int columns) => Matrix<double>.Build.Dense(rows, columns, (_, _) => (float)((2 * random.NextDouble()) - 1));
        var stateSize = kind == "projection" ? Math.Max(1, cellSize - 2) : cellSize;
        var rows = (kind == "coupled" ? 3 : 4) * cellSize;
        var weights = new CellWeights(M(rows, inputSize), M(rows, stateSize), V(rows), V(rows));
        var arrays = new Dictionary<string, (double[], Action<double[]>, Func<double[]>)>();
        void AddVector(string name, Vector<double> v, Func<Vector<double>> gradient) =>
            arrays[name] = (v.ToArray(), values => v.SetValues(values), () => gradient().ToArray());
        void AddMatrix(string name, Matrix<double> m, Func<Matrix<double>> gradient) =>
            arrays[name] = (m.ToRowMajorArray(), values => m.SetSubMatrix(0, 0, Matrix<double>.Build.Dense(m.RowCount, m.ColumnCount, (i, j) => values[(i * m.ColumnCount) + j])), () => gradient().ToRowMajorArray());

        RecurrentCell cell;
        switch (kind)
        {
            case "peephole":
                var peephole = new PeepholeLstmCell(weights, V(3 * cellSize));
                AddVector("peephole", peephole.Peephole, () => peephole.PeepholeGradient);
                cell = peephole;
                break;
            case "projection":
                var projected = new ProjectedLstmCell(weights, M(stateSize, cellSize));
                AddMatrix("projection", projected.Projection, () => projected.ProjectionGradient);
                cell = projected;
                break;
            case "depth":
                var depth = new DepthGatedLstmCell(weights, new(M(cellSize, inputSize), V(cellSize), V(cellSize), V(cellSize)));
                AddMatrix("depthWeightIh", depth.Depth.WeightIh, () => depth.DepthGradients.WeightIh);
                AddVector("depthBias", depth.Depth.Bias, () => depth.DepthGradients.Bias);
                AddVector("depthFromCell", depth.Depth.FromCell, () => depth.DepthGradients.FromCell);
                AddVector("depthFromBelow", depth.Depth.FromBelow, () => depth.DepthGradients.FromBelow);
                cell = depth;
                break;
            case "norm":
                var norm = new LayerNormLstmCell(weights, new(V(rows), V(rows), V(cellSize), V(cellSize)));
                AddVector("gainIh", norm.Gains.GainIh, () => norm.GainGradients.GainIh);
                AddVector("gainHh", norm.Gains.GainHh, () => norm.GainGradients.GainHh);
                AddVector("gainCell", norm.Gains.GainCell, () => norm.GainGradients.GainCell);
                AddVector("biasCell", norm.Gains.BiasCell, () => norm.GainGradients.BiasCell);
                cell = norm;
                break;
            default:
                cell = new CoupledLstmCell(weights);
                break;
        }

        AddMatrix("weightIh", weights.WeightIh, () => cell.Gradients.WeightIh);
        AddMatrix("weightHh", weights.WeightHh, () => cell.Gradients.WeightHh);
        AddVector("biasIh", weights.BiasIh, () => cell.Gradients.BiasIh);
        AddVector("biasHh", weights.BiasHh, () => cell.Gradients.BiasHh);
        return new(cell, inputSize + (kind == "depth" ? cellSize : 0), stateSize, cellSize, arrays);
    }
}

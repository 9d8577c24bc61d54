using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>Holds one gate of a cell at a value, whatever the cell reads, while something runs: its weights become 0 and its bias what is given.</summary>
internal static class HeldGate
{
    /// <summary>Runs a cell over a sequence with gates held; its weights are as before afterwards.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="held">Which rows of the weights, gate·hiddenSize + neuron, are held at which bias.</param>
    /// <param name="work">What runs meanwhile.</param>
    public static T Run<T>(RecurrentCell cell, IReadOnlyList<(int Row, double Bias)> held, Func<T> work)
    {
        var (weightIh, weightHh, biasIh, biasHh) = cell.Weights;
        var kept = held.Select(gate => (gate.Row, FromX: weightIh.Row(gate.Row), FromH: weightHh.Row(gate.Row), BiasIh: biasIh[gate.Row], BiasHh: biasHh[gate.Row])).ToList();
        try
        {
            foreach (var (row, bias) in held)
                Set(row, Vector<double>.Build.Dense(weightIh.ColumnCount), Vector<double>.Build.Dense(weightHh.ColumnCount), bias, 0);
            return work();
        }
        finally
        {
            foreach (var (row, fromX, fromH, first, second) in kept)
                Set(row, fromX, fromH, first, second);
        }

        void Set(int row, Vector<double> fromX, Vector<double> fromH, double first, double second)
        {
            weightIh.SetRow(row, fromX);
            weightHh.SetRow(row, fromH);
            (biasIh[row], biasHh[row]) = (first, second);
        }
    }

    /// <summary>The bias at which a gate that reads nothing else has this value.</summary>
    public static double BiasOf(double value) => Math.Log(value / (1 - value));
}

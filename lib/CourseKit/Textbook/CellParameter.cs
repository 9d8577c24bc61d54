using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>An array that a cell learns beside W and b, with its gradient: peepholes, a projection.</summary>
public sealed class CellParameter
{
    private readonly Func<int, double> _value, _gradient;
    private readonly Action<int, double> _set;

    /// <summary>A matrix.</summary>
    /// <param name="name">What to call it: "projection".</param>
    /// <param name="value">The numbers, as the cell reads them.</param>
    /// <param name="gradient">What Backward has added up, of the same shape.</param>
    public CellParameter(string name, Matrix<double> value, Matrix<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(gradient);
        var columns = value.ColumnCount;
        (Name, Shape) = (name, [value.RowCount, columns]);
        (_value, _gradient) = (i => value[i / columns, i % columns], i => gradient[i / columns, i % columns]);
        _set = (i, number) => value[i / columns, i % columns] = number;
    }

    /// <summary>A vector.</summary>
    /// <param name="name">What to call it: "peephole".</param>
    /// <param name="value">The numbers, as the cell reads them.</param>
    /// <param name="gradient">What Backward has added up, as long.</param>
    public CellParameter(string name, Vector<double> value, Vector<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(gradient);
        (Name, Shape) = (name, [value.Count]);
        (_value, _gradient) = (i => value[i], i => gradient[i]);
        _set = (i, number) => value[i] = number;
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    internal int[] Shape { get; }

    internal double[] Values => Numbers(_value);

    internal double[] Gradient => Numbers(_gradient);

    internal void Set(int i, double number) => _set(i, number);

    private double[] Numbers(Func<int, double> at) => [.. Enumerable.Range(0, Shape.Aggregate(1, (a, b) => a * b)).Select(at)];
}

using System.Numerics;
using CourseKit.Layers;
using CourseKit.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Inspection;

/// <summary>What one gate's recurrent matrix W_hh does to a state when it is applied again and again.</summary>
/// <param name="Gate">The gate whose rows these are: "f"; "h" for a simple network.</param>
/// <param name="SpectralRadius">max |λ|. Below 1 the linear part forgets, above 1 it grows.</param>
/// <param name="SingularValues">σ, from the largest on: the largest is the most that one application can stretch a state.</param>
/// <param name="Eigenvalues">λ, in no order.</param>
/// <remarks>Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013: for gradients to explode in a tanh network, the largest singular value must be above 1.</remarks>
public sealed record RecurrentSpectrum(string Gate, double SpectralRadius, IReadOnlyList<double> SingularValues, IReadOnlyList<Complex> Eigenvalues)
{
    /// <summary>The spectra of a layer's recurrent matrices.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Which of its stacked layers, from 0. Default: 0.</param>
    /// <param name="reverse">The direction from last to first. Default: false.</param>
    /// <returns>One for each gate, in stored order.</returns>
    /// <exception cref="ArgumentException">The layer has a projection, so that its matrices are not square; or a weight is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or direction.</exception>
    public static IReadOnlyList<RecurrentSpectrum> Of(RecurrentLayer layer, int index = 0, bool reverse = false)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var weight = layer.WeightHh(index, reverse);
        string[] names = (weight.Shape[0] / layer.HiddenSize, layer) switch
        {
            (1, _) => ["h"],
            (2, MinimalGatedUnit) => ["f", "n"],
            (2, _) => ["z", "n"],
            (3, Gru) => ["r", "z", "n"],
            (3, _) => ["i", "g", "o"],
            _ => ["i", "f", "g", "o"],
        };
        return Of(weight, names);
    }

    /// <summary>The spectra of the square matrices that lie below one another in a weight.</summary>
    /// <param name="weightHh">[gates*hiddenSize, hiddenSize].</param>
    /// <param name="gates">What to call them, in order.</param>
    /// <returns>One for each gate.</returns>
    /// <exception cref="ArgumentException">The weight does not hold so many square matrices, or a number is not finite.</exception>
    public static IReadOnlyList<RecurrentSpectrum> Of(Tensor weightHh, params string[] gates)
    {
        ArgumentNullException.ThrowIfNull(weightHh);
        ArgumentNullException.ThrowIfNull(gates);
        if (weightHh.Shape.Rank != 2 || gates.Length == 0 || weightHh.Shape[0] != gates.Length * weightHh.Shape[1])
            throw new ArgumentException($"RecurrentSpectrum: weightHh must be {gates.Length} square matrices below one another, but is {weightHh.Shape}. With a projection they are not square.", nameof(weightHh));
        var (values, size) = (weightHh.ToArray(), weightHh.Shape[1]);
        if (Array.FindIndex(values, value => !float.IsFinite(value)) is >= 0 and var bad)
            throw new ArgumentException($"RecurrentSpectrum: weightHh[{weightHh.Shape.IndicesAt(bad)}] is {FormattableString.Invariant($"{values[bad]}")}, so there is no spectrum.", nameof(weightHh));
        return [.. gates.Select((gate, k) => Of(gate, Matrix<double>.Build.Dense(size, size, (row, column) => values[(((k * size) + row) * size) + column])))];
    }

    /// <summary>The gate, the radius and the largest singular value: "f: spectral radius 0.93, largest singular value 1.2".</summary>
    public override string ToString() => FormattableString.Invariant($"{Gate}: spectral radius {SpectralRadius:G3}, largest singular value {SingularValues[0]:G3}");

    private static RecurrentSpectrum Of(string gate, Matrix<double> matrix)
    {
        var eigenvalues = matrix.Evd().EigenValues.ToArray();
        return new RecurrentSpectrum(gate, eigenvalues.Max(value => value.Magnitude), matrix.Svd(computeVectors: false).S.ToArray(), eigenvalues);
    }
}

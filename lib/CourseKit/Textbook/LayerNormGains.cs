using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>The gains and the shift of a layer-normalised LSTM, or their gradients.</summary>
/// <param name="GainIh">Of W_ih·x, [4·hiddenSize]; BiasIh is its shift.</param>
/// <param name="GainHh">Of W_hh·h, [4·hiddenSize]; BiasHh is its shift.</param>
/// <param name="GainCell">Of c', [hiddenSize].</param>
/// <param name="BiasCell">The shift of c', [hiddenSize].</param>
public sealed record LayerNormGains(Vector<double> GainIh, Vector<double> GainHh, Vector<double> GainCell, Vector<double> BiasCell)
{
    internal LayerNormGains ZerosLike() => new(
        Vector<double>.Build.Dense(GainIh.Count),
        Vector<double>.Build.Dense(GainHh.Count),
        Vector<double>.Build.Dense(GainCell.Count),
        Vector<double>.Build.Dense(BiasCell.Count));
}

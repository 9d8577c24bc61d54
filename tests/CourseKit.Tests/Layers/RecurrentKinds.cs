using CourseKit.Backends;
using CourseKit.Layers;

namespace CourseKit.Tests.Layers;

/// <summary>Every recurrent layer and form of it, for tests of what holds for all.</summary>
public static class RecurrentKinds
{
    public static TheoryData<string> Names =>
    [
        "rnn", "rnn relu", "lstm", "lstm peephole", "lstm coupled", "lstm projected", "lstm norm", "lstm all", "depth-gated", "depth-gated plain",
        "gru", "gru before", "simplified gru", "minimal",
    ];

    /// <summary>
    /// What float32 keeps, relative to 1: 1e-5. Layer normalisation divides by √(variance + 1e-5), and the product of a state near 0 has a variance near 0, so it
    /// multiplies rounding by up to 316.
    /// </summary>
    public static double Tolerance(string kind) => kind is "lstm norm" or "lstm all" ? 2e-4 : 1e-5;

    public static RecurrentLayer Make(string kind, int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool sequences = true) => kind switch
    {
        "rnn" => new SimpleRnn(inputSize, hiddenSize, layers, Activation.Tanh, bidirectional, sequences),
        "rnn relu" => new SimpleRnn(inputSize, hiddenSize, layers, Activation.Relu, bidirectional, sequences),
        "lstm" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences),
        "lstm peephole" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences, peephole: true),
        "lstm coupled" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences, coupled: true),
        "lstm projected" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences, projectionSize: 2),
        "lstm norm" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences, layerNorm: true),
        "lstm all" => new Lstm(inputSize, hiddenSize, layers, bidirectional, sequences, projectionSize: 2, peephole: true, coupled: true, layerNorm: true),
        "depth-gated" => new DepthGatedLstm(inputSize, hiddenSize, layers, bidirectional, sequences),
        "depth-gated plain" => new DepthGatedLstm(inputSize, hiddenSize, layers, bidirectional, sequences, peephole: false),
        "gru" => new Gru(inputSize, hiddenSize, layers, true, bidirectional, sequences),
        "gru before" => new Gru(inputSize, hiddenSize, layers, false, bidirectional, sequences),
        "simplified gru" => new SimplifiedGru(inputSize, hiddenSize, layers, bidirectional, sequences),
        "minimal" => new MinimalGatedUnit(inputSize, hiddenSize, layers, bidirectional, sequences),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}

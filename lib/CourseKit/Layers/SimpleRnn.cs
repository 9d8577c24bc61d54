using CourseKit.Autograd;
using CourseKit.Backends;

namespace CourseKit.Layers;

/// <summary>The simple recurrent network over whole sequences.</summary>
/// <remarks>
/// h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh), f tanh or relu. Elman, 1990. Known elsewhere as nn.RNN, keras.layers.SimpleRNN
/// (which has one bias, the sum of both here).
/// </remarks>
public sealed class SimpleRnn : RecurrentLayer
{
    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="RecurrentLayer.Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Neurons a layer and direction, at least 1.</param>
    /// <param name="layers">How many layers are stacked, at least 1. Default: 1.</param>
    /// <param name="activation">f: Tanh (the default) or Relu.</param>
    /// <param name="bidirectional">Whether a second set of weights runs from last to first. Default: false.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final state alone. Default: true.</param>
    /// <param name="merge">What is made of the two directions. Default: Concat.</param>
    /// <exception cref="ArgumentException">merge is given, but there is one direction.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or activation is neither Tanh nor Relu.</exception>
    public SimpleRnn(int inputSize, int hiddenSize, int layers = 1, Activation activation = Activation.Tanh, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat)
        : base(new(1, inputSize, hiddenSize, layers, bidirectional, returnSequences, merge))
    {
        Ops.RequireRnnActivation(activation, nameof(SimpleRnn));
        Activation = activation;
    }

    /// <summary>f: Tanh or Relu. PyTorch: nonlinearity.</summary>
    public Activation Activation { get; }

    /// <summary>A SimpleRnn that starts by remembering all: relu, recurrent weights the identity, small input weights, biases 0.</summary>
    /// <inheritdoc cref="SimpleRnn(int, int, int, Activation, bool, bool, BidirectionalMerge)" path="/param"/>
    /// <inheritdoc cref="SimpleRnn(int, int, int, Activation, bool, bool, BidirectionalMerge)" path="/exception"/>
    /// <remarks>IRNN: Le, Jaitly and Hinton, A Simple Way to Initialize Recurrent Networks of Rectified Linear Units, 2015.</remarks>
    public static SimpleRnn Irnn(int inputSize, int hiddenSize, int layers = 1, bool bidirectional = false, bool returnSequences = true,
        BidirectionalMerge merge = BidirectionalMerge.Concat) =>
        new(inputSize, hiddenSize, layers, Activation.Relu, bidirectional, returnSequences, merge) { Initialization = RecurrentInitialization.Irnn };

    private protected override string Configuration => Activation == Activation.Tanh ? "" : $", activation: {Activation}";

    private protected override RecurrentResult Run(in RecurrentPass pass)
    {
        var (output, hidden) = Ops.SimpleRnn(pass.X, pass.Hidden, pass.Weights, Activation, pass.Reverse, pass.Options);
        return new(output, hidden);
    }
}

using CourseKit.Layers;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <content>Gradients through time: how they are computed, how they fade or grow, and what that makes of the loss.</content>
public static partial class Picture
{
    /// <summary>
    /// Backpropagation through time, one step after another: the network unrolled with the values of the forward pass, and below each value its gradient as soon as the slider has
    /// come to it, the last time step first. Under the graph stand the equation of the step with its numbers, and the gradients of the weights as they add up.
    /// </summary>
    /// <param name="cell">The recurrent cell, with at most 3 inputs and 3 neurons. Its own gradients stay as they are.</param>
    /// <param name="weightHy">The read-out's weights, [outputSize, hiddenSize], outputSize at most 3.</param>
    /// <param name="biasY">The read-out's biases, [outputSize].</param>
    /// <param name="x">One input a time step, each [inputSize]; 1 to 4 time steps. The state before them is 0.</param>
    /// <param name="targets">What each output should be, [outputSize]; null for a time step without a loss, as all but the last where only the final output counts.</param>
    /// <returns>A slider with one picture for the forward pass and four for each time step.</returns>
    /// <exception cref="ArgumentException">Sizes do not fit or are too large, there are too many time steps, not one target for each of them, or no target at all.</exception>
    /// <remarks>
    /// y_t = W_hy·h_t + b_y; L = Σ_t ½‖y_t − target_t‖²; ∂L/∂h_t = W_hyᵀ·∂L/∂y_t + W_hhᵀ·∂L/∂a_{t+1}. Werbos, Backpropagation Through Time: What It Does and How to Do It, 1990.
    /// </remarks>
    public static Drawing BackwardSteps(SimpleRnnCell cell, Matrix<double> weightHy, Vector<double> biasY, IEnumerable<Vector<double>> x, IEnumerable<Vector<double>?> targets)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(weightHy);
        ArgumentNullException.ThrowIfNull(biasY);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(targets);
        var pass = new BackwardPass(cell, weightHy, biasY, [.. x], [.. targets]);
        BackwardFrame[] frames = [.. Enumerable.Range(0, BackwardFrame.Count(pass)).Select(moment => new BackwardFrame(pass, moment))];
        return new SliderDrawing("backward step", [.. frames.Select(frame => frame.Name)], k => frames[k]);
    }

    /// <summary>
    /// How a gradient's length changes on its way back through time, for one spectral radius after another: beside the recurrent matrix' eigenvalues the gain over k time steps, of the
    /// matrix alone, with tanh, and with relu.
    /// </summary>
    /// <param name="weightHh">The recurrent matrix, [hiddenSize, hiddenSize]; it is scaled to each spectral radius, which must not be 0.</param>
    /// <param name="radii">The slider's places, each above 0; null for 0.5 to 1.3.</param>
    /// <param name="steps">How many time steps back, 1 to 200. Default: 50.</param>
    /// <param name="input">The standard deviation of what the input adds to each neuron at each time step, at least 0: the larger, the more tanh saturates. Default: 0.1.</param>
    /// <param name="seed">What the input is drawn from.</param>
    /// <returns>A slider with one picture for each radius, all with the same axes.</returns>
    /// <exception cref="ArgumentException">The matrix is not square, not finite, or its spectral radius is 0; or a radius is not above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">steps or input is outside its range.</exception>
    /// <remarks>
    /// The gain is ‖J‖_F/√hiddenSize, J = Π_t diag(f'(a_t))·W_hh: the root of the mean square over all directions of the gradient. For an orthogonal matrix and no f it is exactly ρ^k.
    /// Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013.
    /// </remarks>
    public static Drawing SpectralRadius(Matrix<double> weightHh, IEnumerable<double>? radii = null, int steps = 50, double input = 0.1, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(weightHh);
        var gains = new GradientGains(weightHh, [.. radii ?? Enumerable.Range(0, 17).Select(k => Math.Round(0.5 + 0.05 * k, 2))], steps, input, seed);
        return new SliderDrawing("spectral radius", [.. gains.Radii.Select(SliderDrawing.Text)], k => new GradientGainsFrame(gains, k));
    }

    /// <summary>How a gradient's length changes on its way back through a layer's first recurrent matrix. See the other overload.</summary>
    /// <param name="layer">The layer; its weights, not its activation, are taken.</param>
    /// <param name="radii">The slider's places, each above 0; null for 0.5 to 1.3.</param>
    /// <param name="steps">How many time steps back, 1 to 200. Default: 50.</param>
    /// <param name="input">The standard deviation of what the input adds to each neuron at each time step, at least 0. Default: 0.1.</param>
    /// <param name="seed">What the input is drawn from.</param>
    /// <returns>A slider with one picture for each radius, all with the same axes.</returns>
    /// <exception cref="ArgumentException">The matrix is not finite, or its spectral radius is 0; or a radius is not above 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">steps or input is outside its range.</exception>
    public static Drawing SpectralRadius(SimpleRnn layer, IEnumerable<double>? radii = null, int steps = 50, double input = 0.1, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var (values, size) = (layer.WeightHh().ToArray(), layer.HiddenSize);
        return SpectralRadius(Matrix<double>.Build.Dense(size, size, (row, column) => values[(row * size) + column]), radii, steps, input, seed);
    }

    /// <summary>
    /// The loss of a network over two of its parameters, and on it two descents from the same place, update by update: plain gradient descent, and the same with clipped gradients.
    /// Where the loss has a cliff, the plain one is thrown far away.
    /// </summary>
    /// <param name="network">From the two parameters to the loss, which is at least 0, and its gradient.</param>
    /// <param name="first">What the picture shows of the first parameter, from left to right.</param>
    /// <param name="second">What it shows of the second, from bottom to top.</param>
    /// <param name="start">Where both descents start, inside the picture.</param>
    /// <param name="learningRate">Of both, above 0.</param>
    /// <param name="clipNorm">The greatest length of the second one's gradient, above 0.</param>
    /// <param name="updates">How many updates, 1 to 60. Default: 16.</param>
    /// <param name="firstName">What the first parameter is called. Default: "w".</param>
    /// <param name="secondName">What the second parameter is called. Default: "b".</param>
    /// <returns>A slider with one picture before the first update and one after each.</returns>
    /// <exception cref="ArgumentException">A range is empty, the start lies outside the picture, or the loss is nowhere a finite number.</exception>
    /// <exception cref="ArgumentOutOfRangeException">learningRate, clipNorm or updates is outside its range.</exception>
    /// <remarks>Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013, figure 6.</remarks>
    public static Drawing LossCliff(
        Func<double, double, (double Loss, double DFirst, double DSecond)> network, (double From, double To) first, (double From, double To) second, (double First, double Second) start,
        double learningRate, double clipNorm, int updates = 16, string firstName = "w", string secondName = "b")
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(firstName);
        ArgumentNullException.ThrowIfNull(secondName);
        var surface = new LossSurface(network, first, second, start, learningRate, clipNorm, updates) { FirstName = firstName, SecondName = secondName };
        return new SliderDrawing("updates", [.. Enumerable.Range(0, updates + 1).Select(update => Num.Whole(update))], update => new LossSurfaceFrame(surface, update));
    }
}

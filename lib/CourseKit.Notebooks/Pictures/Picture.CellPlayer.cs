using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <content>A recurrent cell at work.</content>
public static partial class Picture
{
    /// <summary>
    /// A simple recurrent network at work, to be stepped through or played: in four moments of every time step the numbers on all wires, from the input and the delay
    /// through the products, the sum and the squashing to the new state, the output, and back into the delay. Under it the states so far, which is the network unrolled.
    /// </summary>
    /// <param name="model">A <see cref="SimpleRnn"/> of one layer and direction, and after it at most a <see cref="Linear"/>. Of long vectors the first 6 numbers are drawn.</param>
    /// <param name="x">One sequence, [1, time, inputSize] or [time, inputSize]; the first 12 time steps are drawn. The state starts at zeros.</param>
    /// <param name="labels">What the inputs are called, one for every time step; null for x₁, x₂, ...</param>
    /// <exception cref="ArgumentException">The model is another one, there is no time step, or not one label for every time step.</exception>
    /// <exception cref="ShapeException">x is not one sequence of the model's inputs.</exception>
    /// <remarks>h_t = tanh(W·x_t + b + U·h_{t-1} + b): W is weightIh, U weightHh. The wiring is Glassner's, Deep Learning: From Basics to Practice, 2018.</remarks>
    public static Drawing CellPlayer(Model model, Tensor x, IEnumerable<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        if (model.Layers is not [SimpleRnn { Layers: 1, Bidirectional: false } rnn, ..] || model.Layers is not ([_] or [_, Linear]))
            throw new ArgumentException($"Picture.CellPlayer: the model must be a SimpleRnn of one layer and one direction, and after it at most a Linear, but is {string.Join(", ", model.Layers)}. Build a model of these layers alone.", nameof(model));
        var sizes = x.Shape.Sizes;
        if (sizes.Length < 2 || sizes[..^2].IndexOfAnyExcept(1) >= 0 || sizes[^1] != rnn.InputSize)
            throw new ShapeException($"Picture.CellPlayer: x must be one sequence, [1, time, {Num.Whole(rnn.InputSize)}], but got {x.Shape}. Take one example of the batch.");
        var cell = new SimpleRnnCell(
            new(MatrixOf(rnn.WeightIh()), MatrixOf(rnn.WeightHh()), VectorOf(rnn.BiasIh()), VectorOf(rnn.BiasHh())), rnn.Activation == Backends.Activation.Relu);
        var readOut = model.Layers is [_, Linear linear] ? (MatrixOf(linear.Weight), linear.Bias is null ? null : VectorOf(linear.Bias)) : ((Matrix<double>, Vector<double>?)?)null;
        var inputs = x.ToArray().Chunk(rnn.InputSize).Select(step => Vector<double>.Build.Dense(Array.ConvertAll(step, value => (double)value)));
        return CellPlayer(new CellPlay(cell, [.. inputs], readOut, labels?.ToArray()));
    }

    /// <summary>A textbook cell at work, to be stepped through or played, as of a model.</summary>
    /// <param name="cell">The cell. Of long vectors the first 6 numbers are drawn.</param>
    /// <param name="x">One input a time step, each [inputSize]; the first 12 are drawn. The state starts at zeros.</param>
    /// <param name="labels">What the inputs are called, one for every time step; null for x₁, x₂, ...</param>
    /// <exception cref="ArgumentException">There is no time step, an input has another length than the weights, or there is not one label for every time step.</exception>
    public static Drawing CellPlayer(SimpleRnnCell cell, IEnumerable<Vector<double>> x, IEnumerable<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(x);
        return CellPlayer(new CellPlay(cell, [.. x], readOut: null, labels?.ToArray()));
    }

    private static DialsDrawing CellPlayer(CellPlay play)
    {
        var scale = new ColorScale(-play.Most, play.Most, Diverging: true);
        var moments = CellPlayerDrawing.Moments.Length;
        string[] places = [.. Enumerable.Range(1, Math.Min(play.Steps.Count, CellPlayerDrawing.MostSteps)).SelectMany(t => CellPlayerDrawing.Moments.Select(moment => $"{Num.Whole(t)} {moment}"))];
        // It starts where the first step is done, which is worth seeing where scripts are off.
        return new DialsDrawing("Recurrent cell", [new("step", places, moments - 1)], setting => new CellPlayerDrawing(play, scale, setting[0] / moments, setting[0] % moments), plays: true);
    }

    private static Matrix<double> MatrixOf(Tensor tensor) =>
        Matrix<double>.Build.Dense(tensor.Shape[0], tensor.Shape[1], (row, column) => tensor[row, column]);

    private static Vector<double> VectorOf(Tensor tensor) => Vector<double>.Build.Dense(Array.ConvertAll(tensor.ToArray(), value => (double)value));
}

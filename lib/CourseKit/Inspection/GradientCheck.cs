using CourseKit.Autograd;
using CourseKit.Backends.Reference;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>
/// Holds a gradient to finite differences in float64: of any computation with tensors, of a layer, of a cell with its own Backward, or of a pair of functions.
/// </summary>
/// <remarks>
/// ∂L/∂x_i is compared with (−L(x + 2h) + 8L(x + h) − 8L(x − h) + L(x − 2h))/12h, h = 1e-3, one number after the other. L = Σ_k w_k·y_k with fixed weights
/// w drawn from ±1, so that no mistake in one result hides behind another. Tensors move to <see cref="Float64Backend"/> meanwhile, and are as before afterwards.
/// Known elsewhere as torch.autograd.gradcheck.
/// </remarks>
public static partial class GradientCheck
{
    /// <summary>The largest relative difference that passes.</summary>
    public const double Tolerance = 1e-6;

    /// <summary>Checks the gradients of a computation's inputs.</summary>
    /// <param name="computation">
    /// Computes the same from the same inputs whenever it is called, as a lambda. Tensors that it makes and those that it refers to, such as targets and
    /// masks, are in float64 meanwhile, and dropout draws the same mask every time.
    /// </param>
    /// <param name="inputs">What to check, tensors made by hand; any shape.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">There is no input, or the computation reads a tensor that it does not refer to itself, such as a static one.</exception>
    /// <exception cref="InvalidOperationException">No result depends on an input, or a step is running.</exception>
    public static GradientCheckResult Of(Func<Tensor> computation, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(computation);
        return Of(() => [computation()], inputs);
    }

    /// <summary>Checks the gradients of a computation's inputs through all its results.</summary>
    /// <param name="computation">As in the other overload; a result may have any shape.</param>
    /// <param name="inputs">What to check, tensors made by hand; any shape.</param>
    /// <param name="what">What to call the computation in the result; null for "GradientCheck".</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">There is no input, or the computation reads a tensor that it does not refer to itself, such as a static one.</exception>
    /// <exception cref="InvalidOperationException">No result depends on an input, or a step is running.</exception>
    public static GradientCheckResult Of(Func<IReadOnlyList<Tensor>> computation, IReadOnlyList<Tensor> inputs, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(inputs);
        return Of(what ?? nameof(GradientCheck), computation, [.. inputs.Select((tensor, i) => new Parameter(tensor.Name ?? (inputs.Count == 1 ? "input" : $"input {i}"), tensor))]);
    }

    /// <summary>Checks the gradients of parameters, as of a whole model: <c>GradientCheck.Of(() => Loss.CrossEntropy(model.Forward(ids).Output, targets), model.Parameters)</c>.</summary>
    /// <param name="computation">As in the other overload; the result may have any shape.</param>
    /// <param name="parameters">What to check, under these names.</param>
    /// <param name="what">What to call the computation in the result; null for "GradientCheck".</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentException">There is no parameter, or the computation reads a tensor that it does not refer to itself, such as a static one.</exception>
    /// <exception cref="InvalidOperationException">The result depends on no parameter, or a step is running.</exception>
    public static GradientCheckResult Of(Func<Tensor> computation, IReadOnlyList<Parameter> parameters, string? what = null)
    {
        ArgumentNullException.ThrowIfNull(computation);
        ArgumentNullException.ThrowIfNull(parameters);
        return Of(what ?? nameof(GradientCheck), () => [computation()], parameters);
    }

    /// <summary>Checks the gradients of a layer's parameters and of its input.</summary>
    /// <param name="layer">The layer; dropout draws the same mask every time.</param>
    /// <param name="x">What the layer takes.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ShapeException">The layer does not take x.</exception>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    public static GradientCheckResult Of(FeedForwardLayer layer, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Of(layer.ToString(), () => [layer.Forward(x)], [new("x", x), .. layer.Parameters]);
    }

    /// <summary>Checks the gradients of an embedding's table.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ids">What the layer takes, [batch, time].</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    public static GradientCheckResult Of(Embedding layer, IntTensor ids)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return Of(layer.ToString(), () => [layer.Forward(ids)], layer.Parameters);
    }

    /// <summary>Checks the gradients of a sequence layer's parameters, input and first state, through its output and its final state.</summary>
    /// <param name="layer">One of the library's, or your own <see cref="RecurrentCellLayer"/>; dropout draws the same mask every time.</param>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="state">The state before the first step; null for zeros, which are then not checked.</param>
    /// <param name="mask">[batch, time] of 1 and 0; null for all 1.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="ShapeException">The layer does not take x, the state or the mask.</exception>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    public static GradientCheckResult Of(SequenceLayer layer, Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var hidden = state?.Hidden.Select((h, i) => new Parameter($"hidden[{i}]", h)) ?? [];
        var cell = state?.Cell?.Select((c, i) => new Parameter($"cell[{i}]", c)) ?? [];
        return Of(layer.ToString(), () =>
        {
            var (output, final) = layer.Forward(x, state, mask);
            return [output, .. final.Hidden, .. final.Cell ?? []];
        }, [new("x", x), .. hidden, .. cell, .. layer.Parameters]);
    }

    private static GradientCheckResult Of(string what, Func<IReadOnlyList<Tensor>> computation, IReadOnlyList<Parameter> inputs)
    {
        if (inputs.Count == 0)
            throw new ArgumentException($"{what}: there must be at least one input to check, but got none.");
        var (backend, captured, giveBack) = (new Float64Backend(), new Captured(computation), new List<Action>());
        var states = captured.Sources.Select(source => (source, source.State)).ToList();
        try
        {
            foreach (var tensor in inputs.Select(input => input.Tensor).Concat(captured.Tensors).Distinct())
                giveBack.Add(tensor.Lend(backend));
            foreach (var (_, tensor) in inputs)
                tensor.RequiresGradient = true;
            return Tensor.MakeOn(backend, () => Compare(what, FromTheSameRandomness, inputs));
        }
        catch (ArgumentException error) when (error.ParamName == "storage")
        {
            throw new ArgumentException($"{what}: the computation reads a tensor that it does not refer to itself. Put it into a local variable that the computation uses, or make it inside.", error);
        }
        finally
        {
            foreach (var back in giveBack)
                back();
            Rewind();
        }

        IReadOnlyList<Tensor> FromTheSameRandomness()
        {
            Rewind();
            return computation();
        }

        void Rewind()
        {
            foreach (var (source, state) in states)
                source.State = state;
        }
    }

    private static GradientCheckResult Compare(string what, Func<IReadOnlyList<Tensor>> computation, IReadOnlyList<Parameter> inputs)
    {
        Tape.Step(() =>
        {
            var results = computation();
            var loss = Tensor.Zeros();
            for (var i = 0; i < results.Count; i++)
                loss += Ops.Sum(results[i] * Tensor.From(Weights(results[i].Length, i), results[i].Shape));
            loss.Backward();
        });

        var numbers = inputs.Select(input => new CheckedNumbers(
            input.Name,
            input.Tensor.Shape.Sizes.ToArray(),
            Doubles(input.Tensor),
            (i, value) => Float64Backend.Write([value], input.Tensor.Data, i),
            input.Tensor.Gradient is { } gradient ? Doubles(gradient) : new double[input.Tensor.Length])).ToList();
        return new GradientCheckResult(what, [.. numbers.Select(number => number.Compare(Loss, Tolerance))], Tolerance);

        double Loss() => Tape.Step(() =>
        {
            var (sum, i) = (0.0, 0);
            foreach (var result in computation())
                sum += Doubles(result).Zip(Weights(result.Length, i++), (y, w) => y * w).Sum();
            return sum;
        });
    }

    // Fixed weights of one result in the loss, from ±1.
    private static float[] Weights(int length, int result)
    {
        var weights = new float[length];
        new RandomSource(1000 + result).FillUniform(weights, -1, 1);
        return weights;
    }

    private static double[] Doubles(Tensor tensor)
    {
        var values = new double[tensor.Length];
        Float64Backend.Read(tensor.Data, 0, values);
        return values;
    }
}

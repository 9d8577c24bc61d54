using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>A simple network with a read-out over a short sequence, forward and backward, with every gradient on the way kept.</summary>
/// <remarks>a_t = W_ih·x_t + W_hh·h_{t−1} + b, h_t = f(a_t), y_t = W_hy·h_t + b_y, L = Σ_t ½‖y_t − target_t‖². All steps are the cell's own.</remarks>
internal sealed class BackwardPass
{
    /// <summary>How many time steps have room.</summary>
    public const int MostSteps = 4;

    /// <summary>How many numbers of a vector have room.</summary>
    public const int MostNumbers = 3;

    public BackwardPass(SimpleRnnCell cell, Matrix<double> weightHy, Vector<double> biasY, Vector<double>[] x, Vector<double>?[] targets)
    {
        Require(cell, weightHy, biasY, x, targets);
        (IsRelu, Start) = (cell.Relu, cell.Start.Hidden);
        var (weightIh, weightHh, biasIh, biasHh) = cell.Weights;
        var steps = Sequence.Forward(cell, x);
        // A cell of its own, so that the gradients of the one that was given stay as they are.
        var own = new SimpleRnnCell(cell.Weights, cell.Relu);

        Times = new BackwardTime[x.Length];
        var fromNext = Start;
        for (var t = x.Length - 1; t >= 0; t--)
        {
            var step = steps[t];
            var output = (weightHy * step.Hidden) + biasY;
            var dOutput = targets[t] is { } target ? output - target : 0 * output;
            var fromOutput = weightHy.TransposeThisAndMultiply(dOutput);
            own.ClearGradients();
            var (dInput, dBefore) = own.Backward(step, new(fromOutput + fromNext));
            Times[t] = new()
            {
                Input = x[t],
                Before = step.Before.Hidden,
                Sum = (weightIh * x[t]) + biasIh + (weightHh * step.Before.Hidden) + biasHh,
                Hidden = step.Hidden,
                Output = output,
                Target = targets[t],
                DOutput = dOutput,
                FromOutput = fromOutput,
                FromNext = t == x.Length - 1 ? null : fromNext,
                DHidden = fromOutput + fromNext,
                DSum = own.Gradients.BiasHh,
                DInput = dInput,
                DWeightIh = own.Gradients.WeightIh,
                DWeightHh = own.Gradients.WeightHh,
                DWeightHy = dOutput.OuterProduct(step.Hidden),
            };
            fromNext = dBefore.Hidden;
        }
    }

    /// <summary>Whether f is max(0, ·) in place of tanh.</summary>
    public bool IsRelu { get; }

    /// <summary>h_0, zeros.</summary>
    public Vector<double> Start { get; }

    /// <summary>The time steps, in order.</summary>
    public BackwardTime[] Times { get; }

    /// <summary>The loss of the whole sequence.</summary>
    public double Loss => Times.Sum(time => time.Loss);

    /// <summary>The slope of f at each number of a time step's sum.</summary>
    public Vector<double> Slope(BackwardTime time) => IsRelu ? time.Hidden.Map(h => h > 0 ? 1.0 : 0) : 1 - time.Hidden.PointwiseMultiply(time.Hidden);

    private static void Require(SimpleRnnCell cell, Matrix<double> weightHy, Vector<double> biasY, Vector<double>[] x, Vector<double>?[] targets)
    {
        const string Who = "Picture.BackwardSteps";
        var (inputs, hidden, outputs) = (cell.Weights.InputSize, cell.Weights.HiddenSize, weightHy.RowCount);
        if (x.Length is 0 or > MostSteps)
            throw new ArgumentException($"{Who}: x must have 1 to {MostSteps} time steps, but has {Num.Whole(x.Length)}. Take the first few: every further one goes the same way.", nameof(x));
        if (inputs > MostNumbers || hidden > MostNumbers || outputs > MostNumbers)
            throw new ArgumentException($"{Who}: input, state and output may have {MostNumbers} numbers each, but have {Num.Whole(inputs)}, {Num.Whole(hidden)} and {Num.Whole(outputs)}. Take a smaller network.", nameof(cell));
        if (weightHy.ColumnCount != hidden || biasY.Count != outputs)
            throw new ArgumentException(
                $"{Who}: weightHy must be [outputSize, {Num.Whole(hidden)}] and biasY [outputSize], but got [{Num.Whole(outputs)}, {Num.Whole(weightHy.ColumnCount)}] and [{Num.Whole(biasY.Count)}].", nameof(weightHy));
        if (targets.Length != x.Length)
            throw new ArgumentException($"{Who}: targets must be one for each of the {Num.Whole(x.Length)} time steps, but there are {Num.Whole(targets.Length)}. Give null where a time step has no loss.", nameof(targets));
        if (targets.FirstOrDefault(target => target is not null && target.Count != outputs) is { } bad)
            throw new ArgumentException($"{Who}: a target must have {Num.Whole(outputs)} numbers as the output, but one has {Num.Whole(bad.Count)}.", nameof(targets));
        if (targets.All(target => target is null))
            throw new ArgumentException($"{Who}: at least one time step must have a target, but none has. Without a loss there is no gradient.", nameof(targets));
    }
}

/// <summary>One time step of a <see cref="BackwardPass"/>: its values, and the loss's gradient for each.</summary>
internal sealed record BackwardTime
{
    /// <summary>x_t.</summary>
    public required Vector<double> Input { get; init; }

    /// <summary>h_{t−1}.</summary>
    public required Vector<double> Before { get; init; }

    /// <summary>a_t.</summary>
    public required Vector<double> Sum { get; init; }

    /// <summary>h_t.</summary>
    public required Vector<double> Hidden { get; init; }

    /// <summary>y_t.</summary>
    public required Vector<double> Output { get; init; }

    /// <summary>What y_t should be; null where the time step has no loss.</summary>
    public required Vector<double>? Target { get; init; }

    /// <summary>∂L/∂y_t.</summary>
    public required Vector<double> DOutput { get; init; }

    /// <summary>What comes to h_t from its own output.</summary>
    public required Vector<double> FromOutput { get; init; }

    /// <summary>What comes to h_t from the next time step; null at the last one.</summary>
    public required Vector<double>? FromNext { get; init; }

    /// <summary>∂L/∂h_t.</summary>
    public required Vector<double> DHidden { get; init; }

    /// <summary>∂L/∂a_t, which is also this time step's share in ∂L/∂b.</summary>
    public required Vector<double> DSum { get; init; }

    /// <summary>∂L/∂x_t.</summary>
    public required Vector<double> DInput { get; init; }

    /// <summary>This time step's share in ∂L/∂W_ih.</summary>
    public required Matrix<double> DWeightIh { get; init; }

    /// <summary>This time step's share in ∂L/∂W_hh.</summary>
    public required Matrix<double> DWeightHh { get; init; }

    /// <summary>This time step's share in ∂L/∂W_hy.</summary>
    public required Matrix<double> DWeightHy { get; init; }

    /// <summary>This time step's loss.</summary>
    public double Loss => Target is null ? 0 : DOutput * DOutput / 2;
}

using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Changes parameters by their gradients. What it remembers of each parameter belongs to the tensor, so use one optimizer for one training run.</summary>
/// <remarks>Known elsewhere as torch.optim.Optimizer, keras.optimizers.Optimizer.</remarks>
public abstract class Optimizer
{
    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>The size of a step, above 0; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not above 0 and finite.</exception>
    public double LearningRate
    {
        get;
        set => field = RequireInside(value, value > 0 && double.IsFinite(value), nameof(LearningRate), "above 0");
    }

    /// <summary>Updates every parameter that has a gradient, and passes over the others.</summary>
    /// <param name="parameters">What to update, in place.</param>
    public void Step(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (var (_, tensor) in parameters)
        {
            if (tensor.Gradient is { } gradient)
                Update(tensor, gradient);
        }
    }

    /// <summary>The kind with its configuration: "Adam(0.001)".</summary>
    public override string ToString() => FormattableString.Invariant($"{GetType().Name}({LearningRate})");

    /// <summary>Updates one parameter in place.</summary>
    private protected abstract void Update(Tensor weight, Tensor gradient);

    /// <summary>Holds a constructor's number to its range.</summary>
    private protected double RequireInside(double value, bool inside, string name, string range) => inside
        ? value
        : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{GetType().Name}: {name} must be {range}, but got {value}."));
}

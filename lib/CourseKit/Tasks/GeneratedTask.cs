using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>A task whose examples are drawn, so that there are as many as training needs and none comes twice: batches to give to a model, and what is reached without memory.</summary>
public abstract class GeneratedTask
{
    /// <summary>Numbers a time step of the inputs.</summary>
    public abstract int InputSize { get; }

    /// <summary>Numbers that the model must give: one a class, or as many as values are asked for.</summary>
    public abstract int OutputSize { get; }

    /// <summary>The mean loss of the best that can be done without reading the inputs; a model that stays there has learned nothing from them.</summary>
    public abstract double BaselineLoss { get; }

    /// <summary>Draws a batch of new examples.</summary>
    /// <param name="batchSize">How many examples, at least 1.</param>
    /// <param name="random">Where they are drawn from.</param>
    /// <returns>Features [batch, time, InputSize], and targets as the task says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">batchSize is below 1.</exception>
    public Batch Take(int batchSize, RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        RequirePositive(batchSize, nameof(batchSize), nameof(Take));
        return Draw(batchSize, random);
    }

    /// <summary>Batches of new examples. Whoever enumerates them again gets the same ones, so that a training that was stopped can go on.</summary>
    /// <param name="batchSize">Examples a batch, at least 1.</param>
    /// <param name="seed">The same seed gives the same batches; use another one for the data that measures the result.</param>
    /// <param name="count">How many batches, at least 1; null for no end, so that <c>FitOptions.Steps</c> says when to stop. Default: null.</param>
    /// <returns>Each as <see cref="Take"/> says.</returns>
    /// <exception cref="ArgumentOutOfRangeException">batchSize or count is below 1.</exception>
    public IEnumerable<Batch> Batches(int batchSize, long seed, int? count = null)
    {
        RequirePositive(batchSize, nameof(batchSize), nameof(Batches));
        RequirePositive(count ?? 1, nameof(count), nameof(Batches));
        return Drawn();

        IEnumerable<Batch> Drawn()
        {
            var random = new RandomSource(seed);
            for (var batch = 0; batch != count; batch++)
                yield return Draw(batchSize, random);
        }
    }

    private protected abstract Batch Draw(int batchSize, RandomSource random);

    private void RequirePositive(int value, string name, string method)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, $"{GetType().Name}.{method}: {name} must be at least 1, but got {value}.");
    }
}

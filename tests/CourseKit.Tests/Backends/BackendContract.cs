using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

/// <summary>What every backend must do, number by number. A backend's test class inherits it and says how to make one.</summary>
public abstract partial class BackendContract
{
    private readonly Random random = new(20240607);
    private IBackend? made;

    protected IBackend Backend => made ??= Create();

    protected abstract IBackend Create();

    protected Storage Of(IReadOnlyList<double> values)
    {
        var storage = Backend.Rent(values.Count);
        Backend.Write(values.Select(v => (float)v).ToArray(), storage, 0);
        return storage;
    }

    protected Storage? OfOptional(IReadOnlyList<double>? values) => values is null ? null : Of(values);

    protected float[] Numbers(Storage storage)
    {
        var values = new float[storage.Length];
        Backend.Read(storage, 0, values);
        return values;
    }

    /// <summary>Numbers that float32 holds exactly, so that the oracle sees the same input.</summary>
    protected internal double[] Draw(int count, double scale = 1) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)(((random.NextDouble() * 2) - 1) * scale))];

    protected static void Close(IReadOnlyList<double> expected, float[] actual, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Count, actual.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            var allowed = tolerance * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"number {i}: expected {expected[i]:R}, but got {actual[i]:R}");
        }
    }
}

namespace CourseKit.Benchmarks;

/// <summary>
/// A peer on one case, in each setting of threads that may be its best. All are tried once; those that are not far behind the fastest go on, and the best of them counts,
/// because what is best may change with what else the machine does. One that ends early is left out, and said so.
/// </summary>
internal sealed class PeerRunners : IDisposable
{
    /// <summary>How many times slower than the fastest a setting may be in the trial to go on.</summary>
    private const double Near = 1.5;

    private readonly BenchCase _case;
    private readonly string _what;
    private readonly List<Runner> _runners = [];

    /// <summary>Starts and tries the settings.</summary>
    /// <param name="one">The case.</param>
    /// <param name="what">By what they are compared: step, recurrent or generate.</param>
    /// <param name="settings">Each starts a runner; null for no peer.</param>
    /// <param name="seconds">For how long each is tried.</param>
    public PeerRunners(BenchCase one, string what, IEnumerable<Func<Runner>>? settings, double seconds)
    {
        (_case, _what) = (one, what);
        foreach (var start in settings ?? [])
            Try(() => _runners.Add(start()));
        Measure(what, seconds);
        if (Best is not { } best)
            return;
        foreach (var runner in _runners.Where(runner => Slowness(runner) > Near * Slowness(best)).ToList())
            Drop(runner);
        _runners.ForEach(runner => runner.Forget(what));
    }

    /// <summary>The fastest so far; null when there is none.</summary>
    public Runner? Best => _runners.MinBy(Slowness);

    /// <summary>Measures every setting that is left.</summary>
    public void Measure(string what, double seconds = 0)
    {
        foreach (var runner in _runners.ToList())
        {
            if (!Try(() => runner.Measure(what, seconds)))
                Drop(runner);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _runners.ForEach(runner => runner.Dispose());

    private double Slowness(Runner runner) => _what == "generate" ? 1 / runner.Median(_what) ?? double.MaxValue : runner.Median(_what) ?? double.MaxValue;

    private void Drop(Runner runner)
    {
        _runners.Remove(runner);
        runner.Dispose();
    }

    private bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (RunnerException e) when (!Bench.IsStopped)
        {
            Console.Error.WriteLine($"bench: {_case.Name}: {e.Message}; it is left out");
            return false;
        }
    }
}

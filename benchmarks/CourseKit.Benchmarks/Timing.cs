using System.Diagnostics;

namespace CourseKit.Benchmarks;

/// <summary>How long a call takes.</summary>
internal static class Timing
{
    /// <summary>Calls it until the runtime has compiled it for good, which takes 30 calls and some time: twice the seconds and 40 calls, but at most eight times the seconds.</summary>
    public static void WarmUp(Action call, double seconds)
    {
        var (start, calls) = (Stopwatch.GetTimestamp(), 0);
        TimeSpan elapsed;
        do
        {
            call();
            calls++;
            elapsed = Stopwatch.GetElapsedTime(start);
        }
        while (calls < 2 || elapsed.TotalSeconds < 2 * seconds || (calls < 40 && elapsed.TotalSeconds < 8 * seconds));
    }

    /// <summary>The median of at least three calls, and as many as the seconds allow, in ms.</summary>
    public static double MedianMs(Action call, double seconds)
    {
        var (begin, times) = (Stopwatch.GetTimestamp(), new List<double>());
        while (times.Count < 3 || Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds)
        {
            var start = Stopwatch.GetTimestamp();
            call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return Median(times);
    }

    /// <summary>The middle one, of an even number the upper of the two.</summary>
    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted[sorted.Length / 2];
    }
}

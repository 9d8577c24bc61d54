using System.Diagnostics;

namespace CourseKit.Benchmarks;

/// <summary>`first CASE`: the first training steps of a fresh process beside later ones, which shows what compilation costs.</summary>
internal static class FirstStepsReport
{
    internal static void Print(string name)
    {
        var model = new KitModel(BenchCase.Find(name));
        var times = new List<double>();
        for (var i = 0; i < 400; i++)
        {
            var start = Stopwatch.GetTimestamp();
            model.Step();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{name}, ms: first step {times[0]:F1}; medians of steps 2 to 10 {Timing.Median(times[1..10]):F2}, 11 to 30 {Timing.Median(times[10..30]):F2}, 101 to 400 {Timing.Median(times[100..]):F2}"));
    }
}

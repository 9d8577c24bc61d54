using System.Numerics;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Training;
using Xunit.Abstractions;

namespace CourseKit.Tests.Training;

/// <summary>A step of training leaves nothing behind. Measures memory, so nothing else may run meanwhile.</summary>
[Collection(nameof(TrainingMemoryTests))]
[CollectionDefinition(nameof(TrainingMemoryTests), DisableParallelization = true)]
public class TrainingMemoryTests(ITestOutputHelper output)
{
    private const int WarmUp = 200;

    [Fact]
    public void Fit_500Steps_LeavesTheHeapAsItWas() => Measure(steps: 500);

    [Fact]
    [Trait("Category", "Long")]
    public void Fit_10000Steps_LeavesTheHeapAsItWas() => Measure(steps: 10_000);

    private void Measure(int steps)
    {
        var model = new Model(1, new Embedding(65, 32), new Dropout(0.1f), new Lstm(32, 32, layers: 2), new Linear(32, 65));
        var data = new TokenStream([.. Enumerable.Range(0, 4000).Select(i => i * i % 101 % 65)], 8, 20);
        var (heap, allocated, collections) = (0L, 0L, 0);
        var options = new FitOptions { Steps = steps + WarmUp, ClipNorm = 5, Schedule = Schedule.Cosine(steps), Progress = null };

        var history = model.Fit(data, options with { OnStep = step => Look(step.Step) });

        // The history is meant to stay: forty bytes a step in a list that doubles.
        heap -= 40L * (BitOperations.RoundUpToPowerOf2((uint)(steps + WarmUp)) - BitOperations.RoundUpToPowerOf2(WarmUp));
        output.WriteLine(FormattableString.Invariant(
            $"{steps} steps: {allocated / steps} bytes allocated a step, {collections * 1000.0 / steps:0.0} gen-0 collections per 1,000 steps, the heap changed by {heap} bytes beside the history"));
        Assert.InRange(heap, long.MinValue, 64 * 1024);
        Assert.InRange(allocated / steps, 0, 9 * 1024);
        Assert.Equal(steps + WarmUp, history.Steps.Count);

        // The first steps fill the pool. Measuring the heap collects, so it comes before the counting and after it.
        void Look(int step)
        {
            if (step == WarmUp)
            {
                heap = -GC.GetTotalMemory(forceFullCollection: true);
                (allocated, collections) = (-GC.GetAllocatedBytesForCurrentThread(), -GC.CollectionCount(0));
            }
            if (step == steps + WarmUp)
            {
                (allocated, collections) = (allocated + GC.GetAllocatedBytesForCurrentThread(), collections + GC.CollectionCount(0));
                heap += GC.GetTotalMemory(forceFullCollection: true);
            }
        }
    }
}

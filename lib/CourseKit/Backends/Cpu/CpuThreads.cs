using System.Diagnostics;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// Persistent threads that run one kernel together, each on its own part. A waiting thread spins for a moment, since the next kernel mostly comes
/// within microseconds, then blocks. The caller works too, as part 0.
/// </summary>
internal sealed unsafe class CpuThreads
{
    private readonly Crew crew;
    private bool started;

    internal CpuThreads(int count)
    {
        Count = count;
        crew = new Crew(count);
    }

    ~CpuThreads() => crew.Stop();

    internal int Count { get; }

    /// <summary>Runs body(kernel, part) for every part at once and returns when all are done.</summary>
    /// <remarks>When another thread is inside already, the caller does the whole work alone as one part, which gives the same bits.</remarks>
    internal void Run(delegate*<void*, Part, void> body, void* kernel, int parts)
    {
        if (parts <= 1 || !Monitor.TryEnter(crew))
        {
            body(kernel, new Part(0, 1, null));
            return;
        }

        try
        {
            if (!started) Start();
            crew.Run(body, kernel, Math.Min(parts, Count));
        }
        finally
        {
            Monitor.Exit(crew);
        }

        GC.KeepAlive(this);
    }

    private void Start()
    {
        // The threads hold the crew and not this object, so that an unused backend is collected and its finalizer ends them.
        for (var i = 1; i < Count; i++)
        {
            var (index, shared) = (i, crew);
            new Thread(() => shared.Work(index)) { IsBackground = true, Name = $"CourseKit CPU {i}" }.Start();
        }

        started = true;
    }

    private sealed class Crew
    {
        private static readonly long SpinTicks = Stopwatch.Frequency / 10_000;
        private const int Line = 16;
        private readonly bool roomy;
        private readonly CpuBarrier barrier;
        private readonly SemaphoreSlim[] wake;
        private readonly int[] asleep;

        // A thread's number of calls so far, each on a cache line of its own.
        private readonly int[] calls;
        private delegate*<void*, Part, void> body;
        private void* kernel;
        private int parts;
        private int unfinished;
        private volatile bool stopped;

        internal Crew(int count)
        {
            roomy = count <= Environment.ProcessorCount;
            barrier = new CpuBarrier(roomy);
            wake = new SemaphoreSlim[count];
            asleep = new int[count];
            calls = new int[count * Line];
            for (var i = 0; i < count; i++) wake[i] = new SemaphoreSlim(0);
        }

        internal void Run(delegate*<void*, Part, void> newBody, void* newKernel, int newParts)
        {
            body = newBody;
            kernel = newKernel;
            parts = newParts;
            barrier.Reset(newParts);
            Volatile.Write(ref unfinished, newParts - 1);
            for (var i = 1; i < newParts; i++) Call(i);
            newBody(newKernel, new Part(0, newParts, barrier));
            for (var spins = 0; Volatile.Read(ref unfinished) != 0; spins++) CpuBarrier.Pause(spins, roomy);
        }

        internal void Stop()
        {
            stopped = true;
            for (var i = 1; i < wake.Length; i++) Call(i);
        }

        internal void Work(int index)
        {
            for (var seen = 0; ;)
            {
                seen = Await(index, seen);
                if (stopped) return;
                body(kernel, new Part(index, parts, barrier));
                Interlocked.Decrement(ref unfinished);
            }
        }

        private void Call(int index)
        {
            Interlocked.Increment(ref calls[index * Line]);
            if (Interlocked.Exchange(ref asleep[index], 0) == 1) wake[index].Release();
        }

        private int Await(int index, int seen)
        {
            var start = Stopwatch.GetTimestamp();
            for (var spins = 0; ; spins++)
            {
                var now = Volatile.Read(ref calls[index * Line]);
                if (now != seen) return now;
                CpuBarrier.Pause(spins, roomy);
                if (roomy ? Stopwatch.GetTimestamp() - start < SpinTicks : spins < 10) continue;
                Interlocked.Exchange(ref asleep[index], 1);
                if (Volatile.Read(ref calls[index * Line]) == seen || Interlocked.Exchange(ref asleep[index], 0) == 0) wake[index].Wait();
            }
        }
    }
}

/// <summary>One thread's share of a kernel.</summary>
/// <param name="Index">Which part, 0..Count-1.</param>
/// <param name="Count">How many parts there are.</param>
/// <param name="Barrier">Where the parts meet; null when there is one.</param>
internal readonly record struct Part(int Index, int Count, CpuBarrier? Barrier)
{
    /// <summary>This part of 0..total-1: neighbouring, disjoint, and together all of it.</summary>
    internal (int From, int To) Of(int total) => ((int)((long)total * Index / Count), (int)((long)total * (Index + 1) / Count));

    /// <summary>Waits until every part has come here; what they wrote before is visible after.</summary>
    internal void Meet() => Barrier?.Meet();
}

/// <summary>A reusable meeting point that spins.</summary>
internal sealed class CpuBarrier(bool roomy)
{
    private int count;
    private int missing;
    private int phase;

    internal void Reset(int parts) => (count, missing) = (parts, parts);

    internal void Meet()
    {
        var now = Volatile.Read(ref phase);
        if (Interlocked.Decrement(ref missing) == 0)
        {
            Volatile.Write(ref missing, count);
            Interlocked.Increment(ref phase);
            return;
        }

        for (var spins = 0; Volatile.Read(ref phase) == now; spins++) Pause(spins, roomy);
    }

    /// <summary>Lets a short moment pass; with fewer cores than threads, or after many, gives the core to whoever waits for it.</summary>
    internal static void Pause(int spins, bool roomy)
    {
        if (roomy && spins % 256 != 255) Thread.SpinWait(1);
        else Thread.Yield();
    }
}

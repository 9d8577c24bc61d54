using ILGPU;

namespace CourseKit.Gpu;

/// <summary>Sums within a group, as a tree over its threads: the same order every time.</summary>
internal static class Sums
{
    /// <summary>The sum of what each thread of the group gives, in all of them. shared: a number a thread, of which there is a power of two.</summary>
    internal static float OfGroup(ArrayView<float> shared, float mine)
    {
        shared[Group.IdxX] = mine;
        Group.Barrier();
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half) shared[Group.IdxX] += shared[Group.IdxX + half];
            Group.Barrier();
        }

        var sum = shared[0];
        Group.Barrier();
        return sum;
    }

    /// <summary>The greatest of what each thread gives; NaN counts for nothing.</summary>
    internal static float GreatestOfGroup(ArrayView<float> shared, float mine)
    {
        shared[Group.IdxX] = mine;
        Group.Barrier();
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
            {
                var (one, other) = (shared[Group.IdxX], shared[Group.IdxX + half]);
                shared[Group.IdxX] = other > one ? other : one;
            }

            Group.Barrier();
        }

        var greatest = shared[0];
        Group.Barrier();
        return greatest;
    }
}

/// <summary>Each group's part of a sum, or of a sum of squares; the program adds the parts. X [N], parts [groups].</summary>
internal struct PartSums : IGrouped
{
    public ArrayView<float> X, Parts;
    public int N, Squared;

    public readonly void Run()
    {
        var shared = SharedMemory.Allocate<float>(GpuDevice.MostThreads);
        var sum = 0f;
        for (var i = Grid.GlobalIndex.X; i < N; i += Grid.DimX * Group.DimX)
            sum += Squared != 0 ? X[i] * X[i] : X[i];
        sum = Sums.OfGroup(shared, sum);
        if (Group.IdxX == 0) Parts[Grid.IdxX] = sum;
    }
}

using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tests.Backends;

public class CpuBackendTests
{
    [Fact]
    public void Return_Twice_Throws()
    {
        var backend = new CpuBackend(1);
        var storage = backend.Rent(3);
        backend.Return(storage);
        var error = Assert.Throws<InvalidOperationException>(() => backend.Return(storage));
        Assert.Equal("CpuBackend: this storage went back to the pool before and cannot be returned twice.", error.Message);
    }

    [Fact]
    public void Read_AfterReturn_Throws()
    {
        var backend = new CpuBackend(1);
        var storage = backend.Rent(3);
        backend.Return(storage);
        var error = Assert.Throws<InvalidOperationException>(() => backend.Fill(storage, 1));
        Assert.Equal("CpuBackend: this storage went back to the pool and cannot be used any more.", error.Message);
    }

    [Fact]
    public void Rent_SameSizeAgain_TakesTheBlockFromThePool()
    {
        var backend = new CpuBackend(1);
        var storage = backend.Rent(1000);
        backend.Fill(storage, 7);
        backend.Return(storage);
        var values = new float[1000];
        backend.Read(backend.Rent(1000), 0, values);
        Assert.All(values, v => Assert.Equal(7, v));
    }

    [Fact]
    public void Pool_EveryLength_FitsItsClass()
    {
        foreach (var length in Enumerable.Range(0, 70_000).Concat([1 << 24, (1 << 24) + 1, (1 << 30) - 1, int.MaxValue - 100]))
        {
            var sizeClass = CpuPool.ClassOf(length, out var capacity);
            Assert.True(capacity >= length, $"{length} does not fit {capacity}");
            Assert.True(capacity <= Math.Max(64, (length * 1.25) + 1), $"{length} wastes {capacity}");
            CpuPool.ClassOf(capacity, out var again);
            Assert.Equal(capacity, again);
            Assert.True(sizeClass >= 0);
        }
    }

    [Fact]
    public void Backend_StorageOfAnother_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => new CpuBackend(1).Fill(new Foreign(), 1));
        Assert.StartsWith("CpuBackend: the storage must come from CpuBackend.Rent, but is a Foreign.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void New_NegativeThreads_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => new CpuBackend(-1));

    private sealed class Foreign() : Storage(1);
}

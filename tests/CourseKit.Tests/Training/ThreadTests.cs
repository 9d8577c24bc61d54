using CourseKit.Backends.Cpu;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>Training gives the same bits on any number of threads. The default backend is one for the process, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(ThreadTests), DisableParallelization = true)]
[Collection(nameof(ThreadTests))]
public sealed class ThreadTests : IDisposable
{
    private readonly CpuBackend before = CpuBackend.Default;
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-threads-").FullName;

    public void Dispose()
    {
        CpuBackend.Default = before;
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(CellKind.Rnn)]
    [InlineData(CellKind.Lstm)]
    [InlineData(CellKind.Gru)]
    public void Train_OneTwoFiveThreads_SavesTheSameBytes(CellKind cell)
    {
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i * i % 97} "));
        byte[] Train(int threads)
        {
            CpuBackend.Default = new CpuBackend(threads);
            var path = Path.Combine(folder, $"{threads}.safetensors");
            CharacterModel.Train(text, new() { Cell = cell, Hidden = 70, Embedding = 33, Layers = 2, Steps = 12, BatchSize = 13, Window = 30, Progress = null }).Model.Save(path);
            return File.ReadAllBytes(path);
        }

        var one = Train(1);

        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(5));
    }
}

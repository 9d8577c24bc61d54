using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Optimizers;
using CourseKit.Training;
using CpuBackend = CourseKit.Backends.Cpu.CpuBackend;

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

    /// <summary>With clipping by value, a schedule, dropout, shuffling, and windows that reach back.</summary>
    [Fact]
    public void Fit_EverythingThatDrawsAndClips_LearnsTheSameBits()
    {
        int[] ids = [.. Enumerable.Range(0, 6000).Select(i => i * i % 101 % 50)];
        float[] Train(int threads)
        {
            CpuBackend.Default = new CpuBackend(threads);
            var model = new Model(2, new Embedding(50, 33), new Dropout(0.2f), new Lstm(33, 70) { RecurrentDropout = 0.1f, CellZoneout = 0.1f }, new Dropout(0.5f), new Gru(70, 40) { HiddenZoneout = 0.1f }, new Linear(40, 50));
            var history = model.Fit(new TokenStream(ids, 13, 30), new()
            {
                Steps = 12,
                ClipValue = 1e-3,
                Optimizer = new Adam(0.01, amsgrad: true),
                Schedule = Schedule.WarmUp(4).Times(Schedule.OnPlateau(0.5, patience: 0)),
                Validation = new TokenStream(ids.AsSpan(0, 900), 3, 40),
                ValidateEvery = 2,
                BackpropagationWindows = 2,
                Progress = null,
            });
            return [.. model.Parameters.SelectMany(parameter => parameter.Tensor.ToArray()), .. history.Steps.Select(step => (float)step.GradientNorm)];
        }

        var one = Train(1);

        Assert.Equal(one, Train(2));
        Assert.Equal(one, Train(5));
    }
}

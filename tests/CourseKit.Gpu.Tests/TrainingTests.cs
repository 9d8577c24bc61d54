using CourseKit.Backends;
using CourseKit.Backends.Cpu;
using CourseKit.Tensors;
using CourseKit.Training;
using Xunit.Abstractions;

namespace CourseKit.Gpu.Tests;

/// <summary>Whole trainings on a device beside the same on the processor.</summary>
public class TrainingTests(ITestOutputHelper output)
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "datasets", "own-text", "own-text.txt"));

    [DeviceTheory("pocl")]
    [InlineData(CellKind.Rnn, true)]
    [InlineData(CellKind.Rnn, false)]
    [InlineData(CellKind.Lstm, true)]
    [InlineData(CellKind.Lstm, false)]
    [InlineData(CellKind.Gru, true)]
    [InlineData(CellKind.Gru, false)]
    public void EveryStep_OfATwoLayerModel_HasTheProcessorsLoss(CellKind cell, bool loops)
    {
        var options = new CharacterTraining { Cell = cell, Hidden = 24, Layers = 2, BatchSize = 6, Window = 12, Steps = 30, Progress = null };
        var (expected, actual) = (Train(CpuBackend.Default, options), Train(Backend(loops), options));
        foreach (var (one, other) in expected.History.Steps.Zip(actual.History.Steps))
        {
            Assert.Equal(one.Loss, other.Loss, 1e-4);
            Assert.Equal(one.GradientNorm, other.GradientNorm, 1e-3 * Math.Max(1, one.GradientNorm));
        }

        Assert.Equal(expected.ValidationNats!.Value, actual.ValidationNats!.Value, 1e-4);
        Assert.True(expected.History.Steps[^1].Loss < expected.History.Steps[0].Loss - 0.1, "nothing was learnt");
    }

    /// <summary>The bound of the library's documentation: 200 steps end within 1e-3 nats.</summary>
    [DeviceFact("pocl")]
    public void CharacterLstm_TwoHundredSteps_EndsWithTheProcessorsLoss()
    {
        var options = new CharacterTraining { Hidden = 64, BatchSize = 16, Window = 25, Steps = 200, Progress = null };
        var (expected, actual) = (Train(CpuBackend.Default, options), Train(Backend(loops: true), options));
        output.WriteLine(FormattableString.Invariant($"validation after 200 steps: {expected.ValidationNats:R} nats on the processor, {actual.ValidationNats:R} on the device"));
        Assert.Equal(expected.ValidationNats!.Value, actual.ValidationNats!.Value, 1e-3);
        Assert.InRange(actual.ValidationNats.Value, 1, 2.9);
    }

    /// <summary>Two runs are the same bits, on the device as on the processor.</summary>
    [DeviceFact("pocl")]
    public void Training_Twice_GivesTheSameBits()
    {
        var options = new CharacterTraining { Hidden = 32, BatchSize = 8, Window = 10, Steps = 10, Progress = null };
        var (first, second) = (Train(Backend(loops: true), options), Train(Backend(loops: true), options));
        foreach (var (one, other) in first.Model.Model.Parameters.Zip(second.Model.Model.Parameters)) Assert.Equal(one.Tensor.ToArray(), other.Tensor.ToArray());
    }

    /// <summary>What was trained on a device goes on, writes and is saved like any model.</summary>
    [DeviceFact("pocl")]
    public void Model_MovedToTheProcessor_WritesTheSameText()
    {
        var backend = Backend(loops: true);
        var model = Train(backend, new CharacterTraining { Hidden = 32, BatchSize = 8, Window = 10, Steps = 20, Progress = null }).Model;
        var text = Tensor.MakeOn(backend, () => model.Sample("the ", 60, temperature: 0));
        model.Model.To(CpuBackend.Default);
        Assert.Equal(model.Sample("the ", 60, temperature: 0), text);
    }

    private static CharacterResult Train(IBackend backend, CharacterTraining options) => Tensor.MakeOn(backend, () => CharacterModel.Train(Text[..20_000], options));

    private static GpuBackend Backend(bool loops)
    {
        var backend = Pocl.NewBackend();
        backend.Loops = loops;
        return backend;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CourseKit.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}

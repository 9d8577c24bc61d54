using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;
using Xunit.Abstractions;

namespace CourseKit.Gpu.Tests;

/// <summary>How often a training step asks the device, waits for it and copies; what docs/gpu.md says of it.</summary>
public class TrafficTests(ITestOutputHelper output)
{
    private static readonly Lazy<GpuBackend> Alone = new(Pocl.NewDevice);

    /// <summary>Small sizes: launches depend on layers and time steps only. A step forward and back is a product and a cell each; the rest does not grow with time.</summary>
    [DeviceTheory("pocl")]
    [InlineData(10)]
    [InlineData(50)]
    public void Step_OfTwoLayers_LaunchesFourTimesALayerAndTimeStep(int steps)
    {
        var traffic = Step(64, 8, 8, 2, 3, steps, loops: false);
        output.WriteLine(traffic.ToString());
        Assert.Equal((4 * 2 * steps) + 49, traffic.Launches);

        // The loss and the gradients' length.
        Assert.Equal(2, traffic.Synchronizations);
        Assert.InRange(traffic.BytesFromDevice, 1, 4 * 1024);
    }

    /// <summary>In one kernel a layer and direction, launches do not depend on time.</summary>
    [DeviceTheory("pocl")]
    [InlineData(10)]
    [InlineData(50)]
    public void Step_InLoops_LaunchesTheSameForAnyTime(int steps)
    {
        var traffic = Step(64, 8, 8, 2, 3, steps, loops: true);
        output.WriteLine(traffic.ToString());
        Assert.Equal(57, traffic.Launches);
    }

    /// <summary>The benchmark's cases in full size. Numbers go to the device once: ids, targets and their weights.</summary>
    [DeviceTheory("pocl")]
    [InlineData("learning_to_execute", 64, 400, 2, 100, 50, 77)]
    [InlineData("ptb_medium", 10000, 650, 2, 20, 35, 55)]
    [Trait("Category", "Long")]
    public void Step_OfACase_CopiesNoMoreThanItsBatch(string name, int vocabulary, int size, int layers, int batch, int steps, double gigaflops)
    {
        var traffic = Step(vocabulary, size, size, layers, batch, steps, loops: null);
        output.WriteLine($"{name}: {traffic}");
        Assert.Equal((4 * layers * steps) + 49, traffic.Launches);
        Assert.Equal(2, traffic.Synchronizations);
        Assert.InRange(traffic.BytesToDevice, 1, 8 * sizeof(int) * batch * steps);
        Assert.InRange(traffic.Flops / 1e9, gigaflops * 0.9, gigaflops * 1.1);
    }

    private static GpuTraffic Step(int vocabulary, int embedding, int hidden, int layers, int batch, int steps, bool? loops)
    {
        var backend = Alone.Value;
        backend.Loops = loops;
        return Tensor.MakeOn(backend, () =>
        {
            // The kernels have the same names.
            var model = new Model(1, new Layers.Embedding(vocabulary, embedding), new Layers.Lstm(embedding, hidden, layers), new Linear(hidden, vocabulary));
            var (adam, random) = (new Optimizers.Adam(1e-3), new RandomSource(1));
            IntTensor Draw() => IntTensor.From(Enumerable.Range(0, batch * steps).Select(_ => random.NextInt(vocabulary)).ToArray(), batch, steps);
            var (ids, targets) = (Draw(), Draw());
            void Once() => Tape.Step(() =>
            {
                Gradients.Zero(model.Parameters);
                var loss = Loss.CrossEntropy(model.Forward(ids).Output, targets);
                loss.Backward();
                Gradients.ClipByGlobalNorm(model.Parameters, 1e9);
                adam.Step(model.Parameters);
            });

            // The first step makes the optimizer's memory.
            Once();
            var before = backend.Traffic;
            Once();
            return backend.Traffic - before;
        });
    }
}

using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>Measures memory, so nothing else may draw on the shared pool meanwhile.</summary>
[Collection(nameof(TapeMemoryTests))]
[CollectionDefinition(nameof(TapeMemoryTests), DisableParallelization = true)]
public class TapeMemoryTests
{
    [Fact]
    public void Step_TrainingLoopAfterWarmUp_AllocatesUnder8KiB()
    {
        var (embedding, lstm, head) = (new Embedding(65, 32), new Lstm(32, 64), new Linear(64, 65));
        Parameter[] parameters = [.. embedding.Parameters, .. lstm.Parameters, .. head.Parameters];
        var ids = IntTensor.From(new int[16 * 25], 16, 25);
        var optimizer = new Adam();
        Func<float> step = () =>
        {
            var (y, _) = lstm.Forward(embedding.Forward(ids));
            var loss = Loss.CrossEntropy(head.Forward(y), ids);
            loss.Backward();
            return loss.Item();
        };
        void TrainStep()
        {
            Gradients.Zero(parameters);
            Tape.Step(step);
            Gradients.ClipByGlobalNorm(parameters, 5);
            optimizer.Step(parameters);
        }

        for (var i = 0; i < 5; i++)
            TrainStep();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            TrainStep();
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 20, 0, 3 * 1024);
    }
}

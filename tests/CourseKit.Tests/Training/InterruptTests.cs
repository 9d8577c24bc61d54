using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

/// <summary>The interrupt is one for the whole process, so nothing else may train meanwhile.</summary>
[CollectionDefinition(nameof(InterruptTests), DisableParallelization = true)]
[Collection(nameof(InterruptTests))]
public sealed class InterruptTests : IDisposable
{
    public void Dispose() => Interrupt.Reset();

    [Fact]
    public void Request_WhileTraining_StopsBeforeTheNextStepAndKeepsTheModel()
    {
        var model = new Model(1, new Linear(2, 1));
        var batch = new Batch(Tensor.Zeros(1, 2), Tensor.From([1f], 1, 1));
        var steps = 0;
        var options = new FitOptions { Progress = null, Steps = 100, OnStep = _ => Stop() };
        void Stop()
        {
            if (++steps == 2)
                Interrupt.Request();
        }

        Assert.Throws<OperationCanceledException>(() => model.Fit([batch], options));
        Assert.Equal(2, steps);
        Assert.Throws<OperationCanceledException>(() => model.Evaluate([batch]));

        Interrupt.Reset();
        Assert.Equal(5, model.Fit([batch], options with { Steps = 5, OnStep = null }).Steps.Count);
    }

    [Fact]
    public void Request_WhileWriting_Stops()
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters("ab"), new() { Hidden = 4 });
        using var text = model.Write("a").GetEnumerator();
        Assert.True(text.MoveNext());

        Interrupt.Request();

        Assert.Throws<OperationCanceledException>(() => text.MoveNext());
    }
}

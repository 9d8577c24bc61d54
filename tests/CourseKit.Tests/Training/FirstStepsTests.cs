using System.Diagnostics;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Training;

[CollectionDefinition(nameof(FirstStepsTests), DisableParallelization = true)]
[Collection(nameof(FirstStepsTests))]
public class FirstStepsTests
{
    // Kernels ask to be compiled for good before their first call. Run it alone: dotnet run coursekit.cs test FirstSteps --long
    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    [Trait("Category", "Long")]
    public void Steps_FromTheSecondOn_RunOptimisedCode(string cell)
    {
        RecurrentLayer recurrent = cell switch { "rnn" => new SimpleRnn(128, 128), "gru" => new Gru(128, 128), _ => new Lstm(128, 128) };
        var model = new Model(1, new Embedding(65, 128), recurrent, new Linear(128, 65));
        var (random, adam) = (new RandomSource(1), new Adam(1e-3));
        IntTensor Draw() => IntTensor.From([.. Enumerable.Range(0, 32 * 50).Select(_ => random.NextInt(65))], 32, 50);
        var (ids, targets) = (Draw(), Draw());
        var times = new List<double>();
        for (var i = 0; i < 400; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Tape.Step(() =>
            {
                Gradients.Zero(model.Parameters);
                Loss.CrossEntropy(model.Forward(ids).Output, targets).Backward();
                Gradients.ClipByGlobalNorm(model.Parameters, 5);
                adam.Step(model.Parameters);
            });
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var (early, late) = (Median(times[1..30]), Median(times[100..]));
        Assert.True(early <= 1.3 * late, $"Steps 2 to 30 take {early:F2} ms, steps 101 to 400 {late:F2} ms.");
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}

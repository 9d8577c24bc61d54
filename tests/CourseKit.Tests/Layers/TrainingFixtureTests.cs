using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Layers;

/// <summary>Five steps of truncated backpropagation through time with carried state, Adam and clipping, against PyTorch.</summary>
public class TrainingFixtureTests
{
    [Theory]
    [InlineData("train_rnn")]
    [InlineData("train_lstm")]
    [InlineData("train_gru")]
    public void FiveSteps_StateCarriedAgainstPyTorch_LossesNormsAndWeightsAgree(string name)
    {
        var fixture = Fixture.Load(name);
        var (vocabularySize, hiddenSize, layers, window) = (fixture.Int("vocabulary"), fixture.Int("hidden"), fixture.Int("layers"), fixture.Int("bptt"));
        var embedding = new Embedding(vocabularySize, hiddenSize);
        RecurrentLayer recurrent = name switch
        {
            "train_lstm" => new Lstm(hiddenSize, hiddenSize, layers),
            "train_gru" => new Gru(hiddenSize, hiddenSize, layers),
            _ => new SimpleRnn(hiddenSize, hiddenSize, layers),
        };
        var decoder = new Linear(hiddenSize, vocabularySize);
        Parameter[] parameters =
        [
            .. embedding.Parameters.Select(p => p with { Name = "embedding." + p.Name }),
            .. recurrent.Parameters.Select(p => p with { Name = "rnn." + p.Name }),
            .. decoder.Parameters.Select(p => p with { Name = "decoder." + p.Name }),
        ];
        foreach (var (key, tensor) in parameters)
            tensor.CopyFrom(fixture.Tensor("start", key).Floats);

        var optimizer = new Adam(0.01);
        RecurrentState? state = null;
        for (var step = 0; step < 5; step++)
        {
            var (ids, targets) = (Window(fixture, step * window), Window(fixture, (step * window) + 1));
            Gradients.Zero(parameters);
            (var loss, state) = Tape.Step(() =>
            {
                var (y, next) = recurrent.Forward(embedding.Forward(ids), state);
                var loss = Loss.CrossEntropy(decoder.Forward(y), targets);
                loss.Backward();
                return (loss.Item(), next.Detach());
            });
            var norm = Gradients.ClipByGlobalNorm(parameters, fixture.Number("clip_norm"));
            optimizer.Step(parameters);

            Assert.Equal(fixture.Numbers("losses")[step], loss, 1e-5);
            Assert.Equal(fixture.Numbers("norms_before_clip")[step], norm, 1e-5);
        }

        foreach (var (key, tensor) in parameters)
            Close.To(fixture.Tensor("end", key), tensor, key);
    }

    private static IntTensor Window(Fixture fixture, int start)
    {
        var (batchSize, window) = (fixture.Int("batch"), fixture.Int("bptt"));
        var ids = new int[batchSize, window];
        for (var t = 0; t < window; t++)
        {
            var column = fixture.Ints("tokens_time_major", start + t);
            for (var b = 0; b < batchSize; b++)
                ids[b, t] = column[b];
        }

        return IntTensor.From(ids);
    }
}

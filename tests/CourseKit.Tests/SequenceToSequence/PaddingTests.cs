using CourseKit.Autograd;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>Sources and targets that differ in length: padding changes no result and no gradient.</summary>
public class PaddingTests
{
    private static readonly (int[] Source, int[] Target)[] Pairs = [([3, 4, 5, 6, 7], [6, 5]), ([6], [4, 3, 3]), ([5, 3, 3], [])];

    public static TheoryData<string> Kinds => EncoderDecoderTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_PaddedBatch_IsEachPairAlone(string kind)
    {
        var model = EncoderDecoderTests.Make(kind);
        var batch = new SequencePairs(Pairs).All();
        var (logits, weights) = model.Forward(batch.Ids!, batch.DecoderIds!, batch.Mask);
        for (var row = 0; row < Pairs.Length; row++)
        {
            var alone = new SequencePairs([Pairs[row]]).All();
            Assert.Null(alone.Mask);
            var (expected, look) = model.Forward(alone.Ids!, alone.DecoderIds!);
            for (var t = 0; t <= Pairs[row].Target.Length; t++)
            {
                for (var token = 0; token < 8; token++)
                    Assert.Equal(expected[0, t, token], logits[row, t, token], 1e-5f);
                for (var s = 0; s < 5 && weights is not null; s++)
                {
                    if (s < Pairs[row].Source.Length)
                        Assert.Equal(look![0, t, s], weights[row, t, s], 1e-5f);
                    else
                        Assert.Equal(0, weights[row, t, s]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Loss_PaddedBatch_HasTheGradientsOfEachPairAlone(string kind)
    {
        var model = EncoderDecoderTests.Make(kind);
        var together = Gradients(() => model.Loss(new SequencePairs(Pairs).All()));
        var apart = Pairs.Select(pair => (Tokens: pair.Target.Length + 1, Gradients: Gradients(() => model.Loss(new SequencePairs([pair]).All())))).ToArray();
        for (var i = 0; i < together.Length; i++)
        {
            for (var j = 0; j < together[i].Length; j++)
                Assert.Equal(apart.Sum(one => (double)one.Gradients[i][j] * one.Tokens) / 8, together[i][j], 1e-5);
        }

        float[][] Gradients(Func<Tensor> loss)
        {
            CourseKit.Optimizers.Gradients.Zero(model.Parameters);
            Tape.Step(() => loss().Backward());
            return [.. model.Parameters.Select(parameter => parameter.Tensor.Gradient!.ToArray())];
        }
    }

    /// <summary>The vector of the padding symbol never enters a state: other numbers in it change no bit, and it learns nothing.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_OtherVectorForPadding_ChangesNoBit(string kind)
    {
        var model = EncoderDecoderTests.Make(kind);
        var batch = new SequencePairs([.. Pairs.Select(pair => (pair.Source, new[] { 4, 4 }))]).All();
        var before = model.Forward(batch.Ids!, batch.DecoderIds!, batch.Mask).Output.ToArray();
        var embedding = model.Parameters[0].Tensor;
        for (var j = 0; j < embedding.Shape.Last; j++)
            embedding[0, j] = 1e6f;
        Assert.Equal(before, model.Forward(batch.Ids!, batch.DecoderIds!, batch.Mask).Output.ToArray());
        Tape.Step(() => model.Loss(batch).Backward());
        for (var j = 0; j < embedding.Shape.Last; j++)
            Assert.Equal(0, embedding.Gradient![0, j]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_SourcesOfDifferentLength_AreWrittenAsAlone(string kind)
    {
        var model = EncoderDecoderTests.Make(kind);
        int[][] sources = [.. Pairs.Select(pair => pair.Source)];
        var (greedy, beams) = (model.Decode(sources, 7).Greedy(), model.Decode(sources, 7).Beam(4, 0.6));
        for (var row = 0; row < sources.Length; row++)
        {
            Assert.Equal(model.Decode(sources[row], 7).Greedy()[0].ToString(), greedy[row].ToString());
            Assert.Equal(model.Decode(sources[row], 7).Beam(4, 0.6)[0].Select(h => h.ToString()), beams[row].Select(h => h.ToString()));
        }
    }
}

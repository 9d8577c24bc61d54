using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.SequenceToSequence;

/// <summary>What sequence-to-sequence says about parts that do not fit and input that is wrong, word for word.</summary>
public class EncoderDecoderErrorTests
{
    private static readonly EncoderDecoder Model = EncoderDecoderTests.Make("additive");

    [Fact]
    public void New_PartsDoNotFit_ThrowsNamingBoth()
    {
        Assert.Equal("EncoderDecoder: the encoder must take the source's vectors of 3 numbers, but is Gru(inputSize: 5, hiddenSize: 4). Make it with inputSize: 3.",
            Message(() => Make(new Gru(5, 4), new Gru(3, 4))));
        Assert.Equal("EncoderDecoder: the decoder must take the target's vectors of 3 numbers, but is Gru(inputSize: 5, hiddenSize: 4). Make it with inputSize: 3.",
            Message(() => Make(new Gru(3, 4), new Gru(5, 4))));
        Assert.Equal("EncoderDecoder: with inputFeeding the decoder must take the target's vectors and its own, 3 + 4 numbers, but is Gru(inputSize: 3, hiddenSize: 4). Make it with inputSize: 7.",
            Message(() => Make(new Gru(3, 4), new Gru(3, 4), inputFeeding: true)));
        Assert.Equal("EncoderDecoder: the decoder must run in one direction, but is Gru(inputSize: 3, hiddenSize: 4, bidirectional: true). It cannot read what it has not written yet.",
            Message(() => Make(new Gru(3, 4), new Gru(3, 4, bidirectional: true))));
        Assert.Equal("EncoderDecoder: the encoder must give every time step out, but is Gru(inputSize: 3, hiddenSize: 4, returnSequences: false). Make it with returnSequences: true.",
            Message(() => Make(new Gru(3, 4, returnSequences: false), new Gru(3, 4))));
        Assert.Equal("EncoderDecoder: the attention's querySize must be the decoder's outputSize, 4, but it is GeneralAttention(querySize: 5, keySize: 4).",
            Message(() => Make(new Gru(3, 4), new Gru(3, 4), new GeneralAttention(5, 4))));
        Assert.Equal("EncoderDecoder: the attention's keySize must be the encoder's outputSize, 8, but it is DotAttention(size: 4). GeneralAttention and AdditiveAttention take different sizes.",
            Message(() => Make(new Gru(3, 4, bidirectional: true), new Gru(3, 4), new DotAttention(4))));
    }

    [Fact]
    public void Forward_WrongInput_ThrowsNamingIt()
    {
        var ids = IntTensor.From(new int[6], 2, 3);
        Assert.Equal("EncoderDecoder: ids must be [batch, sourceSteps], but got [6].", Message(() => Model.Forward(IntTensor.From(new int[6]), ids)));
        Assert.Equal("EncoderDecoder: decoderIds must have the batch of ids, 2, and at least one step, but got [3, 2].", Message(() => Model.Forward(ids, IntTensor.From(new int[6], 3, 2))));
        Assert.Equal("EncoderDecoder: TeacherForcingRatio must be from 0 to 1, but got 1.5.", Message(() => Model.TeacherForcingRatio = 1.5));
        Assert.Equal("Model: encoderdecoder reads two sequences of ids, but the batch has no DecoderIds.",
            Assert.Throws<InvalidOperationException>(() => Model.Evaluate([new Batch(ids, ids)])).Message);
        Assert.Equal("Embedding(vocabularySize: 8, embeddingSize: 3): ids[0, 1] = 8, but the vocabulary has 8 entries (0..7).",
            Message(() => Model.Forward(IntTensor.From([1, 8], 1, 2), IntTensor.From([1], 1, 1))));
    }

    [Fact]
    public void New_WrongPairs_ThrowsNamingThem()
    {
        Assert.Equal("SequencePairs: there must be at least one source, but there is none.", Assert.Throws<DataException>(() => new SequencePairs([])).Message);
        Assert.Equal("SequencePairs: every source must have at least one token, but source 1 is empty. Leave it out.",
            Assert.Throws<DataException>(() => new SequencePairs([([1], [2]), ([], [2])])).Message);
        Assert.Equal("SequencePairs: every source must have at least one token, but source 0 is empty. Leave it out.", Assert.Throws<DataException>(() => Model.Decode(Array.Empty<int>())).Message);
        Assert.StartsWith("SequencePairs.Batches: batchSize must be at least 1, but got 0.", Message(() => new SequencePairs([([1], [2])]).Batches(0)), StringComparison.Ordinal);
    }

    [Fact]
    public void ScheduledSampling_OfAnotherModel_ThrowsSayingSo()
    {
        var plain = new Model(1, new Embedding(5, 3), new Linear(3, 5));
        var batch = new Batch(IntTensor.From([1, 2], 1, 2), IntTensor.From([2, 3], 1, 2));
        var error = Assert.Throws<InvalidOperationException>(() => plain.Fit([batch], new() { Callbacks = [ScheduledSampling.Linear(0.1)], Progress = null }));
        Assert.Equal("ScheduledSampling: the model must be an EncoderDecoder, but is a Model of embedding, linear: 35 parameters. Only a decoder is forced by a teacher.", error.Message);
    }

    private static EncoderDecoder Make(SequenceLayer encoder, SequenceLayer decoder, Attention? attention = null, bool inputFeeding = false) =>
        new(1, new Embedding(8, 3), encoder, new Embedding(8, 3), decoder, attention, inputFeeding);

    private static string Message(Func<object> wrong) => Assert.ThrowsAny<ArgumentException>(wrong).Message;

    private static string Message(Func<(Tensor Output, Tensor? Weights)> wrong) => Message(() => (object)wrong());
}

using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Tests.Tensors;

namespace CourseKit.Tests.Layers;

public class EmbeddingTests
{
    [Fact]
    public void ForwardAndBackward_AgainstPyTorch_Agree()
    {
        var fixture = Fixture.Load("layers");
        var weight = fixture.Tensor("embedding", "weight");
        var embedding = new Embedding(weight.Shape[0], weight.Shape[1]);
        embedding.Weight.CopyFrom(weight.Floats);
        int[] ids = [.. fixture.Ints("embedding", "ids", 0), .. fixture.Ints("embedding", "ids", 1)];

        Tape.Step(() =>
        {
            var y = embedding.Forward(IntTensor.From(ids, 2, ids.Length / 2));
            Close.To(fixture.Tensor("embedding", "y"), y, "y", 1e-7);
            (y * fixture.Tensor("embedding", "loss_weight").ToTensor()).Sum().Backward();
        });

        Close.To(fixture.Tensor("embedding", "grad_weight"), embedding.Weight.Gradient, "grad_weight");
    }

    [Fact]
    public void Forward_IdOutsideVocabulary_ThrowsNamingPlaceAndLayer()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(90, 16).Forward(IntTensor.From([0, 1, 2, 90], 2, 2)));
        Assert.Equal("Embedding(vocabularySize: 90, embeddingSize: 16): ids[1, 1] = 90, but the vocabulary has 90 entries (0..89).", error.Message);
    }

    [Fact]
    public void Forward_IdNegative_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Ops.Embedding(IntTensor.From([-1]), Tensor.Zeros(3, 2)));
        Assert.Equal("Embedding: ids[0] = -1, but the vocabulary has 3 entries (0..2).", error.Message);
    }

    [Fact]
    public void Forward_PaddingId_GivesZerosLearnsNothingAndMakesTheMask()
    {
        var embedding = new Embedding(5, 3, paddingId: 2);
        var ids = IntTensor.From([1, 4, 2, 0, 2, 2], 2, 3);
        Assert.Equal([1f, 1, 0, 1, 0, 0], embedding.Mask(ids)!.ToArray());
        Assert.Equal(ids.Shape, embedding.Mask(ids)!.Shape);
        Assert.Null(embedding.Mask(IntTensor.From([1, 4], 1, 2)));
        Assert.Null(new Embedding(5, 3).Mask(ids));
        Tape.Step(() =>
        {
            var y = embedding.Forward(ids);
            Assert.All(y.ToArray()[6..9], value => Assert.Equal(0, value));
            Assert.Equal(embedding.Weight.ToArray()[3..6], y.ToArray()[..3]);
            y.Sum().Backward();
        });
        Assert.Equal([1f, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1], embedding.Weight.Gradient!.ToArray());
        Assert.Equal("Embedding(vocabularySize: 5, embeddingSize: 3, paddingId: 2)", embedding.ToString());
        Assert.Equal("Embedding: paddingId must be from 0 to 4, but got 5.", Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(5, 3, 5)).Message);
    }

    [Fact]
    public void Constructor_NoVocabulary_Throws()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 16));
        Assert.Equal("Embedding: vocabularySize must be at least 1, but got 0.", error.Message);
    }

    [Fact]
    public void Initialize_SameSeed_DrawsTheSameStandardNormalNumbers()
    {
        var (one, other) = (new Embedding(100, 50), new Embedding(100, 50));
        one.Initialize(new RandomSource(7));
        other.Initialize(new RandomSource(7));
        var numbers = one.Weight.ToArray();
        Assert.Equal(numbers, other.Weight.ToArray());
        Assert.NotEqual(numbers, new Embedding(100, 50).Weight.ToArray());
        Assert.Equal(0, numbers.Average(), 0.05);
        Assert.Equal(1, numbers.Average(x => x * x), 0.1);
    }
}

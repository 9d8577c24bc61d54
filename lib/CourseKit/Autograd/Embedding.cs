using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>Looks each id's row up: y[..., :] = weight[ids[...], :].</summary>
    /// <param name="ids">[...], each in 0..vocabularySize-1.</param>
    /// <param name="weight">[vocabularySize, embeddingSize].</param>
    /// <returns>[..., embeddingSize].</returns>
    /// <exception cref="ShapeException">weight is not a matrix.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public static Tensor Embedding(IntTensor ids, Tensor weight) => Embedding(ids, weight, "Embedding");

    /// <summary>The same, with the name of the caller for errors; it is turned into text only then.</summary>
    internal static Tensor Embedding(IntTensor ids, Tensor weight, object who)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(weight);
        ShapeException.RequireRank(weight.Shape, 2, "Embedding", "weight", "[vocabularySize, embeddingSize]");
        var (vocabularySize, embeddingSize) = weight.Shape.AsMatrix();
        RequireIds(ids, vocabularySize, who);

        var y = Tape.Allocate(weight.Backend, new Shape([.. ids.Shape.Sizes, embeddingSize]));
        weight.Backend.Embedding(weight.Data, ids.Values, y.Data, embeddingSize);

        Tape.Record(y, [weight], dY =>
        {
            if (Tape.GradientOf(weight) is { } dW)
                y.Backend.EmbeddingBackward(dY, ids.Values, dW, embeddingSize);
        });
        return y;
    }

    private static void RequireIds(IntTensor ids, int vocabularySize, object who)
    {
        var bad = ids.Values.IndexOfAnyExceptInRange(0, vocabularySize - 1);
        if (bad >= 0)
        {
            throw new ArgumentOutOfRangeException(null,
                $"{who}: ids[{ids.Shape.IndicesAt(bad)}] = {ids.Values[bad]}, but the vocabulary has {vocabularySize} entries (0..{vocabularySize - 1}).");
        }
    }
}

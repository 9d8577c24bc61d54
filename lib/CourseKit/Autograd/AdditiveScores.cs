using CourseKit.Tensors;

namespace CourseKit.Autograd;

public static partial class Ops
{
    /// <summary>How well every query fits every key of its batch row: score = Σ_j v_j·tanh(query_j + key_j).</summary>
    /// <param name="query">[batch, time, size].</param>
    /// <param name="keys">[batch, sourceSteps, size].</param>
    /// <param name="v">[size].</param>
    /// <returns>[batch, time, sourceSteps].</returns>
    /// <exception cref="ShapeException">A shape does not fit the others.</exception>
    /// <remarks>The sums of all queries with all keys are never stored, and tanh is computed again going backward. Bahdanau, Cho and Bengio, 2015.</remarks>
    public static Tensor AdditiveScores(Tensor query, Tensor keys, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(v);
        ShapeException.RequireRank(query.Shape, 3, "AdditiveScores", "query", "[batch, time, size]");
        var (batch, queries, size) = (query.Shape[0], query.Shape[1], query.Shape[2]);
        ShapeException.RequireRank(keys.Shape, 3, "AdditiveScores", "keys", "[batch, sourceSteps, size]");
        var steps = keys.Shape[1];
        ShapeException.Require(keys.Shape, new Shape(batch, steps, size), "AdditiveScores", "keys", $"It is [batch, sourceSteps, size], and query is {query.Shape}.");
        ShapeException.Require(v.Shape, new Shape(size), "AdditiveScores", "v", "Its length must equal the last dimension of query.");

        var scores = Tape.Allocate(query.Backend, new Shape(batch, queries, steps));
        query.Backend.AdditiveScores(query.Data, keys.Data, v.Data, scores.Data, batch, queries, steps, size);

        Tape.Record(scores, [query, keys, v], dScores => scores.Backend.AdditiveScoresBackward(
            query.Data, keys.Data, v.Data, dScores, Tape.GradientOf(query), Tape.GradientOf(keys), Tape.GradientOf(v), batch, queries, steps, size));
        return scores;
    }
}

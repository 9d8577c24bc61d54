using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// Looks a query up in a sequence: scores every source step, makes the scores weights that sum to 1, and gives the weighted sum of the source's values.
/// <see cref="AdditiveAttention"/>, <see cref="DotAttention"/>, <see cref="GeneralAttention"/> differ in the score alone.
/// </summary>
/// <remarks>
/// weight_s = mask_s·e^score(query, key_s) / Σ_k mask_k·e^score(query, key_k);  context = Σ_s weight_s·value_s.
/// Bahdanau, Cho and Bengio, Neural Machine Translation by Jointly Learning to Align and Translate, 2015. Keys and values are mostly the same: an encoder's outputs.
/// </remarks>
public abstract class Attention : Layer
{
    private protected Attention(string kind, int querySize, int keySize)
    {
        QuerySize = RequirePositive(querySize, kind, nameof(querySize));
        KeySize = RequirePositive(keySize, kind, nameof(keySize));
    }

    /// <summary>Numbers a query: a decoder's hiddenSize.</summary>
    public int QuerySize { get; }

    /// <summary>Numbers a key: an encoder's outputSize.</summary>
    public int KeySize { get; }

    /// <summary>Attends to a source.</summary>
    /// <param name="query">[batch, querySize] for one time step, or [batch, time, querySize].</param>
    /// <param name="keys">What queries are compared with, [batch, sourceSteps, keySize].</param>
    /// <param name="values">What the context is made of, [batch, sourceSteps, size]; null for the keys.</param>
    /// <param name="mask">[batch, sourceSteps] of 1 and 0; at 0 the source step is padding. Null for all 1.</param>
    /// <returns>
    /// The context, [batch, size] or [batch, time, size], and the weights, [batch, sourceSteps] or [batch, time, sourceSteps]: exactly 0 at padding,
    /// and each row sums to 1.
    /// </returns>
    /// <exception cref="ShapeException">A shape does not fit the layer or the others.</exception>
    /// <exception cref="ArgumentException">A row of the mask is all 0.</exception>
    public (Tensor Context, Tensor Weights) Forward(Tensor query, Tensor keys, Tensor? values = null, Tensor? mask = null) =>
        Forward(query, Prepare(keys, values, mask));

    /// <summary>Attends to a source that has been prepared, as a decoder does at every time step.</summary>
    /// <param name="query">[batch, querySize] for one time step, or [batch, time, querySize].</param>
    /// <param name="source">What <see cref="Prepare"/> of this layer gave, in the same step.</param>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor?, Tensor?)" path="/returns"/>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor?, Tensor?)" path="/exception"/>
    public (Tensor Context, Tensor Weights) Forward(Tensor query, AttentionSource source)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(source);
        RequireQuery(query.Shape);
        if (query.Shape[0] != source.Values.Shape[0])
            throw new ShapeException($"{this}: query must have the batch of keys, {source.Values.Shape[0]}, but got {query.Shape}. Every row attends to its own source.");

        var queries = query.Shape.Rank == 2 ? Ops.Reshape(query, new Shape(query.Shape[0], 1, QuerySize)) : query;
        var weights = Ops.MaskedSoftmax(Score(queries, source.Keys), source.Mask, this);
        var context = Ops.BatchMatMul(weights, source.Values);
        return query.Shape.Rank == 3
            ? (context, weights)
            : (Ops.Reshape(context, new Shape(context.Shape[0], context.Shape[2])), Ops.Reshape(weights, new Shape(weights.Shape[0], weights.Shape[2])));
    }

    /// <summary>Does once what all time steps need of a source: maps the keys.</summary>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor?, Tensor?)" path="/param[@name='keys' or @name='values' or @name='mask']"/>
    /// <returns>What <see cref="Forward(Tensor, AttentionSource)"/> takes.</returns>
    /// <exception cref="ShapeException">A shape does not fit the layer or the others.</exception>
    public AttentionSource Prepare(Tensor keys, Tensor? values = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(keys);
        values ??= keys;
        if (keys.Shape.Rank != 3 || keys.Shape.Last != KeySize)
            throw new ShapeException($"{this}: keys must be [batch, sourceSteps, {KeySize}], but got {keys.Shape}. {(keys.Shape.Rank == 3 ? "The last dimension must equal keySize." : "They must have three dimensions.")}");
        if (values.Shape.Rank != 3 || values.Shape[0] != keys.Shape[0] || values.Shape[1] != keys.Shape[1])
            throw new ShapeException($"{this}: values must be [{keys.Shape[0]}, {keys.Shape[1]}, size], but got {values.Shape}. There is one value a key.");
        if (mask?.Shape == keys.Shape.WithoutLast())
        {
            // What padding holds meets weights of 0, and must not be infinite or NaN.
            var taken = Ops.ApplyMask(keys, mask!);
            (values, keys) = (ReferenceEquals(values, keys) ? taken : Ops.ApplyMask(values, mask!), taken);
        }

        return new AttentionSource(MapKeys(keys), values, mask);
    }

    /// <summary>The shape of the context when keys and values are the same.</summary>
    /// <param name="inputShape">That of a query.</param>
    /// <exception cref="ShapeException">The layer does not take such a query; the message names the layer with its configuration.</exception>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireQuery(inputShape);
        return inputShape.WithLast(KeySize);
    }

    /// <summary>What the score needs of the keys, whatever the query.</summary>
    private protected virtual Tensor MapKeys(Tensor keys) => keys;

    /// <summary>The scores of queries [batch, time, querySize] with mapped keys, [batch, time, sourceSteps].</summary>
    private protected abstract Tensor Score(Tensor query, Tensor keys);

    /// <summary>Draws a matrix or vector evenly from ±1/√fanIn.</summary>
    private protected static void Draw(RandomSource random, Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(random);
        var limit = 1 / MathF.Sqrt(tensor.Shape.Last);
        var values = new float[tensor.Length];
        random.FillUniform(values, -limit, limit);
        tensor.CopyFrom(values);
    }

    private void RequireQuery(Shape query)
    {
        if (query.Rank is not (2 or 3) || query.Last != QuerySize)
        {
            throw new ShapeException($"{this}: query must be [batch, {QuerySize}] or [batch, time, {QuerySize}], but got {query}. "
                + (query.Rank is 2 or 3 ? "The last dimension must equal querySize." : "It must have two or three dimensions."));
        }
    }
}

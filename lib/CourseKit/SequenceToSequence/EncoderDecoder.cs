using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>
/// Reads a sequence and writes another: the encoder's final state starts the decoder, which reads one token and says what comes next. With attention the
/// decoder looks back at all the encoder's outputs, and the final state need no longer hold everything.
/// </summary>
/// <remarks>
/// Cho and others, 2014; Sutskever, Vinyals and Le, 2014. With attention, as Luong, Pham and Manning, 2015, with any score:
/// <code>
/// h_t = decoder(embedding of y_{t-1}, h_{t-1});   c_t = Σ_s weight_s·encoded_s, weights by h_t;   h~_t = tanh(W_c·[c_t; h_t]);   logits = W_o·h~_t + b_o
/// </code>
/// The context comes after the recurrence, not before it as in Bahdanau, Cho and Bengio, 2015, so that under full teacher forcing the decoder runs over the whole
/// target in one call. With inputFeeding the decoder reads [embedding; h~_{t-1}] and so knows what it attended to, at the price of one call a step.
/// Parameters carry their part's name: embedding or source and target, encoder, bridge (where sizes differ), decoder, attention, combine, output.
/// </remarks>
/// <example>
/// Tokens are ids; 0, 1 and 2 stand for padding, start and end.
/// <code>
/// var pairs = new SequencePairs(data);                                 // (int[] Source, int[] Target) each
/// var model = new EncoderDecoder(seed: 1, new Embedding(13, 32), new Gru(32, 64, bidirectional: true),
///     new Embedding(13, 32), new Gru(32, 64), new AdditiveAttention(querySize: 64, keySize: 128, attentionSize: 64));
/// model.Fit(pairs.Batches(64, new RandomSource(2)), new() { Epochs = 40, Optimizer = new Adam(0.005), ClipNorm = 1 });
/// var written = model.Decode(sources).Beam(5, lengthPenalty: 0.6);     // written[0][0]: the best for the first source
/// var bleu = Bleu.Corpus([.. written.Select(best => best[0].Tokens)], references, maxOrder: 2);
/// var weights = model.Align(sources[0], written[0][0].Tokens);         // [targetSteps, sourceSteps]
/// </code>
/// </example>
public sealed partial class EncoderDecoder : PairLayer, IStepModel<DecoderState>
{
    private readonly Embedding source, target;
    private readonly SequenceLayer encoder, decoder;
    private readonly Attention? attention;
    private readonly Linear? combine;
    private readonly Linear output;
    private readonly StateBridge bridge;
    private readonly int outputSize;
    private RandomSource random = new(0);

    /// <summary>Puts the parts together and draws every parameter anew.</summary>
    /// <param name="seed">The same seed gives the same parameters, and the same draws of scheduled sampling.</param>
    /// <param name="source">Vectors of the tokens that are read.</param>
    /// <param name="encoder">Reads them, in one direction or both; its sequences must come out.</param>
    /// <param name="target">Vectors of the tokens that are written; may be <paramref name="source"/> itself where both are of one vocabulary.</param>
    /// <param name="decoder">
    /// Writes, in one direction; its sequences must come out. A layer starts from the encoder's layer of the same place, counted from the top, both directions side
    /// by side; where the size differs a learned bridge lies between, and a cell that the encoder has none for starts from zeros.
    /// </param>
    /// <param name="attention">Looks the decoder's output up in the encoder's; null for none.</param>
    /// <param name="inputFeeding">Whether the decoder also reads the vector h~ of the step before; its inputSize is then the embedding's plus its own output's. Default: false.</param>
    /// <param name="symbols">The ids of padding, start and end; null for 0, 1, 2.</param>
    /// <exception cref="ArgumentException">The parts do not fit together; the message names both.</exception>
    public EncoderDecoder(int seed, Embedding source, SequenceLayer encoder, Embedding target, SequenceLayer decoder, Attention? attention = null, bool inputFeeding = false,
        SequenceSymbols? symbols = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(decoder);
        (this.source, this.encoder, this.target, this.decoder, this.attention) = (source, encoder, target, decoder, attention);
        InputFeeding = inputFeeding;
        Symbols = symbols ?? new();
        var keySize = StateBridge.OutputSize(encoder, "encoder");
        outputSize = StateBridge.OutputSize(decoder, "decoder");
        RequireFit(keySize);

        if (ReferenceEquals(source, target))
        {
            Part(source, "embedding");
        }
        else
        {
            Part(source, "source");
            Part(target, "target");
        }

        Part(encoder, "encoder");
        bridge = new StateBridge(encoder, decoder);
        foreach (var map in bridge.Maps)
            Part(map, "bridge");
        Part(decoder, "decoder");
        if (attention is not null)
        {
            Part(attention, "attention");
            combine = Part(new Linear(keySize + outputSize, outputSize, bias: false), "combine");
        }

        output = Part(new Linear(outputSize, target.VocabularySize), "output");
        Initialize(new RandomSource(seed));
        Model = Model.Of(this);
    }

    /// <summary>The same as a model of one layer, with everything that models have: Fit with all its options and callbacks, Evaluate, Save and Load.</summary>
    public Model Model { get; }

    /// <summary>How many tokens can be written.</summary>
    public int VocabularySize => target.VocabularySize;

    /// <summary>Whether the decoder also reads the vector h~ of the step before.</summary>
    public bool InputFeeding { get; }

    /// <summary>The ids of padding, start and end.</summary>
    public SequenceSymbols Symbols { get; }

    /// <summary>
    /// In training, inside Tape.Step, the probability with which the decoder reads the true token, and not one that it draws from what it has just said; drawn for each token
    /// alone. From 0 to 1; elsewhere it reads the true ones always. Default: 1, the fastest, for the decoder then reads whole targets in one call.
    /// <see cref="ScheduledSampling"/> lets it fall.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number outside its range.</exception>
    public double TeacherForcingRatio
    {
        get;
        set => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"EncoderDecoder: TeacherForcingRatio must be from 0 to 1, but got {value}."));
    } = 1;

    /// <summary>Where scheduled sampling draws from.</summary>
    public override RandomSource? Random => random;

    /// <summary>Draws every parameter of every part anew, and starts scheduled sampling's stream.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var part in Parts)
            part.Initialize(random);
        this.random = new RandomSource((long)random.NextBits());
    }

    /// <summary>Reads sources and says, at every step of the targets, what comes next. Recorded inside Tape.Step, and not outside.</summary>
    /// <param name="ids">The sources, [batch, sourceSteps].</param>
    /// <param name="decoderIds">What the decoder reads, [batch, targetSteps]: the start symbol, then the tokens known so far.</param>
    /// <param name="mask">[batch, sourceSteps] of 1 and 0, 0 at padding, which then enters no state and gets no attention; null for all 1.</param>
    /// <returns>Logits, [batch, targetSteps, VocabularySize], and attention's weights, [batch, targetSteps, sourceSteps], null without attention.</returns>
    /// <exception cref="ShapeException">The batches differ, or a shape is not as said.</exception>
    /// <exception cref="ArgumentException">A row of the mask is all 0.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary.</exception>
    public override (Tensor Output, Tensor? Weights) Forward(IntTensor ids, IntTensor decoderIds, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(decoderIds);
        ShapeException.RequireRank(ids.Shape, 2, "EncoderDecoder", "ids", "[batch, sourceSteps]");
        ShapeException.RequireRank(decoderIds.Shape, 2, "EncoderDecoder", "decoderIds", "[batch, targetSteps]");
        if (decoderIds.Shape[0] != ids.Shape[0] || decoderIds.Length == 0)
            throw new ShapeException($"EncoderDecoder: decoderIds must have the batch of ids, {ids.Shape[0]}, and at least one step, but got {decoderIds.Shape}.");

        var ratio = Tape.IsActive ? TeacherForcingRatio : 1;
        var state = Encode(ids, mask);
        if (!InputFeeding && ratio == 1)
        {
            var (whole, every, _) = Advance(decoderIds, state);
            return (output.Forward(whole), every);
        }

        var (batch, steps) = (decoderIds.Shape[0], decoderIds.Shape[1]);
        var (logits, weights) = (new Tensor[steps], new Tensor?[steps]);
        for (var t = 0; t < steps; t++)
        {
            var tokens = Tokens(decoderIds, t, t == 0 ? null : logits[t - 1], ratio);
            (var features, weights[t], state) = Advance(tokens, state);
            logits[t] = output.Forward(features);
        }

        // Each [batch, 1, n] side by side is [batch, 1, steps·n], which lies in memory as [batch, steps, n].
        return (Ops.Reshape(Ops.Concat(logits), new Shape(batch, steps, VocabularySize)),
            attention is null ? null : Ops.Reshape(Ops.Concat(weights!), new Shape(batch, steps, ids.Shape[1])));
    }

    /// <summary>The mean over all targets of −log p(token), padding left out: what <see cref="Fit"/> goes backward from.</summary>
    /// <param name="batch">What to read and what to write.</param>
    /// <returns>[], one number, nats a token.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary.</exception>
    public Tensor Loss(Batch batch) => FitOptions.DefaultLoss(Model.Forward(batch).Output, batch);

    /// <summary>Trains on pairs: the model's own Fit.</summary>
    /// <param name="data">One epoch of batches, from <see cref="SequencePairs"/>.</param>
    /// <param name="options">How; null for one epoch with Adam.</param>
    /// <returns>Every step's loss, and the validation losses.</returns>
    /// <inheritdoc cref="Model.Fit" path="/exception"/>
    public History Fit(IEnumerable<Batch> data, FitOptions? options = null) => Model.Fit(data, options);

    /// <summary>The mean loss over all targets of the data, with the true tokens read.</summary>
    /// <param name="data">At least one batch, from <see cref="SequencePairs"/>.</param>
    /// <returns>Nats a token.</returns>
    /// <exception cref="DataException">There is no target.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public double Evaluate(IEnumerable<Batch> data) => Model.Evaluate(data);

    /// <summary>The shape of the logits.</summary>
    /// <param name="inputShape">That of what the decoder reads, [batch, targetSteps].</param>
    /// <exception cref="ShapeException">It has another number of dimensions.</exception>
    public override Shape OutputShape(Shape inputShape)
    {
        ShapeException.RequireRank(inputShape, 2, "EncoderDecoder", "decoderIds", "[batch, targetSteps]");
        return new Shape(inputShape[0], inputShape[1], VocabularySize);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"EncoderDecoder({source}, {encoder}, {target}, {decoder}{(attention is null ? "" : $", {attention}")}{(InputFeeding ? ", inputFeeding: true" : "")})";

    private DecoderState Encode(IntTensor sources, Tensor? mask)
    {
        var (encoded, final) = encoder.Forward(source.Forward(sources), mask: mask);
        var batch = sources.Shape[0];
        return new(
            bridge.Forward(final, encoded.Backend, batch),
            InputFeeding ? Tape.Zeros(encoded.Backend, new Shape(batch, outputSize)) : null,
            attention?.Prepare(encoded, mask: mask),
            [.. Enumerable.Range(0, batch)]);
    }

    // tokens [batch, steps]; steps is 1 with input feeding.
    private (Tensor Features, Tensor? Weights, DecoderState State) Advance(IntTensor tokens, DecoderState state)
    {
        var x = target.Forward(tokens);
        if (state.Fed is { } fed)
            x = Ops.Concat(x, Ops.Reshape(fed, new Shape(fed.Shape[0], 1, outputSize)));
        var (y, recurrent) = decoder.Forward(x, state.Recurrent);
        if (attention is null)
            return (y, null, state with { Recurrent = recurrent, Fed = InputFeeding ? Ops.LastStep(y) : null });

        var (context, weights) = attention.Forward(y, state.Source!);
        y = Ops.Tanh(combine!.Forward(Ops.Concat(context, y)));
        return (y, weights, state with { Recurrent = recurrent, Fed = InputFeeding ? Ops.LastStep(y) : null });
    }

    // What every row reads at step t, [batch, 1]: the target's token, or by scheduled sampling one that is drawn from the logits of the step before.
    private IntTensor Tokens(IntTensor targets, int t, Tensor? before, double ratio)
    {
        var (batch, tokens, drawn) = (targets.Shape[0], new int[targets.Shape[0]], (float[]?)null);
        for (var row = 0; row < batch; row++)
        {
            tokens[row] = targets[row, t];
            if (before is null || ratio == 1 || random.NextDouble() < ratio)
                continue;
            drawn ??= before.ToArray();
            tokens[row] = Sampler.Draw(drawn.AsSpan(row * VocabularySize, VocabularySize), 1, random);
        }

        return IntTensor.From(tokens, batch, 1);
    }

    private TLayer Part<TLayer>(TLayer layer, string name)
        where TLayer : Layer
    {
        layer.Name = name;
        return AddLayer(layer);
    }

    private void RequireFit(int keySize)
    {
        var inputSize = target.EmbeddingSize + (InputFeeding ? outputSize : 0);
        Require(encoder.InputSize == source.EmbeddingSize, $"the encoder must take the source's vectors of {source.EmbeddingSize} numbers, but is {encoder}. Make it with inputSize: {source.EmbeddingSize}.");
        Require(decoder.InputSize == inputSize, InputFeeding
            ? $"with inputFeeding the decoder must take the target's vectors and its own, {target.EmbeddingSize} + {outputSize} numbers, but is {decoder}. Make it with inputSize: {inputSize}."
            : $"the decoder must take the target's vectors of {inputSize} numbers, but is {decoder}. Make it with inputSize: {inputSize}.");
        Require(!StateBridge.RunsBothWays(decoder), $"the decoder must run in one direction, but is {decoder}. It cannot read what it has not written yet.");
        Require(attention is null || attention.QuerySize == outputSize, $"the attention's querySize must be the decoder's outputSize, {outputSize}, but it is {attention}.");
        Require(attention is null || attention.KeySize == keySize, $"the attention's keySize must be the encoder's outputSize, {keySize}, but it is {attention}. {(attention is DotAttention ? "GeneralAttention and AdditiveAttention take different sizes." : "")}".TrimEnd());

        static void Require(bool fits, string message)
        {
            if (!fits)
                throw new ArgumentException($"EncoderDecoder: {message}");
        }
    }
}

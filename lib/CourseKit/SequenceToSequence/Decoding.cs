using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.SequenceToSequence;

/// <summary>Writing with a model from where it stands, row by row side by side, in one of four ways: greedy, sampling, top-k and nucleus sampling, beam search.</summary>
/// <typeparam name="TState">The model's state.</typeparam>
/// <remarks>It changes nothing, so that one decoding can be asked again and in every way. <see cref="EncoderDecoder"/> and <see cref="LanguageModel"/> make one by Decode.</remarks>
public sealed class Decoding<TState>
{
    private readonly IStepModel<TState> model;
    private readonly TState state;
    private readonly int[] first;
    private readonly int? end;
    private readonly int maxLength;

    /// <summary>Says where writing begins and where it ends.</summary>
    /// <param name="model">What writes.</param>
    /// <param name="state">What the model carries before <paramref name="first"/>, for all rows.</param>
    /// <param name="first">The token that each row reads first, mostly the start symbol; it is not part of what is written. At least one row.</param>
    /// <param name="end">The token that ends a row; null for none, so that every row gets its greatest length.</param>
    /// <param name="maxLength">Tokens a row at most, the end symbol with them, at least 1.</param>
    /// <exception cref="ArgumentException">There is no row.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside the vocabulary, or maxLength is below 1.</exception>
    public Decoding(IStepModel<TState> model, TState state, IReadOnlyList<int> first, int? end, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(first);
        if (first.Count == 0)
            throw new ArgumentException("Decoding: first must hold a token for each row, but is empty. Give at least one row.", nameof(first));
        foreach (var token in first)
            RequireToken(model, token, nameof(first));
        if (end is { } symbol)
            RequireToken(model, symbol, nameof(end));
        if (maxLength < 1)
            throw new ArgumentOutOfRangeException(nameof(maxLength), $"Decoding: maxLength must be at least 1, but got {maxLength}.");
        (this.model, this.state, this.first, this.end, this.maxLength) = (model, state, [.. first], end, maxLength);
    }

    /// <summary>Takes the likeliest token at every step, the first of equals.</summary>
    /// <returns>One hypothesis a row.</returns>
    /// <exception cref="ArgumentException">A log-probability is NaN, or all of a row are −∞.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public Hypothesis[] Greedy() => Sample(new RandomSource(0), new SamplingOptions { Temperature = 0 });

    /// <summary>Draws a token at every step.</summary>
    /// <param name="random">Gives every row a stream of its own, so that a row's text does not depend on when others end.</param>
    /// <param name="options">Temperature, top k, nucleus; null for the model's plain distribution.</param>
    /// <returns>One hypothesis a row. Its log-probability is the model's own, whatever the options.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="ArgumentException">A log-probability is NaN, or all of a row are −∞.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    public Hypothesis[] Sample(RandomSource random, SamplingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        options ??= new();
        RandomSource[] streams = [.. first.Select(_ => new RandomSource((long)random.NextBits()))];
        List<int>[] written = [.. first.Select(_ => new List<int>())];
        var (sums, ended) = (new double[first.Length], new bool[first.Length]);

        // The rows still being written, in order; the state holds these alone.
        int[] live = [.. Enumerable.Range(0, first.Length)];
        var (tokens, carried) = (first, state);
        for (var length = 0; length < maxLength && live.Length > 0; length++)
        {
            (var all, carried) = BeamSearch.Step(model, tokens, carried);
            for (var i = 0; i < live.Length; i++)
            {
                var row = live[i];
                var values = all.AsSpan(i * model.VocabularySize, model.VocabularySize);
                var token = options.Draw(values, streams[row]);
                sums[row] += values[token];
                ended[row] = token == end;
                if (!ended[row])
                    written[row].Add(token);
            }

            int[] goOn = [.. Enumerable.Range(0, live.Length).Where(i => !ended[live[i]])];
            if (goOn.Length is > 0 && goOn.Length < live.Length)
                carried = model.Select(carried, goOn);
            live = [.. goOn.Select(i => live[i])];
            tokens = [.. live.Select(row => written[row][^1])];
        }

        return [.. written.Select((sequence, row) => new Hypothesis(sequence, sums[row], sums[row], ended[row]))];
    }

    /// <summary>
    /// Beam search: at every step, of all continuations of a row's hypotheses, the likeliest so many stay. Those that end leave the beam;
    /// the search stops when no other can still beat the last of the best.
    /// </summary>
    /// <param name="size">How many hypotheses a row, at least 1; 1 is greedy decoding.</param>
    /// <param name="lengthPenalty">alpha of <see cref="Hypothesis.LengthPenalty"/>, at least 0. 0, the default, ranks by log-probability alone, which favours the short; Wu and others take 0.6 to 0.7.</param>
    /// <returns>For each row its best hypotheses, the best first, at most <paramref name="size"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">size is below 1, or lengthPenalty negative or not finite.</exception>
    /// <exception cref="ArgumentException">A log-probability is NaN, or all of a row are −∞.</exception>
    /// <exception cref="OperationCanceledException"><see cref="Interrupt"/> was requested.</exception>
    /// <remarks>Sutskever, Vinyals and Le, Sequence to Sequence Learning with Neural Networks, 2014; the penalty: Wu and others, 2016.</remarks>
    public Hypothesis[][] Beam(int size, double lengthPenalty = 0)
    {
        if (size < 1)
            throw new ArgumentOutOfRangeException(nameof(size), $"Decoding.Beam: size must be at least 1, but got {size}.");
        if (!(lengthPenalty >= 0) || !double.IsFinite(lengthPenalty))
            throw new ArgumentOutOfRangeException(nameof(lengthPenalty), FormattableString.Invariant($"Decoding.Beam: lengthPenalty must be at least 0 and finite, but got {lengthPenalty}."));
        return BeamSearch.Run(model, state, first, end, maxLength, size, lengthPenalty);
    }

    private static void RequireToken(IStepModel<TState> model, int token, string name)
    {
        if ((uint)token >= (uint)model.VocabularySize)
            throw new ArgumentOutOfRangeException(name, $"Decoding: {name} must be a token of the model, 0..{model.VocabularySize - 1}, but got {token}.");
    }
}

using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>
/// Examples whose sequences differ in length, and what each should give. Batches are padded and carry the mask that tells padding from time steps;
/// the targets of padded time steps are <see cref="Batch.IgnoredClass"/>, or 0 for values.
/// </summary>
public sealed class Sequences
{
    private readonly IReadOnlyList<int[]>? ids;
    private readonly IReadOnlyList<float[]>? features;
    private readonly IReadOnlyList<int[]>? classes;
    private readonly IReadOnlyList<float[]>? values;
    private readonly int inputSize, outputSize;
    private readonly bool targetEachStep;
    private readonly int[] lengths;

    /// <summary>Ids in, one class a sequence out: sentiment.</summary>
    /// <param name="ids">One sequence an example, of at least one id.</param>
    /// <param name="classes">One an example; −100 takes no part.</param>
    /// <param name="options">How to pad; null for the longest sequence of the batch, at the back, with id 0.</param>
    /// <exception cref="DataException">There is no example, one has no id, or there is not one class an example.</exception>
    public Sequences(IReadOnlyList<int[]> ids, IReadOnlyList<int> classes, PadOptions? options = null)
        : this([.. ids.Select(sequence => sequence.Length)], classes?.Count, options)
    {
        this.ids = ids;
        this.classes = [.. classes!.Select(one => new[] { one })];
    }

    /// <summary>Ids in, one class a time step out: tagging, or the next symbol.</summary>
    /// <param name="ids">One sequence an example, of at least one id.</param>
    /// <param name="classes">As many an example as it has ids; −100 takes no part.</param>
    /// <param name="options">How to pad; null for the longest sequence of the batch, at the back, with id 0.</param>
    /// <exception cref="DataException">There is no example, one has no id, or there is not one class for every id.</exception>
    public Sequences(IReadOnlyList<int[]> ids, IReadOnlyList<int[]> classes, PadOptions? options = null)
        : this([.. ids.Select(sequence => sequence.Length)], classes?.Count, options)
    {
        (this.ids, this.classes, targetEachStep) = (ids, classes, true);
        RequireTargets([.. classes!.Select(each => each.Length)]);
    }

    /// <summary>Features in, one class a sequence out.</summary>
    /// <param name="features">One sequence an example, [time, inputSize] with a time of its own; copied.</param>
    /// <param name="classes">One an example; −100 takes no part.</param>
    /// <param name="options">How to pad; null for the longest sequence of the batch, at the back.</param>
    /// <exception cref="ShapeException">A sequence is not [time, inputSize] with the inputSize of the first.</exception>
    /// <exception cref="DataException">There is no example, one has no time step, or there is not one class an example.</exception>
    public Sequences(IReadOnlyList<Tensor> features, IReadOnlyList<int> classes, PadOptions? options = null)
        : this(Times(features), classes?.Count, options)
    {
        (this.features, inputSize) = ([.. features.Select(sequence => sequence.ToArray())], features[0].Shape.Last);
        this.classes = [.. classes!.Select(one => new[] { one })];
    }

    /// <summary>Features in, numbers out for every time step: the next notes of a chorale, a series one step on.</summary>
    /// <param name="features">One sequence an example, [time, inputSize] with a time of its own; copied.</param>
    /// <param name="values">One an example, [time, outputSize] with the same time; copied.</param>
    /// <param name="options">How to pad; null for the longest sequence of the batch, at the back.</param>
    /// <exception cref="ShapeException">A sequence is not [time, size] with the size of the first.</exception>
    /// <exception cref="DataException">There is no example, one has no time step, or the times of one differ.</exception>
    public Sequences(IReadOnlyList<Tensor> features, IReadOnlyList<Tensor> values, PadOptions? options = null)
        : this(Times(features), values?.Count, options)
    {
        (this.features, inputSize) = ([.. features.Select(sequence => sequence.ToArray())], features[0].Shape.Last);
        (this.values, outputSize) = ([.. values!.Select(sequence => sequence.ToArray())], Padding.FeatureSize(values!, "Sequences"));
        targetEachStep = true;
        RequireTargets([.. values!.Select(sequence => sequence.Shape[0])]);
    }

    private Sequences(int[] lengths, int? targets, PadOptions? options)
    {
        (this.lengths, Options) = (lengths, options ?? new());
        if (lengths.Length == 0)
            throw new DataException("Sequences: there must be at least one example, but got none.");
        if (targets is { } count && count != lengths.Length)
            throw new DataException($"Sequences: there must be targets for each of the {lengths.Length} examples, but got {count}.");
        var empty = lengths.IndexOf(0);
        if (empty >= 0)
            throw new DataException($"Sequences: every example must have at least one time step, but example {empty} has none. Leave it out.");
    }

    /// <summary>How many examples there are, at least 1.</summary>
    public int Count => lengths.Length;

    /// <summary>How many time steps each example has before it is cut, at least 1.</summary>
    public IReadOnlyList<int> Lengths => lengths;

    /// <summary>How batches are padded.</summary>
    public PadOptions Options { get; }

    /// <summary>Sequences of ids in, the symbol after each out: every example loses its last id as input and its first as target.</summary>
    /// <param name="sequences">At least two ids each; begin and end them with ids of their own if the model is to learn how they begin and end.</param>
    /// <param name="options">How to pad; null for the longest sequence of the batch, at the back, with id 0.</param>
    /// <exception cref="DataException">There is no sequence, or one is shorter than two ids.</exception>
    public static Sequences NextSymbol(IReadOnlyList<int[]> sequences, PadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        for (var example = 0; example < sequences.Count; example++)
        {
            if (sequences[example].Length < 2)
                throw new DataException($"Sequences.NextSymbol: every sequence must have at least 2 ids, but sequence {example} has {sequences[example].Length}. Leave it out.");
        }
        return new([.. sequences.Select(sequence => sequence[..^1])], (IReadOnlyList<int[]>)[.. sequences.Select(sequence => sequence[1..])], options);
    }

    /// <summary>All examples as one batch.</summary>
    public Batch All() => Take([.. Enumerable.Range(0, Count)]);

    /// <summary>One epoch of batches, each as long as its longest sequence unless <see cref="PadOptions.Steps"/> says otherwise. The last may have fewer examples.</summary>
    /// <param name="batchSize">Examples a batch, at least 1.</param>
    /// <param name="shuffle">Draws a new order each time that the batches are enumerated; null keeps the order of the examples. Default: null.</param>
    /// <exception cref="ArgumentOutOfRangeException">batchSize is below 1.</exception>
    public IEnumerable<Batch> Batches(int batchSize, RandomSource? shuffle = null)
    {
        RequirePositive(batchSize, nameof(batchSize), nameof(Batches));
        return Epoch();

        IEnumerable<Batch> Epoch()
        {
            foreach (var examples in Order(shuffle).Chunk(batchSize))
                yield return Take(examples);
        }
    }

    /// <summary>
    /// One epoch of batches of like length, so that little is padding: lengths 1..width go together, width + 1..2·width, and so on. The last batch of a
    /// bucket may have fewer examples.
    /// </summary>
    /// <param name="batchSize">Examples a batch, at least 1.</param>
    /// <param name="width">How many different lengths share a bucket, at least 1; 1 needs no padding at all.</param>
    /// <param name="shuffle">Draws the examples' order within each bucket and the batches' order, anew each time that they are enumerated; null goes from short to long. Default: null.</param>
    /// <exception cref="ArgumentOutOfRangeException">batchSize or width is below 1.</exception>
    public IEnumerable<Batch> Buckets(int batchSize, int width, RandomSource? shuffle = null)
    {
        RequirePositive(batchSize, nameof(batchSize), nameof(Buckets));
        RequirePositive(width, nameof(width), nameof(Buckets));
        return Epoch();

        IEnumerable<Batch> Epoch()
        {
            var batches = Order(shuffle).GroupBy(example => (lengths[example] - 1) / width).OrderBy(bucket => bucket.Key).SelectMany(bucket => bucket.Chunk(batchSize)).ToArray();
            shuffle?.Shuffle<int[]>(batches);
            foreach (var examples in batches)
                yield return Take(examples);
        }
    }

    /// <summary>"Sequences of 1000 examples, 2 to 15 time steps".</summary>
    public override string ToString() => FormattableString.Invariant($"Sequences of {Count} examples, {lengths.Min()} to {lengths.Max()} time steps");

    private static int[] Times(IReadOnlyList<Tensor> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count > 0)
            Padding.FeatureSize(features, "Sequences");
        return [.. features.Select(sequence => sequence.Shape[0])];
    }

    private int[] Order(RandomSource? shuffle)
    {
        var order = Enumerable.Range(0, Count).ToArray();
        shuffle?.Shuffle<int>(order);
        return order;
    }

    private Batch Take(int[] examples)
    {
        var rows = Padding.Rows.Of([.. examples.Select(example => lengths[example])], Options);
        var mask = rows.AreFull ? null : rows.Mask();
        var (batchSize, steps) = (examples.Length, rows.Steps);
        if (features is null)
        {
            var inputs = IntTensor.From(Rows(ids!, 1, Options.PadId), batchSize, steps);
            return new(inputs, Classes()) { Mask = mask };
        }
        var numbers = Tensor.From(Rows(features, inputSize, 0), batchSize, steps, inputSize);
        return classes is not null
            ? new(numbers, Classes()) { Mask = mask }
            : new(numbers, Tensor.From(Rows(values!, outputSize, 0), batchSize, steps, outputSize)) { Mask = mask };

        IntTensor Classes() => targetEachStep
            ? IntTensor.From(Rows(classes!, 1, Batch.IgnoredClass), batchSize, steps)
            : IntTensor.From([.. examples.Select(example => classes![example][0])], batchSize);

        T[] Rows<T>(IReadOnlyList<T[]> from, int size, T padding)
        {
            var to = new T[batchSize * steps * size];
            Array.Fill(to, padding);
            rows.Place([.. examples.Select(example => from[example])], to, size);
            return to;
        }
    }

    private void RequireTargets(int[] counts)
    {
        for (var example = 0; example < Count; example++)
        {
            if (counts[example] != lengths[example])
                throw new DataException($"Sequences: there must be a target for every time step, but example {example} has {lengths[example]} time steps and {counts[example]} targets.");
        }
    }

    private static void RequirePositive(int value, string name, string method)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, $"Sequences.{method}: {name} must be at least 1, but got {value}.");
    }
}

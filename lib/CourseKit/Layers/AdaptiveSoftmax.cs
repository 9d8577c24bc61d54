using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// The last layer for a large vocabulary whose symbols are in the order of their frequency, the most frequent first. A small head tells the frequent
/// symbols apart, and names a cluster for the others; each cluster has a tail, narrower the rarer its symbols are. <see cref="Loss"/> computes a tail only for
/// the targets in its cluster.
/// </summary>
/// <remarks>
/// p(symbol) = head(symbol), or head(cluster)·tail(symbol). Grave, Joulin, Cissé, Grangier and Jégou, Efficient softmax approximation for GPUs, 2017. Known elsewhere as
/// nn.AdaptiveLogSoftmaxWithLoss. Parameters: head.weight [cutoffs[0] + clusters, inputSize], head.bias, and for each cluster c tail.c.0.weight [size_c, inputSize] and
/// tail.c.1.weight [symbols of c, size_c].
/// In a model, <see cref="Forward"/> gives logits over all symbols, for which any loss and sampler does. To train with the cheap loss, give it what the
/// layers before gave: loss = adaptive.Loss(hidden, classes), in a Tape.Step of one's own.
/// </remarks>
public sealed class AdaptiveSoftmax : FeedForwardLayer
{
    private const int Ignored = -100;

    private readonly int[] cutoffs;
    private readonly (Tensor Down, Tensor Up)[] tails;

    /// <summary>Makes the layer; weights are drawn from seed 0 until <see cref="Initialize"/> is called.</summary>
    /// <param name="inputSize">Numbers in, at least 1.</param>
    /// <param name="classes">How many symbols, at least 2.</param>
    /// <param name="cutoffs">Where the clusters begin, rising, each in 1..classes−1: [2000, 10000] puts symbols 0..1999 into the head, 2000..9999 into cluster 0 and the rest into cluster 1.</param>
    /// <param name="divisor">Cluster c computes with inputSize/divisor^(c + 1) numbers, rounded down. Default: 4.</param>
    /// <param name="headBias">Whether the head adds a bias. Default: false.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below its least, the cutoffs do not rise within 1..classes−1, or a cluster is left with no number.</exception>
    public AdaptiveSoftmax(int inputSize, int classes, int[] cutoffs, float divisor = 4, bool headBias = false)
    {
        ArgumentNullException.ThrowIfNull(cutoffs);
        InputSize = RequirePositive(inputSize, nameof(AdaptiveSoftmax), nameof(inputSize));
        Classes = classes;
        Divisor = divisor;
        this.cutoffs = [.. cutoffs, classes];
        for (var c = 0; c < this.cutoffs.Length; c++)
        {
            if (this.cutoffs[c] <= (c == 0 ? 0 : this.cutoffs[c - 1]) || cutoffs.Length == 0)
                throw new ArgumentOutOfRangeException(null, $"AdaptiveSoftmax: cutoffs must be at least one number, rise, and lie in 1..classes-1, but got [{string.Join(", ", cutoffs)}] for {classes} classes.");
        }

        HeadWeight = AddParameter("head.weight", this.cutoffs[0] + cutoffs.Length, inputSize);
        HeadBias = headBias ? AddParameter("head.bias", this.cutoffs[0] + cutoffs.Length) : null;
        tails = new (Tensor, Tensor)[cutoffs.Length];
        for (var c = 0; c < tails.Length; c++)
        {
            var size = Math.Floor(inputSize / Math.Pow(divisor, c + 1));
            if (!(size >= 1) || size > inputSize)
                throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"AdaptiveSoftmax: divisor must be at least 1 and leave cluster {c} at least one of the {inputSize} numbers, but {divisor} leaves {size}. Give a smaller divisor, fewer cutoffs or a larger inputSize."));
            tails[c] = (AddParameter($"tail.{c}.0.weight", (int)size, inputSize), AddParameter($"tail.{c}.1.weight", this.cutoffs[c + 1] - this.cutoffs[c], (int)size));
        }

        Initialize(new RandomSource(0));
    }

    /// <summary>Numbers in.</summary>
    public int InputSize { get; }

    /// <summary>How many symbols.</summary>
    public int Classes { get; }

    /// <summary>By what each cluster is narrower than the one before.</summary>
    public float Divisor { get; }

    /// <summary>Where the clusters begin.</summary>
    public IReadOnlyList<int> Cutoffs => cutoffs[..^1];

    /// <summary>[cutoffs[0] + clusters, inputSize]: a row for each frequent symbol, then one for each cluster.</summary>
    public Tensor HeadWeight { get; }

    /// <summary>[cutoffs[0] + clusters], or null for none.</summary>
    public Tensor? HeadBias { get; }

    /// <summary>Draws each matrix evenly from ±1/√(its numbers in), as PyTorch does.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var (_, tensor) in Parameters)
        {
            var values = new float[tensor.Length];
            var limit = 1 / MathF.Sqrt(tensor.Shape.Rank == 2 ? tensor.Shape.Last : InputSize);
            random.FillUniform(values, -limit, limit);
            tensor.CopyFrom(values);
        }
    }

    /// <summary>Logits over all symbols: their softmax is the layer's distribution. Costs as much as all tails.</summary>
    /// <param name="x">[..., inputSize].</param>
    /// <returns>[..., classes].</returns>
    /// <exception cref="ShapeException">The last dimension of x is not InputSize.</exception>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var rows = Rows(x);
        var head = Ops.Linear(rows, HeadWeight, HeadBias);
        var parts = new Tensor[tails.Length + 1];
        parts[0] = Ops.Slice(head, 0, cutoffs[0]);
        var zeros = IntTensor.From(new int[rows.Shape[0]]);
        for (var c = 0; c < tails.Length; c++)
        {
            // The tail's logits less log Σ e^tail, which is its cross-entropy for symbol 0 plus the logit of that, so that the cluster keeps its weight.
            var tail = Tail(rows, c);
            var logSum = Ops.CrossEntropy(tail, zeros, reduction: LossReduction.None).Reshape(zeros.Length, 1) + Ops.Slice(tail, 0, 1);
            var shift = Ops.Slice(head, cutoffs[0] + c, 1) - logSum;
            var ones = Tensor.MakeOn(x.Backend, () => Tensor.From([.. Enumerable.Repeat(1f, tail.Shape.Last)], tail.Shape.Last, 1));
            parts[c + 1] = tail + Ops.Linear(shift, ones);
        }

        return Ops.Reshape(Ops.Concat(parts), x.Shape.WithLast(Classes));
    }

    /// <summary>Cross-entropy in nats, the mean over targets: as of <see cref="Forward"/>'s logits, but without computing those of other clusters.</summary>
    /// <param name="x">[..., inputSize].</param>
    /// <param name="targets">[...], each in 0..classes-1, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">The target that takes no part. Default: -100.</param>
    /// <returns>[], one number; NaN when every target is ignored.</returns>
    /// <exception cref="ShapeException">The last dimension of x is not InputSize, or targets is not the shape of x without it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class.</exception>
    public Tensor Loss(Tensor x, IntTensor targets, int ignoreIndex = -100)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(targets);
        var rows = Rows(x);
        ShapeException.Require(targets.Shape, x.Shape.WithoutLast(), $"{this}.Loss", nameof(targets), $"They take the shape of x, {x.Shape}, without its last dimension.");
        var (heads, clusters) = (targets.ToArray(), Array.ConvertAll(tails, _ => new List<int>()));
        for (var row = 0; row < heads.Length; row++)
        {
            var target = heads[row];
            if (target == ignoreIndex)
            {
                // A number that no class and no cluster has in the head.
                heads[row] = Ignored;
                continue;
            }

            if ((uint)target >= (uint)Classes)
                throw new ArgumentOutOfRangeException(null, $"{this}.Loss: targets[{targets.Shape.IndicesAt(row)}] = {target}, but there are {Classes} classes (0..{Classes - 1}).");
            if (target < cutoffs[0])
                continue;
            var cluster = Array.FindLastIndex(cutoffs, cutoff => cutoff <= target);
            clusters[cluster].Add(row);
            heads[row] = cutoffs[0] + cluster;
        }

        var loss = Ops.CrossEntropy(Ops.Linear(rows, HeadWeight, HeadBias), IntTensor.From(heads), Ignored, reduction: LossReduction.Sum);
        for (var c = 0; c < tails.Length; c++)
        {
            if (clusters[c].Count == 0)
                continue;
            var (first, members) = (cutoffs[c], clusters[c]);
            var tail = Tail(Ops.Embedding(IntTensor.From([.. members]), rows), c);
            loss += Ops.CrossEntropy(tail, IntTensor.From([.. members.Select(row => targets.Values[row] - first)]), ignoreIndex: int.MinValue, reduction: LossReduction.Sum);
        }

        return Ops.Scale(loss, 1f / (heads.Length - targets.Values.Count(ignoreIndex)));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        return inputShape.WithLast(Classes);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"AdaptiveSoftmax(inputSize: {InputSize}, classes: {Classes}, cutoffs: [{string.Join(", ", Cutoffs)}]{(Divisor == 4 ? "" : $", divisor: {Divisor}")}{(HeadBias is null ? "" : ", headBias: true")})");

    private Tensor Rows(Tensor x)
    {
        RequireInput(x.Shape);
        return Ops.Reshape(x, new Shape(x.Shape.WithoutLast().Length, InputSize));
    }

    private Tensor Tail(Tensor rows, int cluster) => Ops.Linear(Ops.Linear(rows, tails[cluster].Down), tails[cluster].Up);

    private void RequireInput(Shape x)
    {
        if (x.Rank == 0 || x.Last != InputSize)
            throw new ShapeException($"{this}: x must be [..., {InputSize}], but got {x}. The last dimension must equal inputSize.");
    }
}

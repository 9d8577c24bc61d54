using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Losses;

public static partial class Loss
{
    /// <summary>
    /// Cross-entropy for a large vocabulary from the target and a few other classes alone, drawn anew for each call and shared by all rows: a stand-in
    /// for <see cref="CrossEntropy"/> in training, where its gradient comes close to the true one. Evaluate with CrossEntropy.
    /// </summary>
    /// <param name="x">What goes into the last layer, [..., inputSize].</param>
    /// <param name="weight">The last layer's, [classes, inputSize], the most frequent classes first.</param>
    /// <param name="bias">The last layer's, [classes]; null for none.</param>
    /// <param name="targets">[...], each in 0..classes-1, or <paramref name="ignoreIndex"/>.</param>
    /// <param name="samples">How many different classes are drawn, 1..classes.</param>
    /// <param name="random">Where they are drawn from.</param>
    /// <param name="ignoreIndex">The target that takes no part. Default: -100.</param>
    /// <returns>[], one number, the mean over targets in nats of the smaller choice; NaN when every target is ignored.</returns>
    /// <exception cref="ShapeException">The shapes do not fit one another.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A target is no class, or samples is not in 1..classes.</exception>
    /// <remarks>
    /// Every logit is lessened by the logarithm of how often its class was to be expected among the samples, and a sample that is a row's own target does not count
    /// for that row. Jean, Cho, Memisevic and Bengio, On Using Very Large Target Vocabulary for Neural Machine Translation, 2015. Classes are drawn by
    /// <see cref="LogUniformSampler"/>. Known elsewhere as tf.nn.sampled_softmax_loss.
    /// </remarks>
    public static Tensor SampledSoftmax(Tensor x, Tensor weight, Tensor? bias, IntTensor targets, int samples, RandomSource random, int ignoreIndex = -100)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        ArgumentNullException.ThrowIfNull(targets);
        ShapeException.RequireRank(weight.Shape, 2, "SampledSoftmax", nameof(weight), "[classes, inputSize]");
        var (classes, inputSize) = weight.Shape.AsMatrix();
        if (x.Shape.Rank == 0 || x.Shape.Last != inputSize)
            throw new ShapeException($"SampledSoftmax: x must be [..., {inputSize}], but got {x.Shape}. The last dimension must equal the inputSize of weight, which is {weight.Shape}.");
        ShapeException.Require(targets.Shape, x.Shape.WithoutLast(), "SampledSoftmax", nameof(targets), $"They take the shape of x, {x.Shape}, without its last dimension.");
        if (bias is not null)
            ShapeException.Require(bias.Shape, new Shape(classes), "SampledSoftmax", nameof(bias), "There is one number for each class of weight.");
        if (samples < 1 || samples > classes)
            throw new ArgumentOutOfRangeException(nameof(samples), $"SampledSoftmax: samples must be in 1..{classes}, the number of classes, but got {samples}.");

        var sampler = new LogUniformSampler(classes);
        var (drawn, draws) = sampler.Draw(random, samples);
        var (rows, own) = (targets.Length, Classes(targets, classes, ignoreIndex));
        float Correction(int id) => (float)-Math.Log(sampler.ExpectedCount(id, draws));

        // Column 0 is the row's own class, the others are the samples.
        var input = Ops.Reshape(x, new Shape(rows, inputSize));
        var (ownIds, drawnIds) = (IntTensor.From(own), IntTensor.From(drawn));
        var ownLogits = Ops.BatchMatMul(Ops.Reshape(input, new Shape(rows, 1, inputSize)), Ops.Reshape(Ops.Embedding(ownIds, weight), new Shape(rows, 1, inputSize)), transposeB: true).Reshape(rows, 1);
        var drawnLogits = Ops.Linear(input, Ops.Embedding(drawnIds, weight), bias is null ? null : Bias(drawnIds, samples));
        var logits = Ops.Concat(bias is null ? ownLogits : ownLogits + Bias(ownIds, rows, 1), drawnLogits);

        var corrections = new float[rows * (samples + 1)];
        for (var row = 0; row < rows; row++)
        {
            var to = corrections.AsSpan(row * (samples + 1), samples + 1);
            to[0] = Correction(own[row]);
            for (var k = 0; k < samples; k++)
                to[k + 1] = drawn[k] == own[row] ? float.NegativeInfinity : Correction(drawn[k]);
        }
        logits += Tensor.MakeOn(x.Backend, () => Tensor.From(corrections, rows, samples + 1));
        return Ops.CrossEntropy(logits, IntTensor.From([.. targets.ToArray().Select(target => target == ignoreIndex ? -100 : 0)]));

        Tensor Bias(IntTensor ids, params int[] shape) => Ops.Embedding(ids, Ops.Reshape(bias!, new Shape(classes, 1))).Reshape(shape);
    }

    // The targets, with class 0 in place of those that take no part.
    private static int[] Classes(IntTensor targets, int classes, int ignoreIndex)
    {
        var own = targets.ToArray();
        for (var row = 0; row < own.Length; row++)
        {
            if (own[row] == ignoreIndex)
                own[row] = 0;
            else if ((uint)own[row] >= (uint)classes)
                throw new ArgumentOutOfRangeException(nameof(targets), $"SampledSoftmax: targets[{targets.Shape.IndicesAt(row)}] = {own[row]}, but weight has {classes} classes (0..{classes - 1}).");
        }
        return own;
    }
}

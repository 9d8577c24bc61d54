using CourseKit.Tensors;

namespace CourseKit.Data;

/// <summary>What one step trains on: inputs and what they should give. Inputs are ids or features, targets are classes or values.</summary>
public sealed class Batch
{
    /// <summary>The class that takes no part in the loss.</summary>
    public const int IgnoredClass = -100;

    /// <summary>Ids in, classes out: a language model.</summary>
    /// <param name="ids">[batch, time].</param>
    /// <param name="classes">[batch, time], or [batch] for one answer a sequence; −100 takes no part.</param>
    /// <param name="continues">See <see cref="Continues"/>.</param>
    public Batch(IntTensor ids, IntTensor classes, bool continues = false) => (Ids, Classes, Continues) = (ids, classes, continues);

    /// <summary>Ids in, numbers out.</summary>
    /// <param name="ids">[batch, time].</param>
    /// <param name="values">[batch, outputSize] or [batch, time, outputSize].</param>
    /// <param name="continues">See <see cref="Continues"/>.</param>
    public Batch(IntTensor ids, Tensor values, bool continues = false) => (Ids, Values, Continues) = (ids, values, continues);

    /// <summary>Features in, classes out.</summary>
    /// <param name="features">[batch, time, inputSize].</param>
    /// <param name="classes">[batch, time], or [batch] for one answer a sequence; −100 takes no part.</param>
    /// <param name="continues">See <see cref="Continues"/>.</param>
    public Batch(Tensor features, IntTensor classes, bool continues = false) => (Features, Classes, Continues) = (features, classes, continues);

    /// <summary>Features in, numbers out: a forecast.</summary>
    /// <param name="features">[batch, time, inputSize].</param>
    /// <param name="values">[batch, outputSize] or [batch, time, outputSize].</param>
    /// <param name="continues">See <see cref="Continues"/>.</param>
    public Batch(Tensor features, Tensor values, bool continues = false) => (Features, Values, Continues) = (features, values, continues);

    /// <summary>Inputs as ids, [batch, time]; null when they are features.</summary>
    public IntTensor? Ids { get; }

    /// <summary>Inputs as numbers, [batch, time, inputSize]; null when they are ids.</summary>
    public Tensor? Features { get; }

    /// <summary>What a decoder reads while it writes the classes, [batch, targetSteps]: the classes one step later, behind a start symbol. Null for models without one. Default: null.</summary>
    public IntTensor? DecoderIds { get; init; }

    /// <summary>Targets as classes; null when they are numbers.</summary>
    public IntTensor? Classes { get; }

    /// <summary>Targets as numbers; null when they are classes.</summary>
    public Tensor? Values { get; }

    /// <summary>Which time steps there are: [batch, time] of 1 and 0, where 0 is padding that recurrent layers pass over. Null: all of them. Default: null.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>Whether every row goes on where the same row of the batch before ended, so that the model's state is carried over. False starts from zeros.</summary>
    public bool Continues { get; }

    /// <summary>Over how many targets the loss is a mean: the classes that are not ignored, or all values but those of padded time steps.</summary>
    public int TargetCount => Classes is not null
        ? Classes.Length - Classes.Values.Count(IgnoredClass)
        : ValueMask is { } mask ? (mask.Length - mask.ToArray().AsSpan().Count(0)) * Values!.Shape.Last : Values!.Length;

    /// <summary>The mask of the values, [batch, time], when they are [batch, time, outputSize]; null when none is padding, and for one answer a sequence.</summary>
    public Tensor? ValueMask => Values?.Shape.Rank == 3 ? Mask : null;

    /// <summary>Input numbers along batch and time: what the progress line counts.</summary>
    public int InputCount => Ids?.Length ?? Features!.Length / Math.Max(1, Features.Shape.Last);
}

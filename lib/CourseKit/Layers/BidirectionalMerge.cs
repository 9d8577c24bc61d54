namespace CourseKit.Layers;

/// <summary>What a bidirectional layer makes of its two directions. Keras: merge_mode.</summary>
public enum BidirectionalMerge
{
    /// <summary>The reverse direction's numbers behind the forward direction's: [batch, time, 2·hiddenSize]. PyTorch's only way. Schuster and Paliwal, 1997.</summary>
    Concat,

    /// <summary>forward + reverse: [batch, time, hiddenSize].</summary>
    Sum,

    /// <summary>forward·reverse, number by number: [batch, time, hiddenSize].</summary>
    Multiply,

    /// <summary>(forward + reverse)/2: [batch, time, hiddenSize].</summary>
    Average,

    /// <summary>
    /// Both, kept apart in a dimension of their own: [batch, time, 2, hiddenSize], forward first. In a stack each direction reads only its own direction below,
    /// as in ELMo (Peters and others, 2018). A layer behind it that works on the last dimension, as Linear does, works on each by itself.
    /// </summary>
    None,
}

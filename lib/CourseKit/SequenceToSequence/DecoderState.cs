using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.SequenceToSequence;

/// <summary>What the decoder of an <see cref="EncoderDecoder"/> carries from one token to the next.</summary>
/// <param name="Recurrent">The decoder layer's state.</param>
/// <param name="Fed">With input feeding the vector h~ of the step before, [rows, hiddenSize], zeros at first; else null.</param>
/// <param name="Source">What attention looks at; null without attention.</param>
/// <param name="SourceRows">Which row of the encoded sources each row belongs to: rows of one source share it in a beam.</param>
public sealed record DecoderState(RecurrentState Recurrent, Tensor? Fed, AttentionSource? Source, IReadOnlyList<int> SourceRows);

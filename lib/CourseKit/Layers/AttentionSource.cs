using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>A source that an <see cref="Attention"/> layer has prepared: made once, looked up at every time step.</summary>
/// <param name="Keys">The keys as the layer's score takes them, [batch, sourceSteps, ...].</param>
/// <param name="Values">What contexts are made of, [batch, sourceSteps, size].</param>
/// <param name="Mask">[batch, sourceSteps] of 1 and 0; null for all 1.</param>
public sealed record AttentionSource(Tensor Keys, Tensor Values, Tensor? Mask = null);

using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>A whole encoder and decoder as one layer: it reads one sequence of ids, and beside it a second one, of which it foretells every next id.</summary>
public abstract class PairLayer : Layer
{
    /// <summary>Runs the layer.</summary>
    /// <param name="ids">What is read first, [batch, sourceSteps].</param>
    /// <param name="decoderIds">What the decoder reads, [batch, targetSteps]: a start symbol, then what is known so far.</param>
    /// <param name="mask">[batch, sourceSteps] of 1 and 0, 0 at padding; null for all 1.</param>
    /// <returns>Logits, [batch, targetSteps, vocabularySize], and the weights of attention, [batch, targetSteps, sourceSteps], null without it.</returns>
    /// <exception cref="ShapeException">The batches differ, or a shape is not as said.</exception>
    public abstract (Tensor Output, Tensor? Weights) Forward(IntTensor ids, IntTensor decoderIds, Tensor? mask = null);
}

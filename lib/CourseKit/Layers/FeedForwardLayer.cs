using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>A layer that makes one tensor of another and carries no state.</summary>
public abstract class FeedForwardLayer : Layer
{
    /// <summary>Runs the layer.</summary>
    /// <param name="x">What <see cref="Layer.OutputShape"/> accepts.</param>
    /// <returns>A tensor of the shape that <see cref="Layer.OutputShape"/> tells.</returns>
    /// <exception cref="ShapeException">The layer does not take x.</exception>
    public abstract Tensor Forward(Tensor x);
}

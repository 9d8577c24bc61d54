using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>The operations of <see cref="Ops"/> that read well behind a tensor or between two: loss.Backward(), x.Mean(), a + b.</summary>
public static class TensorOperations
{
    extension(Tensor x)
    {
        /// <summary>a + b, number by number.</summary>
        /// <exception cref="ShapeException">The shapes differ.</exception>
        public static Tensor operator +(Tensor a, Tensor b) => Ops.Add(a, b);

        /// <summary>a − b, number by number.</summary>
        /// <exception cref="ShapeException">The shapes differ.</exception>
        public static Tensor operator -(Tensor a, Tensor b) => Ops.Subtract(a, b);

        /// <summary>a·b, number by number.</summary>
        /// <exception cref="ShapeException">The shapes differ.</exception>
        public static Tensor operator *(Tensor a, Tensor b) => Ops.Multiply(a, b);

        /// <summary>x times a number.</summary>
        public static Tensor operator *(Tensor a, float scale) => Ops.Scale(a, scale);

        /// <summary>x times a number.</summary>
        public static Tensor operator *(float scale, Tensor a) => Ops.Scale(a, scale);

        /// <summary>Computes the gradient of this loss with respect to every tensor that requires one, adding to what <see cref="Tensor.Gradient"/> holds.</summary>
        /// <exception cref="ShapeException">The loss is not one number.</exception>
        /// <exception cref="InvalidOperationException">No step is running, the step has already gone backward, or the loss depends on nothing that requires a gradient.</exception>
        public void Backward() => Tape.Backward(x);

        /// <summary>The sum of all numbers, as a tensor of one number.</summary>
        public Tensor Sum() => Ops.Sum(x);

        /// <summary>The mean of all numbers, as a tensor of one number.</summary>
        /// <exception cref="ShapeException">There are no numbers.</exception>
        public Tensor Mean() => Ops.Mean(x);

        /// <summary>The same numbers in the same order under another shape.</summary>
        /// <param name="shape">One size a dimension.</param>
        /// <exception cref="ShapeException">The shape holds another number of numbers.</exception>
        public Tensor Reshape(params int[] shape) => Ops.Reshape(x, new Shape(shape));
    }
}

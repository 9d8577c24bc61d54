using System.Runtime.CompilerServices;

namespace CourseKit.Tensors;

/// <summary>A tensor has the wrong shape. The message says who found it, what was expected, what came, and the mend.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Makes the exception without a message of its own.</summary>
    public ShapeException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who, expected, got, mend.</param>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">Who, expected, got, mend.</param>
    /// <param name="innerException">What went wrong below.</param>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Holds a tensor to a shape.</summary>
    internal static void Require(Shape got, Shape expected, string who, string what, string mend)
    {
        if (got != expected)
            throw new ShapeException($"{who}: {what} must be {expected}, but got {got}. {mend}");
    }

    /// <summary>Holds a tensor to a shape; the mend is put together only when it is needed.</summary>
    internal static void Require(Shape got, Shape expected, string who, string what, [InterpolatedStringHandlerArgument(nameof(got), nameof(expected))] ShapeMend mend)
    {
        if (got != expected)
            Require(got, expected, who, what, mend.Text);
    }

    /// <summary>Holds a tensor to a number of dimensions, which the form names: "[batch, time, inputSize]".</summary>
    internal static void RequireRank(Shape got, int rank, string who, string what, string form)
    {
        if (got.Rank != rank)
            throw new ShapeException($"{who}: {what} must be {form}, but got {got}.");
    }

    /// <summary>Holds a tensor to a number of dimensions, which the form names; it is put together only when it is needed.</summary>
    internal static void RequireRank(Shape got, int rank, string who, string what, [InterpolatedStringHandlerArgument(nameof(got), nameof(rank))] ShapeMend form)
    {
        if (got.Rank != rank)
            RequireRank(got, rank, who, what, form.Text);
    }

    /// <summary>Holds two tensors to one shape.</summary>
    internal static void RequireSame(Shape a, Shape b, string who)
    {
        if (a != b)
            throw new ShapeException($"{who}: both tensors must have the same shape, but got {a} and {b}.");
    }
}

using System.Reflection;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <summary>What a function gave for some arguments: a value, or the exception that it threw.</summary>
internal sealed record Answer(object? Value, Exception? Error)
{
    /// <summary>Calls a function with copies of the arguments, so that what it does to them harms no other call.</summary>
    public static Answer Of(Delegate function, object?[] arguments)
    {
        try
        {
            return new Answer(function.DynamicInvoke([.. arguments.Select(Copy)]), null);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner and not OperationCanceledException)
        {
            return new Answer(null, inner);
        }
    }

    /// <summary>Whether both are the same to the tolerance, or the same kind of exception.</summary>
    public bool Agrees(Answer other, double tolerance) =>
        Error is not null || other.Error is not null
            ? Error?.GetType() == other.Error?.GetType()
            : Difference.Between(Value, other.Value, tolerance, []) is null;

    private static object? Copy(object? value) => value switch
    {
        // Rows of rows are copied too.
        Array { Rank: 1 } array when array.GetType().GetElementType() is { IsArray: true } element => Rows(array, element),
        Array array => array.Clone(),
        Matrix<double> matrix => matrix.Clone(),
        Vector<double> vector => vector.Clone(),
        _ => value,
    };

    private static Array Rows(Array array, Type element)
    {
        var copy = Array.CreateInstance(element, array.Length);
        for (var k = 0; k < array.Length; k++)
            copy.SetValue(Copy(array.GetValue(k)), k);
        return copy;
    }
}

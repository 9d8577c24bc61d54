namespace CourseKit.Backends;

/// <summary>Memory for numbers that one backend owns. Nobody disposes it: pools and the garbage collector take it back.</summary>
/// <param name="length">How many numbers it holds, at least 0.</param>
public abstract class Storage(int length)
{
    /// <summary>How many numbers it holds.</summary>
    public int Length { get; } = length;
}

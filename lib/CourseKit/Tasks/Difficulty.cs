namespace CourseKit.Tasks;

/// <summary>How hard an example is.</summary>
/// <param name="Length">Digits of the numbers: each is drawn evenly from 1..10^Length.</param>
/// <param name="Nesting">Operators of a program.</param>
/// <param name="IsMixed">Length and Nesting are the greatest: each number draws a length of its own from 1..Length, and each program a nesting from 1..Nesting. Default: false.</param>
public readonly record struct Difficulty(int Length, int Nesting = 1, bool IsMixed = false)
{
    /// <summary>"length 4, nesting 2", and "up to" before it where it is mixed.</summary>
    public override string ToString() => FormattableString.Invariant($"{(IsMixed ? "up to " : "")}length {Length}, nesting {Nesting}");
}

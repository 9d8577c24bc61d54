using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>Copying, called memorisation in the paper: read Length digits, write them. Nesting has no meaning here.</summary>
/// <remarks>Zaremba and Sutskever, Learning to Execute, 2014. Digits are drawn evenly; with IsMixed their number is drawn from 1..Length.</remarks>
public sealed class CopyTask : DigitTask
{
    /// <summary>Makes the task.</summary>
    /// <param name="reversed">Show the input from the last digit to the first. Default: false.</param>
    /// <param name="doubled">Show the input twice. Default: false.</param>
    public CopyTask(bool reversed = false, bool doubled = false)
        : base("", reversed, doubled)
    {
    }

    private protected override TextExample Make(Difficulty difficulty, RandomSource random)
    {
        var digits = new char[difficulty.IsMixed ? 1 + random.NextInt(difficulty.Length) : difficulty.Length];
        foreach (ref var digit in digits.AsSpan())
            digit = (char)('0' + random.NextInt(10));
        return Formed(new(new(digits), new string(digits) + TextExample.End));
    }
}

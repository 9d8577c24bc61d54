using System.Globalization;
using System.Numerics;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>Addition: read print(a+b), write the sum. Both numbers have Length digits; Nesting has no meaning here.</summary>
/// <remarks>Zaremba and Sutskever, Learning to Execute, 2014. Numbers are drawn evenly from all of so many digits, without a 0 in front; with IsMixed each draws its length from 1..Length.</remarks>
public sealed class AdditionTask : DigitTask
{
    /// <summary>Makes the task.</summary>
    /// <param name="reversed">Show the input from the last character to the first. Default: false.</param>
    /// <param name="doubled">Show the input twice. Default: false.</param>
    public AdditionTask(bool reversed = false, bool doubled = false)
        : base("print()+", reversed, doubled)
    {
    }

    private protected override TextExample Make(Difficulty difficulty, RandomSource random)
    {
        var (a, b) = (Number(difficulty, random), Number(difficulty, random));
        return Formed(new($"print({a}+{b})", (a + b).ToString(CultureInfo.InvariantCulture) + TextExample.End));
    }

    private static BigInteger Number(Difficulty difficulty, RandomSource random)
    {
        var number = new BigInteger(1 + random.NextInt(9));
        for (var length = difficulty.IsMixed ? 1 + random.NextInt(difficulty.Length) : difficulty.Length; length > 1; length--)
            number = number * 10 + random.NextInt(10);
        return number;
    }
}

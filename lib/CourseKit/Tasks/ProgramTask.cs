using System.Globalization;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>Learning to execute: read a Python program, write what it prints. Length says how many digits its numbers have, Nesting how many operators follow one another.</summary>
/// <remarks>
/// <para>
/// Zaremba and Sutskever, Learning to Execute, 2014. Each operator is drawn evenly from six and works on what the operator before it gave, which takes the place of one of its operands,
/// drawn evenly; the others are new numbers, drawn evenly from 1..10^Length. k and n are drawn evenly from 1..4·Length, v from the letters a..j that the program does not have yet:
/// </para>
/// <code>
/// (a+b) or (a-b)                          sum, difference
/// (a*k) or (k*a)                          product with a small number
/// a                                       equality: the operand itself
/// v=a;      then (v+b) or (v-b)           variable
/// v=a       for x in range(n):v+=b        loop, or v-=b; then v
/// (c if a&gt;b else d)                       conditional, or a&lt;b
/// </code>
/// <para>The program ends in print(...), the target in a dot. A program never has a line's end behind its last line.</para>
/// </remarks>
public sealed class ProgramTask : TextTask
{
    /// <summary>The greatest length: numbers up to 10^18.</summary>
    public const int MostLength = 18;

    /// <summary>The greatest nesting: there are ten letters for variables.</summary>
    public const int MostNesting = 10;

    /// <summary>Makes the task.</summary>
    public ProgramTask()
        : base("\n ()*+-0123456789:;<=>abcdefghijklnoprstx")
    {
    }

    /// <summary>"ProgramTask".</summary>
    public override string ToString() => nameof(ProgramTask);

    private protected override void Check(Difficulty difficulty)
    {
        RequireIn(difficulty.Length, 1, MostLength, nameof(Difficulty.Length));
        RequireIn(difficulty.Nesting, 1, MostNesting, nameof(Difficulty.Nesting));
    }

    private protected override TextExample Make(Difficulty difficulty, RandomSource random)
    {
        var (text, value) = new ProgramWriter(difficulty, random).Write();
        return new(text, value.ToString(CultureInfo.InvariantCulture) + TextExample.End);
    }
}

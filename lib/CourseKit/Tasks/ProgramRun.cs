using System.Numerics;

namespace CourseKit.Tasks;

/// <summary>What a program has while it runs: its variables, and how much it may still do.</summary>
internal sealed class ProgramRun
{
    /// <summary>Operations at most, so that every program ends.</summary>
    public const int MostSteps = 1_000_000;

    // Of numbers with MostDigits digits.
    private static readonly long MostBits = (long)Math.Ceiling(ProgramLexer.MostDigits * Math.Log2(10));

    private int steps;

    public Dictionary<string, BigInteger> Variables { get; } = [];

    /// <summary>What print has been given; null while it has not.</summary>
    public BigInteger? Printed { get; set; }

    /// <summary>Counts an operation.</summary>
    public void Count(int line, int column)
    {
        if (++steps > MostSteps)
            throw new ProgramException(line, column, $"the program takes more than {MostSteps} operations. Shorten its loops.");
    }

    /// <summary>Holds a result to the greatest number of digits.</summary>
    public static BigInteger Held(BigInteger value, int line, int column) => value.GetBitLength() <= MostBits
        ? value
        : throw new ProgramException(line, column, $"a number may have at most {ProgramLexer.MostDigits} digits, but this result has more.");
}

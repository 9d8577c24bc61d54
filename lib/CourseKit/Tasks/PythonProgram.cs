using System.Numerics;

namespace CourseKit.Tasks;

/// <summary>
/// A program in the small part of Python that learning to execute uses: whole numbers, + − *, variables, loops over range, conditional expressions, and print(...) in the last line.
/// It is read and run here, without Python, and gives what Python gives.
/// </summary>
/// <remarks>
/// Numbers have up to 1000 digits. Any text may be given: one that is not such a program is refused with line, column and reason, and so is one that would take more than a million
/// operations. Zaremba and Sutskever, Learning to Execute, 2014.
/// </remarks>
public sealed class PythonProgram
{
    /// <summary>Characters of a program at most.</summary>
    public const int MostCharacters = 100_000;

    private readonly IReadOnlyList<ProgramStatement> statements;

    private PythonProgram(string text, IReadOnlyList<ProgramStatement> statements) => (Text, this.statements) = (text, statements);

    /// <summary>The program as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a program.</summary>
    /// <param name="text">Its lines. A loop's body stands on the loop's line or indented below it; what follows # is a comment.</param>
    /// <exception cref="ProgramException">It is not such a program, or too long or too deep.</exception>
    public static PythonProgram Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text, ProgramParser.Parse(text));
    }

    /// <summary>Reads and runs a program.</summary>
    /// <inheritdoc cref="Parse" path="/param"/>
    /// <returns>What it prints.</returns>
    /// <exception cref="ProgramException">It is not such a program, or cannot be run to its end.</exception>
    public static BigInteger Evaluate(string text) => Parse(text).Run();

    /// <summary>Runs the program.</summary>
    /// <returns>What it prints.</returns>
    /// <exception cref="ProgramException">A variable has no value, a number becomes too long, or there are too many operations.</exception>
    public BigInteger Run()
    {
        var run = new ProgramRun();
        foreach (var statement in statements)
            statement.Execute(run);
        return run.Printed!.Value;
    }

    /// <summary>The program's text.</summary>
    public override string ToString() => Text;
}

using System.Numerics;
using CourseKit.Tasks;
using CourseKit.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Tasks;

public class PythonProgramTests
{
    private static readonly string[] Pieces =
    [
        "print", "(", ")", "\n", "    ", "  ", ";", "=", "+=", "-=", "+", "-", "*", "<", ">", " if ", " else ", "for ", "x", " in ", "range", ":", "a", "bc", "7", "10", "0", "\t", "#", ",", ".", "\r\n", "é", "\0", "😀",
        "print(", "a=1\n", "for x in range(3):", "a+=2", "\n ", "(1 if 2<3 else 4)",
    ];

    [Theory]
    [InlineData("j=8584\nfor x in range(8):\n    j+=920\nb=(1500+j)\nprint((b+7567))", 25011)]
    [InlineData("j=8584  \nfor x in range(8):j+=920\nb=(1500+j)  \nprint((b+7567))\n", 25011)]
    [InlineData("i=8827\nc=(i-5347)\nprint((c+8704) if 2641<8500 else 5308)", 12184)]
    [InlineData("i=8827  \nc=(i-5347)  \nprint((c+8704) if  \n2641<8500 else 5308)", 12184)]
    public void Evaluate_TheDecksPrograms_GiveTheirTargets(string program, int target) => Assert.Equal(target, PythonProgram.Evaluate(program));

    [Theory]
    [InlineData("print(7)", 7)]
    [InlineData("print(2+3*4-5)", 9)]
    [InlineData("print((2+3)*4)", 20)]
    [InlineData("print(10-3-2)", 5)]
    [InlineData("print(-3*-2)", 6)]
    [InlineData("print(--+-2)", -2)]
    [InlineData("print(1 if 2>3 else 4 if 5<6 else 7)", 4)]
    [InlineData("print(1 if 3>3 else 2)", 2)]
    [InlineData("print(1 if 3<3 else 2)", 2)]
    [InlineData("a=1;print(a)", 1)]
    [InlineData("a=1;b=2;\nprint(a+b);", 3)]
    [InlineData("# first\n\na = 5 # five\n   # indented\nprint( a )\n\n# last", 5)]
    [InlineData("a=1\r\nprint(a)\r\n", 1)]
    [InlineData("a=1\rprint(a)", 1)]
    [InlineData("s=0\nfor x in range(4):s+=x;s+=10\nprint(s)", 46)]
    [InlineData("s=0\nfor i in range(3):\n  for k in range(i):\n    s+=1\n  s+=100\nprint(s)", 303)]
    [InlineData("s=7\nfor x in range(0):s+=q\nprint(s)", 7)]
    [InlineData("s=7\nfor x in range(0-5):s+=1\nprint(s)", 7)]
    [InlineData("x=5\nfor x in range(3):\n\n    # body\n    y=x\nprint(x*10+y)", 22)]
    [InlineData("n=2\nfor x in range(n):n+=1\nprint(n)", 4)]
    [InlineData("count_1=3\nprint(count_1)", 3)]
    public void Evaluate_EachForm_GivesWhatPythonGives(string program, int value) => Assert.Equal(value, PythonProgram.Evaluate(program));

    [Fact]
    public void Evaluate_NumbersBeyond64Bits_AreExact() =>
        Assert.Equal(BigInteger.Pow(10, 36) - 1, PythonProgram.Evaluate("print((1000000000000000000+1)*(1000000000000000000-1))"));

    [Theory]
    [InlineData("", 1, 1, "expected print(...) as the last line, but the program ends. A program must print its answer.")]
    [InlineData("a=1", 1, 4, "expected print(...) as the last line, but the program ends. A program must print its answer.")]
    [InlineData("print()", 1, 7, "expected a number, a variable or '(', but got ')'.")]
    [InlineData("print(1)\nprint(2)", 2, 1, "print(...) must be the last line, but more follows. Leave out what follows.")]
    [InlineData("print(1) 2", 1, 10, "expected the line's end after print(...), but got the number 2.")]
    [InlineData("print((3+4)", 1, 6, "this '(' is never closed. Put a ')' where its content ends.")]
    [InlineData("print(3+4))", 1, 11, "this ')' closes no '('. Leave it out, or open one before it.")]
    [InlineData("a=1\nb=(a+\nprint(b)", 2, 3, "this '(' is never closed. Put a ')' where its content ends.")]
    [InlineData("a=1\nb=a+\nprint(b)", 2, 5, "expected a number, a variable or '(', but the line ends.")]
    [InlineData("a=1 b=2\nprint(a)", 1, 5, "expected ';' or the line's end, but got 'b'.")]
    [InlineData("a\nprint(1)", 1, 2, "expected =, += or -= after a, but the line ends.")]
    [InlineData("3=a\nprint(1)", 1, 1, "expected a variable's name, but got the number 3.")]
    [InlineData("if=3\nprint(1)", 1, 1, "expected a variable's name, but 'if' is a word of the language. Take another name.")]
    [InlineData("print(range)", 1, 7, "expected a number, a variable or '(', but got 'range'.")]
    [InlineData("print(a)", 1, 7, "the variable a has no value yet. Assign one in a line before.")]
    [InlineData("a+=1\nprint(a)", 1, 1, "the variable a has no value yet that += could change. Assign one in a line before.")]
    [InlineData("print(1.5)", 1, 8, "a number must be whole, but here is a decimal point. Leave it out.")]
    [InlineData("print(007)", 1, 7, "a number must not begin with 0. Leave the zeros out.")]
    [InlineData("print(3a)", 1, 8, "'a' stands right behind a number. Put a space or an operator between them.")]
    [InlineData("print(3/2)", 1, 8, "'/' has no meaning here. Programs are made of numbers, names and the symbols + - * = += -= < > ( ) : ;")]
    [InlineData("a=1\nprint(😀)", 2, 7, "the character U+D83D has no meaning here. Programs are made of numbers, names and the symbols + - * = += -= < > ( ) : ;")]
    [InlineData("print(1<2)", 1, 8, "a comparison may only stand between if and else, but here is '<' elsewhere.")]
    [InlineData("print(1 if 2 else 3)", 1, 14, "expected < or > in the condition, but got 'else'.")]
    [InlineData("print(1 if 2<3)", 1, 15, "expected 'else', but got ')'.")]
    [InlineData("print(1 if 2==2 else 3)", 1, 13, "expected < or > in the condition, but got '='.")]
    [InlineData("for x in range(3):\nprint(1)", 2, 1, "expected the loop's body, on the loop's line or indented below it, but there is none.")]
    [InlineData("a=0\nfor x in range(3):\n  a+=1\n    a+=1\nprint(a)", 4, 5, "the line is indented further than the loop's body begins. Indent all lines of the body alike.")]
    [InlineData("a=0\nfor x in range(3):\n    a+=1\n  a+=1\nprint(a)", 4, 3, "the line is indented by 2 spaces, which no block before it is. Indent it as the block that it belongs to.")]
    [InlineData("a=0\n  a=1\nprint(a)", 2, 3, "the line is indented, but belongs to no loop. Begin it at the left margin.")]
    [InlineData("\ta=0\nprint(a)", 1, 1, "a line may be indented by spaces only, but here is a tab. Write spaces.")]
    [InlineData("for x in range(3):print(x)", 1, 19, "print(...) may only be the last line of the program, not inside a loop. Begin it at the left margin.")]
    [InlineData("for x in range(3):for y in range(2):a=1\nprint(a)", 1, 19, "a loop must begin a line of its own. Put it there, indented when it is inside another loop.")]
    [InlineData("for x on range(3):a=1\nprint(a)", 1, 7, "expected 'in', but got 'on'.")]
    [InlineData("for x in range(3)\n  a=1\nprint(a)", 1, 18, "expected ':', but the line ends.")]
    public void Evaluate_MalformedProgram_NamesLineColumnAndReason(string program, int line, int column, string reason)
    {
        var error = Assert.Throws<ProgramException>(() => PythonProgram.Evaluate(program));
        Assert.Equal((line, column, reason), (error.Line, error.Column, error.Reason));
        Assert.Equal($"Program, line {line}, column {column}: {reason}", error.Message);
    }

    [Fact]
    public void Evaluate_HostileProgram_IsRefusedSoon()
    {
        Refuses("takes more than 1000000 operations", "a=0\nfor x in range(1000000000000):a+=1\nprint(a)");
        Refuses("takes more than 1000000 operations", "a=0\nfor x in range(2000):\n for y in range(2000):\n  a+=1\nprint(a)");
        Refuses("may have at most 1000 digits, but this result has more", "a=2\nfor x in range(99):\n  b=a*a\n  a=b\nprint(a)");
        Refuses("may have at most 1000 digits, but this result has more", $"a={new string('9', 1000)}\nfor x in range(99):a+=a\nprint(a)");
        Refuses("may have at most 1000 digits, but this one has 1001", $"print({new string('9', 1001)})");
        Refuses("may have at most 100000 characters, but this one has more", new string(' ', 100_001));
        foreach (var (open, inner, close) in new[] { ("(", "1", ")"), ("-", "1", ""), ("1+", "1", ""), ("1*", "1", ""), ("1 if 1<2 else ", "1", "") })
            Refuses("lie in one another here", $"print({Repeat(open, 5000)}{inner}{Repeat(close, 5000)})");
        Refuses("lie in one another here", string.Concat(Enumerable.Range(0, 400).Select(depth => $"{new string(' ', depth)}for x in range(1):\n")) + $"{new string(' ', 400)}a={Repeat("(", 200)}1{Repeat(")", 200)}\nprint(a)");
        Assert.Equal(1, PythonProgram.Evaluate($"print({Repeat("(", 400)}1{Repeat(")", 400)})"));
    }

    [Fact]
    public void Evaluate_AnyPiecesOfPrograms_GiveANumberOrAProgramException() =>
        Prop.ForAll(Gen.Elements(Pieces).ArrayOf().ToArbitrary(), pieces => IsAnsweredOrRefused(string.Concat(pieces))).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Evaluate_AnyText_GivesANumberOrAProgramException() =>
        Prop.ForAll<string?>(text => IsAnsweredOrRefused(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    /// <summary>Good programs with one character changed, left out or put in.</summary>
    [Fact]
    public void Evaluate_DamagedProgram_GivesANumberOrAProgramException()
    {
        var (random, task) = (new RandomSource(1), new ProgramTask());
        for (var i = 0; i < 20_000; i++)
        {
            var text = task.Draw(new(1 + random.NextInt(9), 1 + random.NextInt(4)), random).Input;
            var at = random.NextInt(text.Length);
            var piece = Pieces[random.NextInt(Pieces.Length)];
            Assert.True(IsAnsweredOrRefused(random.NextInt(3) switch { 0 => text.Remove(at, 1), 1 => text.Insert(at, piece), _ => text.Remove(at, 1).Insert(at, piece) }));
        }
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    private static void Refuses(string reason, string program) =>
        Assert.Contains(reason, Assert.Throws<ProgramException>(() => PythonProgram.Evaluate(program)).Message, StringComparison.Ordinal);

    private static bool IsAnsweredOrRefused(string text)
    {
        try
        {
            return PythonProgram.Evaluate(text) is var _;
        }
        catch (ProgramException e)
        {
            return e.Line >= 1 && e.Column >= 1 && e.Reason.Length > 0 && !e.Reason.Contains('\n', StringComparison.Ordinal);
        }
    }
}

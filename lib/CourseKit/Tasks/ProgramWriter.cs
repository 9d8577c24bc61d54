using System.Numerics;
using CourseKit.Tensors;

namespace CourseKit.Tasks;

/// <summary>Draws one program, and computes its value on the way.</summary>
internal sealed class ProgramWriter(Difficulty difficulty, RandomSource random)
{
    private readonly List<string> lines = [];
    private readonly List<char> letters = [.. "abcdefghij"];
    private (string Text, BigInteger Value)? before;

    public (string Text, BigInteger Value) Write()
    {
        var nesting = difficulty.IsMixed ? 1 + random.NextInt(difficulty.Nesting) : difficulty.Nesting;
        for (var i = 0; i < nesting; i++)
        {
            before = random.NextInt(6) switch
            {
                0 => Pair(),
                1 => SmallProduct(),
                2 => Operands(1)[0],
                3 => Variable(),
                4 => Loop(),
                _ => Conditional(),
            };
        }
        lines.Add($"print({before!.Value.Text})");
        return (string.Join('\n', lines), before.Value.Value);
    }

    /// <summary>A number drawn evenly from 1..10^length, in pieces that a draw can give.</summary>
    internal static long Number(int length, RandomSource random)
    {
        var number = 0L;
        for (var left = length; left > 0; left -= 9)
        {
            var size = (int)Math.Pow(10, Math.Min(left, 9));
            number = number * size + random.NextInt(size);
        }
        return number + 1;
    }

    private (string, BigInteger) Pair()
    {
        var operands = Operands(2);
        return Sum(operands[0], operands[1]);
    }

    private (string, BigInteger) SmallProduct()
    {
        var (text, value) = Operands(1)[0];
        var k = Small();
        return (random.NextInt(2) == 0 ? $"({text}*{k})" : $"({k}*{text})", value * k);
    }

    private (string, BigInteger) Variable()
    {
        var operands = Operands(2);
        var letter = Letter();
        lines.Add($"{letter}={operands[0].Text};");
        return Sum(($"{letter}", operands[0].Value), operands[1]);
    }

    private (string, BigInteger) Loop()
    {
        var operands = Operands(2);
        var (letter, times, adds) = (Letter(), Small(), random.NextInt(2) == 0);
        lines.Add($"{letter}={operands[0].Text}");
        lines.Add($"for x in range({times}):{letter}{(adds ? '+' : '-')}={operands[1].Text}");
        return ($"{letter}", operands[0].Value + (adds ? times : -times) * operands[1].Value);
    }

    private (string, BigInteger) Conditional()
    {
        var operands = Operands(4);
        var (a, b, c, d) = (operands[0], operands[1], operands[2], operands[3]);
        var isGreater = random.NextInt(2) == 0;
        return ($"({c.Text} if {a.Text}{(isGreater ? '>' : '<')}{b.Text} else {d.Text})", (isGreater ? a.Value > b.Value : a.Value < b.Value) ? c.Value : d.Value);
    }

    private (string, BigInteger) Sum((string Text, BigInteger Value) a, (string Text, BigInteger Value) b) =>
        random.NextInt(2) == 0 ? ($"({a.Text}+{b.Text})", a.Value + b.Value) : ($"({a.Text}-{b.Text})", a.Value - b.Value);

    /// <summary>What the operator before gave, at a place that is drawn, and new numbers at the others.</summary>
    private (string Text, BigInteger Value)[] Operands(int count)
    {
        var place = before is null ? -1 : random.NextInt(count);
        var operands = new (string, BigInteger)[count];
        for (var i = 0; i < count; i++)
        {
            if (i == place)
            {
                operands[i] = before!.Value;
                continue;
            }
            var number = Number(Length(), random);
            operands[i] = ($"{number}", number);
        }
        return operands;
    }

    private int Small() => 1 + random.NextInt(4 * Length());

    private int Length() => difficulty.IsMixed ? 1 + random.NextInt(difficulty.Length) : difficulty.Length;

    private char Letter()
    {
        var index = random.NextInt(letters.Count);
        var letter = letters[index];
        letters.RemoveAt(index);
        return letter;
    }
}

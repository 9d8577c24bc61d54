using System.Globalization;
using System.Text.RegularExpressions;
using CourseKit.Tasks;
using CourseKit.Tensors;

namespace CourseKit.Tests.Tasks;

public partial class ProgramTaskTests
{
    private static readonly ProgramTask Task = new();

    // Programs come one a line, with their line ends written as backslash and n.
    private const string Executor = """
        import contextlib, io, sys
        for line in sys.stdin:
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(line.rstrip('\n').replace('\\n', '\n'), {})
            sys.stdout.write(out.getvalue())
        """;

    [PythonFact]
    public void Draw_TenThousandPrograms_AgreeWithARealPythonAndWithOurs()
    {
        var random = new RandomSource(42);
        TextExample[] examples = [.. Enumerable.Range(0, 10_000).Select(i => Task.Draw(new(1 + i % 9, 1 + i / 9 % 4, IsMixed: i % 5 == 0), random))];
        var (code, output, error) = PythonFactAttribute.Run(Executor, string.Concat(examples.Select(example => example.Input.Replace("\n", "\\n", StringComparison.Ordinal) + "\n")));
        Assert.True(code == 0, error);

        var lines = output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r') + ".").ToArray();
        Assert.Equal(examples.Select(example => example.Target), lines);
        Assert.All(examples, example => Assert.Equal(example.Target, Answer(example.Input)));
        Assert.True(examples.Select(example => example.Input).Distinct().Count() > 9000);
    }

    [Fact]
    public void Draw_TwentyThousandHardPrograms_AgreeWithOurInterpreter()
    {
        var random = new RandomSource(7);
        for (var i = 0; i < 20_000; i++)
        {
            var example = Task.Draw(new(1 + random.NextInt(18), 1 + random.NextInt(10)), random);
            Assert.Equal(example.Target, Answer(example.Input));
        }
    }

    [Fact]
    public void Draw_OneOperator_IsEachOfSixAsOftenAndWrittenAsTheTableSays()
    {
        (string Name, string Form)[] operators =
        [
            ("pair", @"^print\(\(\d+[+-]\d+\)\)$"),
            ("product", @"^print\(\(\d+\*\d+\)\)$"),
            ("equality", @"^print\(\d+\)$"),
            ("variable", @"^([a-j])=\d+;\nprint\(\(\1[+-]\d+\)\)$"),
            ("loop", @"^([a-j])=\d+\nfor x in range\(\d+\):\1[+-]=\d+\nprint\(\1\)$"),
            ("conditional", @"^print\(\(\d+ if \d+[<>]\d+ else \d+\)\)$"),
        ];
        var random = new RandomSource(3);
        var programs = Enumerable.Range(0, 12_000).Select(_ => Task.Draw(new(2), random).Input).ToArray();
        Assert.All(programs, program => Assert.Equal(1, operators.Count(kind => Regex.IsMatch(program, kind.Form))));
        Assert.All(operators, kind => Assert.InRange(programs.Count(program => Regex.IsMatch(program, kind.Form)), 1800, 2200));

        Even(programs, @"^print\(\(\d+([+-])\d+\)\)$", 2);
        Even(programs, @"^([a-j])=", 10);
        Even(programs, @":[a-j]([+-])=", 2);
        Even(programs, @" if \d+([<>])\d+ else ", 2);
        Even(programs, @"range\((\d+)\)", 8);
        Assert.InRange(programs.Count(program => Regex.IsMatch(program, @"\(\d+\*[1-8]\)")), 1000, 1400);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 1000)]
    [InlineData(9, 1e9)]
    [InlineData(12, 1e12)]
    [InlineData(18, 1e18)]
    public void Draw_Numbers_AreEvenFromOneToTenToTheLength(int length, double most)
    {
        var random = new RandomSource(5);
        double[] numbers = [.. Enumerable.Range(0, 60_000).Select(_ => Task.Draw(new(length), random).Input).Where(program => Regex.IsMatch(program, @"^print\(\d+\)$"))
            .Select(program => double.Parse(program[6..^1], CultureInfo.InvariantCulture))];
        Assert.InRange(numbers.Length, 9000, 11_000);
        Assert.All(numbers, number => Assert.InRange(number, 1, most));
        Assert.Equal(0.5, numbers.Average(number => (number - 0.5) / most), 0.015);
        Assert.Equal(0.1, numbers.Count(number => number <= most / 10) / (double)numbers.Length, 0.015);
        Assert.Equal(0.1, numbers.Count(number => number > most * 0.9) / (double)numbers.Length, 0.015);
    }

    /// <summary>What the operator before gave stands at each operand's place as often.</summary>
    [Fact]
    public void Draw_TwoOperators_PutTheFirstResultAtEachPlaceAsOften()
    {
        var random = new RandomSource(9);
        string[] programs = [.. Enumerable.Range(0, 60_000).Select(_ => Task.Draw(new(2, 2), random).Input).Where(program => program.Contains('*') && program.Contains(" if ", StringComparison.Ordinal))];
        string[] places = [@"^print\(\(\(\d+\*\d+\) if", @" if \(\d+\*\d+\)[<>]", @"[<>]\(\d+\*\d+\) else ", @" else \(\d+\*\d+\)\)\)$"];
        int[] counts = [.. places.Select(place => programs.Count(program => Regex.IsMatch(program, place)))];
        Assert.All(counts, count => Assert.InRange(count, 330, 500));
    }

    [Fact]
    public void Draw_Mixed_DrawsALengthForEveryNumberAndANestingForEveryProgram()
    {
        var random = new RandomSource(4);
        var programs = Enumerable.Range(0, 20_000).Select(_ => Task.Draw(new(3, 2, IsMixed: true), random).Input).ToArray();
        // A pair alone, or with an equality before or after it: 1/2·1/6 + 1/2·2/36 of the programs.
        var pairs = programs.Select(program => Pair().Match(program)).Where(match => match.Success).ToArray();
        Assert.InRange(pairs.Length, 2050, 2400);
        Assert.Equal(1 / 3.0 * (1 / 10.0 + 1 / 100.0 + 1), pairs.Average(match => match.Groups[1].Value is { Length: 1 } or "10" ? 1.0 : 0), 0.04);
        Assert.Contains(pairs, match => match.Groups[1].Length == 1 && match.Groups[2].Length == 3);
    }

    [Fact]
    public void Draw_SameSeed_IsTheSame()
    {
        string Drawn(long seed)
        {
            var random = new RandomSource(seed);
            return string.Join('|', Enumerable.Range(0, 50).Select(_ => Task.Draw(new(4, 3), random).Input));
        }
        Assert.Equal(Drawn(1), Drawn(1));
        Assert.NotEqual(Drawn(1), Drawn(2));
    }

    [Theory]
    [InlineData(0, 1, "ProgramTask: Length must be from 1 to 18, but got 0.")]
    [InlineData(19, 1, "ProgramTask: Length must be from 1 to 18, but got 19.")]
    [InlineData(1, 0, "ProgramTask: Nesting must be from 1 to 10, but got 0.")]
    [InlineData(1, 11, "ProgramTask: Nesting must be from 1 to 10, but got 11.")]
    public void Draw_DifficultyOutsideTheRange_Throws(int length, int nesting, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentOutOfRangeException>(() => Task.Draw(new(length, nesting), new RandomSource(1))).Message);

    private static string Answer(string program) => PythonProgram.Evaluate(program).ToString(CultureInfo.InvariantCulture) + ".";

    private static void Even(string[] programs, string form, int different)
    {
        var groups = programs.Select(program => Regex.Match(program, form)).Where(match => match.Success).GroupBy(match => match.Groups[1].Value).Select(group => group.Count()).ToArray();
        Assert.Equal(different, groups.Length);
        var expected = groups.Sum() / (double)different;
        Assert.All(groups, count => Assert.InRange(count, expected - 5 * Math.Sqrt(expected), expected + 5 * Math.Sqrt(expected)));
    }

    [GeneratedRegex(@"^print\(\((\d+)[+-](\d+)\)\)$")]
    private static partial Regex Pair();
}

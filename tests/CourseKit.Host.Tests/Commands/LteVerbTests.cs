using System.Globalization;
using CourseKit.Host.Commands;
using CourseKit.Tasks;

namespace CourseKit.Host.Tests.Commands;

/// <summary>lte generate, lte run, lte train, on good words and on bad ones.</summary>
public sealed class LteVerbTests : IDisposable
{
    private const string First = "j=8584\nfor x in range(8):\n    j+=920\nb=(1500+j)\nprint((b+7567))\n";
    private const string Second = "i=8827\nc=(i-5347)\nprint((c+8704) if 2641<8500 else 5308)\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private Task<(int Code, string Out, string Error)> Call(string words) => HostProcess.Call(_folder.Path, ["lte", .. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    private string Program(string text)
    {
        File.WriteAllText(_folder["program.py"], text);
        return _folder["program.py"];
    }

    [Fact]
    public async Task Generate_ManyPrograms_PrintsEachWithWhatItPrints()
    {
        var (code, output, error) = await Call("generate --length 4 --nesting 2 --count 1000 --seed 1");
        Assert.Equal((0, ""), (code, error));
        var lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, line =>
        {
            var parts = line.Split('\t');
            Assert.Equal(2, parts.Length);
            Assert.Equal(parts[1], PythonProgram.Evaluate(parts[0].Replace("\\n", "\n", StringComparison.Ordinal)).ToString(CultureInfo.InvariantCulture) + ".");
        });
        Assert.Contains(lines, line => line.Contains("\\nprint(", StringComparison.Ordinal));
        Assert.Equal(output, (await Call("generate --length 4 --nesting 2 --count 1000 --seed 1")).Out);
        Assert.NotEqual(output, (await Call("generate --length 4 --nesting 2 --count 1000 --seed 2")).Out);
        Assert.Equal(10, (await Call("generate --mix --length 9 --nesting 3")).Out.Count(character => character == '\n'));
    }

    [Theory]
    [InlineData(First, "25011\n")]
    [InlineData(Second, "12184\n")]
    public async Task Run_TheDecksPrograms_PrintsTheirValue(string text, string value)
    {
        Assert.Equal((0, value, ""), await Call($"run {Program(text)}"));
        Assert.Equal((0, value, ""), await Call($"run {Program(text.Replace(":\n    ", ":", StringComparison.Ordinal))}"));
    }

    [Fact]
    public async Task Run_StandardInput_PrintsItsValue()
    {
        using StringWriter output = new(), error = new();
        using StringReader endless = new(new string('1', 200_000)), input = new(First);
        var terminal = new Terminal(output, error, _folder.Path, CancellationToken.None) { In = input };
        Assert.Equal(0, await CommandLine.RunAsync(["lte", "run", "-"], terminal));
        Assert.Equal("25011", output.ToString().TrimEnd());

        Assert.Equal(2, await CommandLine.RunAsync(["lte", "run", "-"], terminal with { In = endless }));
        Assert.Equal("lte: standard input, line 1, column 1: a program may have at most 100000 characters, but this one has more. Shorten it.", error.ToString().TrimEnd());
    }

    [Theory]
    [InlineData("a=1\nprint(a+)", "line 2, column 9: expected a number, a variable or '(', but got ')'.")]
    [InlineData("print(q)", "line 1, column 7: the variable q has no value yet. Assign one in a line before.")]
    [InlineData("a=0\nfor x in range(9999999):a+=1\nprint(a)", "line 2, column 25: the program takes more than 1000000 operations. Shorten its loops.")]
    public async Task Run_WrongProgram_NamesFileLineColumnAndReason(string text, string reason)
    {
        var file = Program(text);
        Assert.Equal((2, "", $"lte: {file}, {reason}\n"), await Call($"run {file}"));
    }

    [Theory]
    [InlineData("", "lte: generate|run|train is missing. Write: lte generate|run|train [options]")]
    [InlineData("execute", "lte: no word \"execute\". Write one of: lte generate, lte run, lte train.")]
    [InlineData("trian", "lte: no word \"trian\". Did you mean train? Write one of: lte generate, lte run, lte train.")]
    [InlineData("run", "lte: the program's file is missing. Write: lte run FILE, or lte run - for standard input")]
    [InlineData("run a.py --length 3", "lte: run takes no --length.")]
    [InlineData("generate --strategy mix", "lte: generate takes no --strategy. It takes --length, --nesting, --count, --seed, --mix.")]
    [InlineData("generate more", "lte: \"more\" is one word too many. generate takes options only; see: help lte")]
    [InlineData("run a b", "lte: \"b\" is one word too many. It takes one generate|run|train; see: help lte")]
    [InlineData("generate --length 0", "lte: --length must be a whole number from 1 to 18, but got \"0\".")]
    [InlineData("generate --nesting 11", "lte: --nesting must be a whole number from 1 to 10, but got \"11\".")]
    [InlineData("generate --count 0", "lte: --count must be a whole number from 1 to 2147483647, but got \"0\".")]
    [InlineData("train --strategy fast", "lte: --strategy must be one of baseline, naive, mix, combined, but got \"fast\".")]
    [InlineData("train --minutes 0", "lte: --minutes must be a number above 0, with a point for decimals, but got \"0\".")]
    [InlineData("train --hidden 0", "lte: --hidden must be a whole number from 1 to 16384, but got \"0\".")]
    public async Task WrongWords_AreRefusedInOneLine(string words, string message) => Assert.Equal((2, "", message + "\n"), await Call(words));

    [Fact]
    public async Task Run_NoSuchFile_IsRefused()
    {
        var (code, _, error) = await Call($"run {_folder["none.py"]}");
        Assert.Equal(2, code);
        Assert.StartsWith($"{_folder["none.py"]}: no such file.", error, StringComparison.Ordinal);
        Assert.Equal(2, (await Call($"run {_folder.Path}")).Code);
    }

    [Fact]
    public async Task Train_StoppedAndResumed_EndsWithTheSameModelAsNeverStopped()
    {
        const string small = "train --length 2 --nesting 2 --strategy naive --hidden 8 --batch 4 --seed 3";
        var (code, output, error) = await Call($"{small} --steps 7 --out {_folder["whole"]}");
        Assert.Equal((0, true), (code, error.Length == 0 || error.StartsWith("step ", StringComparison.Ordinal)));
        Assert.Matches(@"step 7, \d+ s: length 1, nesting 1: accuracy [01]\.\d{3}; target: accuracy [01]\.\d{3}, exact [01]\.\d{3}\n", output);
        Assert.Matches(@"test, 1000 programs of length 2, nesting 2: accuracy [01]\.\d{3} per character, [01]\.\d{3} of the answers exact\n", output);
        Assert.Matches(@"always the most frequent: accuracy 0\.\d{3} per character, 0\.\d{3} of the answers exact\n", output);

        await Call($"{small} --steps 3 --out {_folder["stopped"]}");
        Assert.Equal(0, (await Call($"{small} --steps 7 --out {_folder["stopped"]} --resume")).Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["whole"], "model.safetensors")), File.ReadAllBytes(Path.Combine(_folder["stopped"], "model.safetensors")));
        Assert.Equal(8, File.ReadAllLines(Path.Combine(_folder["stopped"], "steps.csv")).Length);
        Assert.Equal(2, File.ReadAllLines(Path.Combine(_folder["whole"], "levels.csv")).Length);

        var (again, _, refused) = await Call($"{small} --steps 7 --out {_folder["whole"]}");
        Assert.Equal(2, again);
        Assert.Contains("exists. Go on from it (resume)", refused, StringComparison.Ordinal);
        Assert.Contains("strategy", (await Call($"{small.Replace("naive", "mix", StringComparison.Ordinal)} --steps 9 --out {_folder["whole"]} --resume")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FolderIsAFile_IsRefusedBeforeTraining()
    {
        var (code, _, error) = await Call($"train --steps 1 --out {Program("print(1)")}");
        Assert.Equal(1, code);
        Assert.StartsWith("lte: cannot write ", error, StringComparison.Ordinal);
    }
}

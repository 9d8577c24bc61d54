using System.Buffers.Binary;
using System.Text;

namespace CourseKit.Host.Tests.Commands;

/// <summary>train and sample, on good files and on bad ones.</summary>
public sealed class ModelVerbTests : IDisposable
{
    private const string Small = "--hidden 8 --batch 2 --window 5 --steps 3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Text(string name, byte[] content)
    {
        File.WriteAllBytes(_folder[name], content);
        return _folder[name];
    }

    private string Rhyme() => Text("rhyme.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 40))));

    private Task<(int Code, string Out, string Error)> Train(string file, string options = Small) =>
        HostProcess.Call(_folder.Path, ["train", file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    private async Task<string> Refused(params string[] words)
    {
        var (code, _, error) = await HostProcess.Call(_folder.Path, words);
        Assert.Equal(2, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        return error.TrimEnd('\n');
    }

    private Task<string> TrainingRefused(string file, string options = Small) =>
        Refused(["train", file, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    [Theory]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    public async Task TrainThenSample_AnyCell_WritesTheSameTextForTheSameSeed(string cell)
    {
        var (code, output, error) = await Train(Rhyme(), $"{Small} --cell {cell} --layers 2 --threads 1 --out {_folder["m.safetensors"]}");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        Assert.Matches("^validation: [0-9]\\.[0-9]{3} nats, [0-9]\\.[0-9]{3} bits per character$", output.TrimEnd('\n').Split('\n')[^1]);
        string[] sample = ["sample", _folder["m.safetensors"], "--prompt", "the ", "--length", "20", "--seed", "3"];
        var first = await HostProcess.Call(_folder.Path, sample);
        Assert.Equal(0, first.Code);
        Assert.StartsWith("the ", first.Out, StringComparison.Ordinal);
        Assert.Equal("the ".Length + 20 + 1, first.Out.Length);
        Assert.Equal(first.Out, (await HostProcess.Call(_folder.Path, sample)).Out);
    }

    [Fact]
    public async Task Train_Twice_GivesTheSameBits()
    {
        await Train(Rhyme(), $"{Small} --out {_folder["a.safetensors"]}");
        await Train(Rhyme(), $"{Small} --out {_folder["b.safetensors"]}");
        await Train(Rhyme(), $"{Small} --seed 2 --out {_folder["c.safetensors"]}");
        Assert.Equal(File.ReadAllBytes(_folder["a.safetensors"]), File.ReadAllBytes(_folder["b.safetensors"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["a.safetensors"]), File.ReadAllBytes(_folder["c.safetensors"]));
    }

    [Fact]
    public async Task Train_EmptyFile_IsRefused()
    {
        var file = Text("empty.txt", []);
        Assert.Equal($"train: '{file}' is empty. Give a file with text in it.", await TrainingRefused(file));
    }

    [Fact]
    public async Task Train_BinaryFile_IsRefused()
    {
        var file = Text("binary.txt", [0x41, 0x42, 0, 1, 2, 0xFF]);
        Assert.Equal($"train: '{file}' is not text: the byte at offset 2 is 0. Give a text file in UTF-8.", await TrainingRefused(file));
    }

    [Fact]
    public async Task Train_Latin1File_IsRefused()
    {
        var file = Text("latin1.txt", Encoding.Latin1.GetBytes("Größe"));
        Assert.Equal($"train: '{file}' is not UTF-8: the byte 0xF6 at offset 2 begins no character. Save the file as UTF-8.", await TrainingRefused(file));
    }

    [Fact]
    public async Task Train_OneCharacterOnly_IsRefused() =>
        Assert.Equal("train: Vocabulary: there must be at least 2 different symbols, but there is only 'a'. With one symbol there is nothing to predict.",
            await TrainingRefused(Text("a.txt", Encoding.UTF8.GetBytes(new string('a', 500)))));

    [Fact]
    public async Task Train_WindowLongerThanTheText_IsRefused()
    {
        var message = await TrainingRefused(Rhyme(), "--window 5000 --batch 1 --steps 1 --hidden 4");
        Assert.StartsWith("train: TokenStream(batchSize: 1, window: 5000): every column must have at least window + 1 = 5001 symbols, but the text of ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--cell transformer", "train: --cell must be one of rnn, lstm, gru, but got \"transformer\".")]
    [InlineData("--hidden 0", "train: --hidden must be a whole number from 1 to 16384, but got \"0\".")]
    [InlineData("--steps many", "train: --steps must be a whole number from 1 to 2147483647, but got \"many\".")]
    [InlineData("--rate 0", "train: --rate must be a number above 0, with a point for decimals, but got \"0\".")]
    [InlineData("--hiden 3", "train: no option --hiden. Did you mean --hidden? See: help train")]
    public async Task Train_WrongOption_IsRefused(string options, string message) => Assert.Equal(message, await TrainingRefused(Rhyme(), options));

    [Fact]
    public async Task Train_FileMissing_IsRefused() =>
        Assert.StartsWith($"{_folder["no.txt"]}: no such file.", await TrainingRefused(_folder["no.txt"]), StringComparison.Ordinal);

    [Fact]
    public async Task Train_RateAbsurd_EndsWithTheReason()
    {
        var (code, output, error) = await Train(Rhyme(), "--hidden 8 --batch 2 --window 5 --steps 50 --rate 1e38 --clip 1e30");
        Assert.Equal(1, code);
        Assert.Matches("^train: Fit: the loss or its gradient is (NaN|Infinity) at step [0-9]+. Lower the learning rate, or clip the gradients", error);
        Assert.DoesNotContain("validation:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_UnknownCharacterInThePrompt_IsRefused()
    {
        await Train(Rhyme(), $"{Small} --out {_folder["m.safetensors"]}");
        var (code, output, error) = await HostProcess.Call(_folder.Path, "sample", _folder["m.safetensors"], "--prompt", "Ω");
        Assert.Equal(2, code);
        Assert.Equal("", output);
        Assert.Contains("Ω", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_ModelCutShort_IsRefused()
    {
        await Train(Rhyme(), $"{Small} --out {_folder["m.safetensors"]}");
        var whole = File.ReadAllBytes(_folder["m.safetensors"]);
        foreach (var length in new[] { 0, 4, 100, whole.Length / 2, whole.Length - 1 })
        {
            var file = Text("cut.safetensors", whole[..length]);
            Assert.StartsWith($"sample: '{file}' ", await Refused("sample", file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Sample_HostileHeader_IsRefused()
    {
        foreach (var header in new[]
        {
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1152921504606846976,16],\"data_offsets\":[0,64]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[-16,0]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]},\"b\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[8,24]}}",
            new string('[', 100_000),
            "not json",
        })
        {
            var file = Text("hostile.safetensors", [.. Length((ulong)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[64]]);
            Assert.StartsWith($"sample: '{file}' ", await Refused("sample", file), StringComparison.Ordinal);
        }
        Assert.StartsWith("sample: ", await Refused("sample", Text("huge.safetensors", [.. Length(ulong.MaxValue), .. new byte[64]])), StringComparison.Ordinal);

        static byte[] Length(ulong value)
        {
            var bytes = new byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            return bytes;
        }
    }

    [Fact]
    public async Task Sample_TextFile_IsRefused()
    {
        var file = Rhyme();
        Assert.StartsWith($"sample: '{file}' ", await Refused("sample", file), StringComparison.Ordinal);
    }
}

using CourseKit.Host.Tests.Site;

namespace CourseKit.Host.Tests.Commands;

/// <summary>train with --checkpoint and --resume.</summary>
public sealed class TrainCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Rhyme()
    {
        File.WriteAllText(_folder["rhyme.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 40)));
        return _folder["rhyme.txt"];
    }

    private Task<(int Code, string Out, string Error)> Train(string options) =>
        HostProcess.Call(_folder.Path, ["train", Rhyme(), "--hidden", "8", "--batch", "2", "--window", "5", .. options.Split(' ')]);

    private async Task<string> Refused(string options, int expected = 2)
    {
        var (code, _, error) = await Train(options);
        Assert.Equal(expected, code);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        return error.TrimEnd('\n');
    }

    [Fact]
    public async Task Train_ResumedWithMoreSteps_WritesTheModelOfTheWholeTraining()
    {
        var (a, b, c) = (_folder["a.safetensors"], _folder["b.safetensors"], _folder["c.checkpoint"]);
        await Train($"--steps 20 --out {a}");
        Assert.Equal(0, (await Train($"--steps 7 --checkpoint {c} --checkpoint-every 3 --resume")).Code);
        Assert.Equal(0, (await Train($"--steps 20 --checkpoint {c} --resume --threads 3 --out {b}")).Code);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
    }

    [Fact]
    public async Task Train_CheckpointThereAndNoResume_IsRefused()
    {
        var file = _folder["c.checkpoint"];
        await Train($"--steps 3 --checkpoint {file}");
        Assert.Equal($"train: The checkpoint '{file}' exists. Go on from it (resume), name another file, or delete it and '{file}.previous'.", await Refused($"--steps 3 --checkpoint {file}"));
    }

    [Fact]
    public async Task Train_ResumedWithAnotherOptionOrText_IsRefused()
    {
        var file = _folder["c.checkpoint"];
        await Train($"--steps 3 --checkpoint {file}");
        Assert.StartsWith($"train: The checkpoint '{file}' is of another training: its rate is 0.002, but here it is 0.1.", await Refused($"--steps 9 --rate 0.1 --checkpoint {file} --resume"), StringComparison.Ordinal);
        File.WriteAllText(_folder["other.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mad\n", 40)));
        var (code, _, error) = await HostProcess.Call(_folder.Path, "train", _folder["other.txt"], "--hidden", "8", "--batch", "2", "--window", "5", "--checkpoint", file, "--resume");
        Assert.Equal(2, code);
        Assert.StartsWith($"train: The checkpoint '{file}' is of another training: its text is SHA-256 ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_BothDamaged_IsRefused()
    {
        var file = _folder["c.checkpoint"];
        File.WriteAllText(file, "not a checkpoint");
        File.WriteAllBytes(file + ".previous", new byte[100]);
        Assert.StartsWith($"train: The checkpoint '{file}' is damaged (it has no SHA-256 in its header). The checkpoint '{file}.previous' is damaged", await Refused($"--steps 3 --checkpoint {file} --resume"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--resume", "train: --resume needs --checkpoint FILE.")]
    [InlineData("--checkpoint-every 5", "train: --checkpoint-every needs --checkpoint FILE.")]
    [InlineData("--checkpoint c --checkpoint-every 0", "train: --checkpoint-every must be a whole number from 1 to 2147483647, but got \"0\".")]
    [InlineData("--checkpoint", "train: --checkpoint needs a value: --checkpoint FILE")]
    public async Task Train_CheckpointOptionsWrong_AreRefused(string options, string message) => Assert.Equal(message, await Refused(options));

    [Fact]
    public async Task Train_CheckpointIsAnotherFileOfTheCommand_IsRefused()
    {
        Assert.Equal("train: --checkpoint is the text itself. Name another file.", await Refused($"--checkpoint {_folder["rhyme.txt"]}"));
        Assert.Equal("train: --checkpoint is --out's file. Name another file.", await Refused($"--checkpoint {_folder["m"]} --out {_folder["m"]}"));
    }

    [Fact]
    public async Task Train_NoFolder_IsRefusedBeforeTheFirstStep() =>
        Assert.StartsWith($"train: The checkpoint '{_folder["none/c"]}' cannot be written: ", await Refused($"--steps 1000000 --checkpoint {_folder["none/c"]}", expected: 1), StringComparison.Ordinal);

    [TinyDiskFact]
    public async Task Train_DiskFull_KeepsTheLastCheckpointAndGoesOnFromItLater()
    {
        using var disk = new TinyDisk("size=160k");
        var file = Path.Combine(disk.Path, "c.checkpoint");
        await Train($"--steps 20 --out {_folder["a"]}");
        await Train($"--steps 4 --checkpoint {file}");
        var before = File.ReadAllBytes(file);
        Fill(Path.Combine(disk.Path, "filler"));

        var message = await Refused($"--steps 20 --checkpoint {file} --checkpoint-every 2 --resume", expected: 1);

        Assert.Equal($"train: The checkpoint '{file}' cannot be written: No space left on device. The last one is as it was; make room, or choose a place that you may write to.", message);
        Assert.Equal(["c.checkpoint", "filler"], Directory.GetFileSystemEntries(disk.Path).Select(Path.GetFileName).Order());
        Assert.Equal(before, File.ReadAllBytes(file));
        File.Delete(Path.Combine(disk.Path, "filler"));
        await Train($"--steps 20 --checkpoint {file} --resume --out {_folder["b"]}");
        Assert.Equal(File.ReadAllBytes(_folder["a"]), File.ReadAllBytes(_folder["b"]));

        // Leaves a little room: the file can be begun, but not be ended.
        static void Fill(string path)
        {
            using var filler = new FileStream(path, FileMode.Create);
            try
            {
                while (true)
                {
                    filler.Write(new byte[4096]);
                    filler.Flush();
                }
            }
            catch (IOException)
            {
                filler.SetLength(Math.Max(0, filler.Length - 8192));
            }
        }
    }

    [TinyDiskFact]
    public async Task Train_FolderReadOnly_IsRefusedBeforeTheFirstStep()
    {
        using var disk = new TinyDisk("size=160k");
        disk.MakeReadOnly();
        Assert.Equal(
            $"train: The checkpoint '{Path.Combine(disk.Path, "c")}' cannot be written: Read-only file system. Make room, or choose a place that you may write to.",
            await Refused($"--steps 1000000 --checkpoint {Path.Combine(disk.Path, "c")}", expected: 1));
    }

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Train_Signal_WritesACheckpointAndSaysHowToGoOn(string signal)
    {
        var (text, file) = (Rhyme(), _folder["c.checkpoint"]);
        using var process = HostProcess.Start("train", text, "--hidden", "8", "--batch", "2", "--window", "5", "--steps", "100000000", "--checkpoint", file, "--checkpoint-every", "200");
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        while (!File.Exists(file) && !process.HasExited)
            await Task.Delay(20);
        await HostProcess.Shell($"kill -{signal} {process.Id}");
        await process.WaitForExitAsync();

        Assert.Equal(130, process.ExitCode);
        Assert.Equal($"train: the checkpoint is {file}. Go on with the same command and --resume.\nstopped.\n", await error);
        await output;
        Assert.True(CheckpointBytes.AreWhole(File.ReadAllBytes(file)));
        Assert.DoesNotContain(_folder.Files(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }
}

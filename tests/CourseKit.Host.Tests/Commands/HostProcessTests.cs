using System.Diagnostics;
using CourseKit.Host.Execution;
using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Commands;

/// <summary>What only a process of its own shows: signals, exit codes, disks that are full or read-only.</summary>
public sealed class HostProcessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Run_Signal_Ends130AndLeavesNothing(string signal)
    {
        var notebook = _folder.Notebook("endless.ipynb", "System.IO.File.WriteAllText(\"started\", \"\");\nwhile (true) { }");
        using var process = HostProcess.Start("run", notebook, "--out", _folder["out/endless.ipynb"]);
        var error = process.StandardError.ReadToEndAsync();
        while (!File.Exists(_folder["started"]) && !process.HasExited)
            await Task.Delay(50);
        var watch = Stopwatch.StartNew();
        await HostProcess.Shell($"kill -{signal} {process.Id}");
        await process.WaitForExitAsync();
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("stopped.\n", await error);
        Assert.Equal(["endless.ipynb", "started"], _folder.Files().Order());
    }

    [UnixTheory]
    [InlineData("INT")]
    public async Task Train_Signal_Ends130AndWritesNoModel(string signal)
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 2000)));
        using var process = HostProcess.Start("train", _folder["text.txt"], "--steps", "1000000", "--hidden", "16", "--out", _folder["m.safetensors"]);
        var error = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput;
        Assert.StartsWith("step ", await lines.ReadLineAsync(), StringComparison.Ordinal);
        await HostProcess.Shell($"kill -{signal} {process.Id}");
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("stopped.\n", await error);
        Assert.Equal(["text.txt"], _folder.Files());
    }

    [UnixTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task Serve_Signal_Ends0(string signal)
    {
        // A site that claims to be of these notebooks, which is what is under test here: the real one takes minutes.
        SiteBuilder.Build([], _folder["site"], cores: 1, SiteFingerprint.Of(ProjectRoot.Find()));
        using var process = HostProcess.Start("site", "--serve", "--out", _folder["site"]);
        var error = process.StandardError.ReadToEndAsync();
        var address = await process.StandardOutput.ReadLineAsync();
        using (var client = new HttpClient())
            Assert.Contains("Recurrent networks", await client.GetStringAsync(new Uri(address!)), StringComparison.Ordinal);
        await HostProcess.Shell($"kill -{signal} {process.Id}");
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal($"site: {_folder["site"]} is up to date\nsite: Ctrl-C ends it.\n", await error);
    }

    [Fact]
    public async Task Train_OtherNumberOfThreads_GivesTheSameBits()
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i * i} ")));
        var models = new List<byte[]>();
        foreach (var threads in new[] { "1", "3" })
        {
            using var process = HostProcess.Start("train", _folder["text.txt"], "--threads", threads, "--steps", "5", "--hidden", "96", "--out", _folder["m.safetensors"]);
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            Assert.StartsWith("validation: ", output.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
            models.Add(File.ReadAllBytes(_folder["m.safetensors"]));
        }
        Assert.Equal(models[0], models[1]);
    }

    /// <summary>It takes another device than the one named only where best is asked for.</summary>
    [Theory]
    [InlineData("cuda", @"train: --backend cuda: (no NVIDIA GPU was found here: .*|CourseKit\.Gpu\.dll is not here\..*)\n")]
    [InlineData("best", "")]
    public async Task Train_Backend_RunsThereOrSaysWhyNot(string name, string refusal)
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 200)));
        using var process = HostProcess.Start("train", _folder["text.txt"], "--backend", name, "--steps", "2", "--hidden", "8", "--batch", "4", "--window", "5");
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode == 0)
        {
            Assert.Contains("validation: ", output, StringComparison.Ordinal);
            if (name == "best") Assert.StartsWith("Backend: ", output, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(1, process.ExitCode);
        Assert.Matches($"^{refusal}$", await error);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Train_OneStepAndItsValidation_EndWithinSevenTenthsOfASecond()
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 1000)));
        var seconds = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var watch = Stopwatch.StartNew();
            using var process = HostProcess.Start("train", _folder["text.txt"], "--steps", "1");
            await process.WaitForExitAsync();
            seconds.Add(watch.Elapsed.TotalSeconds);
            Assert.Equal(0, process.ExitCode);
        }

        Assert.True(seconds.Order().ElementAt(3) <= 0.7, $"The command takes {string.Join(", ", seconds.Select(s => FormattableString.Invariant($"{s:F2}")))} s.");
    }

    [PrivateMountFact]
    public async Task Train_DiskFull_IsOneLineAndLeavesNothing()
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Repeat("the cat sat on the mat\n", 200)));
        var (code, left, error) = await OnDisk("size=64k", $"train {_folder["text.txt"]} --steps 2 --batch 2 --window 5 --out {_folder["disk/m.safetensors"]}");
        Assert.Equal(1, code);
        Assert.StartsWith($"train: '{_folder["disk/m.safetensors"]}' cannot be written: ", error, StringComparison.Ordinal);
        Assert.Equal("", left);
    }

    [PrivateMountFact]
    public async Task Site_FolderReadOnly_IsSaidBeforeTheRun()
    {
        var (code, left, error) = await OnDisk("ro", $"site --out {_folder["disk/site"]}");
        Assert.Equal(1, code);
        Assert.StartsWith($"site: cannot write {_folder["disk/site"]} (Read-only file system", error, StringComparison.Ordinal);
        Assert.Equal("", left);
    }

    [PrivateMountFact]
    public async Task Run_DiskFull_IsOneLineAndLeavesNothing()
    {
        var notebook = _folder.Notebook("big.ipynb", "new string('x', 200_000)");
        var (code, left, error) = await OnDisk("size=64k", $"run {notebook} --out {_folder["disk/big.ipynb"]}");
        Assert.Equal(1, code);
        Assert.EndsWith($"\nrun: cannot write {_folder["disk/big.ipynb"]}: No space left on device. Free some space, or choose a folder that you may write to.\n", error, StringComparison.Ordinal);
        Assert.Equal("", left);
    }

    [PrivateMountFact]
    public async Task Run_FolderReadOnly_IsSaidBeforeTheRun()
    {
        var notebook = _folder.Notebook("a.ipynb", "1");
        var (code, left, error) = await OnDisk("ro", $"run {notebook} --out {_folder["disk/a.ipynb"]}");
        Assert.Equal(1, code);
        Assert.Equal($"run: cannot write {_folder["disk/a.ipynb"]}: Read-only file system. Free some space, or choose a folder that you may write to.\n", error);
        Assert.Equal("", left);
    }

    [Fact]
    public async Task Host_UnknownVerb_Exits2()
    {
        using var process = HostProcess.Start("sit");
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.StartsWith("no verb \"sit\".", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>Runs the program with a small disk mounted at "disk"; gives what is left on it as output.</summary>
    private async Task<(int Code, string Left, string Error)> OnDisk(string mountOptions, string words)
    {
        var disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        var start = DotnetCommand.ThisProgram();
        return await HostProcess.Shell($"unshare -rm sh -c 'mount -t tmpfs -o {mountOptions} tmpfs {disk} && {start.FileName} {start.ArgumentList[0]} {words} >/dev/null; code=$?; ls -A {disk}; exit $code'");
    }
}

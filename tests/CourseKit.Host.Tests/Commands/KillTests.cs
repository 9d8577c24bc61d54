using System.Diagnostics;
using CourseKit.Interchange;

namespace CourseKit.Host.Tests.Commands;

/// <summary>A training killed (SIGKILL) again and again at random moments, and resumed each time.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Checkpoint => _folder["run.checkpoint"];

    [Fact]
    public Task Train_Killed5Times_EndsWithTheSameBits() => KillAndCompare(kills: 5);

    [Fact]
    [Trait("Category", "Long")]
    public Task Train_Killed50Times_EndsWithTheSameBits() => KillAndCompare(kills: 50);

    private async Task KillAndCompare(int kills)
    {
        File.WriteAllText(_folder["text.txt"], string.Concat(Enumerable.Range(0, 1500).Select(i => $"{i * i % 97} ")));
        string[] words = ["train", _folder["text.txt"], "--cell", "gru", "--hidden", "32", "--batch", "4", "--window", "10", "--threads", "1"];
        string[] resumable = [.. words, "--checkpoint", Checkpoint, "--resume", "--out", _folder["killed.safetensors"]];

        // Too long to end by itself on any machine.
        string[] endless = [.. resumable, "--checkpoint-every", "1", "--steps", "1000000"];

        // What moments come is chance; the seed makes that chance the same each time, as far as the machine lets it.
        var random = new Random(20260726);
        for (var kill = 0; kill < kills; kill++)
        {
            var began = DateTime.UtcNow;
            using var process = HostProcess.Start(endless);
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            // One in five at any moment from the start on, the others while it trains and writes one checkpoint after another.
            if (kill % 5 > 0)
            {
                while (!process.HasExited && File.GetLastWriteTimeUtc(Checkpoint) <= began)
                    await Task.Delay(1);
                await Task.Delay(random.Next(100));
            }
            else
            {
                await Task.Delay(random.Next(600));
            }
            Assert.False(process.HasExited, $"the training was over after {kill} kills: {await Said(error, process)}");
            process.Kill();
            await process.WaitForExitAsync();

            Assert.Equal("", await error);
            Assert.DoesNotContain("damaged", await output, StringComparison.Ordinal);
            foreach (var file in new[] { Checkpoint, $"{Checkpoint}.previous" }.Where(File.Exists))
                Assert.True(CheckpointBytes.AreWhole(await File.ReadAllBytesAsync(file)), $"{file} is broken after kill {kill}");
            Assert.Subset(
                new HashSet<string> { "text.txt", "whole.safetensors", "run.checkpoint", "run.checkpoint.previous", ".run.checkpoint.tmp" },
                _folder.Files().ToHashSet());
        }

        var steps = Safetensors.Read(Checkpoint).Tensors["history.steps"].Shape[0] + 20;
        await RunToTheEnd([.. resumable, "--steps", $"{steps}"]);
        await RunToTheEnd([.. words, "--steps", $"{steps}", "--out", _folder["whole.safetensors"]]);
        Assert.Equal(await File.ReadAllBytesAsync(_folder["whole.safetensors"]), await File.ReadAllBytesAsync(_folder["killed.safetensors"]));
        Assert.DoesNotContain(_folder.Files(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static async Task RunToTheEnd(string[] words)
    {
        using var process = HostProcess.Start(words);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.Equal("", await error);
        Assert.StartsWith("validation: ", (await output).TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }

    private static async Task<string> Said(Task<string> error, Process process) => process.HasExited ? await error : "";
}

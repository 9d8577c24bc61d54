using System.Diagnostics;
using System.Globalization;
using System.Text;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>How fast the kernel starts, answers and stops, and how much memory it takes. The figures are written to artifacts/measurements/kernel.txt.</summary>
[Collection("console")]
public sealed class KernelMeasurements
{
    [Fact]
    [Trait("Category", "Long")]
    public async Task Kernel_StartCellsMemoryAndInterrupt_KeepTheirLimits()
    {
        var starts = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            var watch = Stopwatch.StartNew();
            await using var started = await KernelClient.StartAsync();
            starts.Add(watch.Elapsed.TotalSeconds);
        }

        var firsts = new List<double>();
        for (var i = 0; i < 3; i++)
        {
            await using var read = await KernelClient.StartAsync();
            await Task.Delay(3000);
            firsts.Add(await Milliseconds(read, "1 + 1"));
        }

        await using var kernel = await KernelClient.StartAsync();
        var first = await Milliseconds(kernel, "1 + 1");
        var cells = new List<double>();
        for (var i = 0; i < 300; i++)
            cells.Add(await Milliseconds(kernel, $"var x{i} = {i}; x{i} + 1"));
        kernel.Process.Refresh();
        var memory = kernel.Process.PeakWorkingSet64 / (double)(1 << 20);

        Assert.Equal("ok", (string)(await kernel.ExecuteAsync($"""
            #r "{CourseFiles.Root}/artifacts/kit/CourseKit.dll"
            using CourseKit.Training;
            var text = System.IO.File.ReadAllText("{CourseFiles.Root}/datasets/own-text/own-text.txt");
            """)).Reply["status"]!);
        var stops = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            // Notebook 00's training.
            var id = await kernel.SendAsync("execute_request", KernelClient.Execute(
                "var steps = 0; CharacterModel.Train(text, new() { Hidden = 128, Embedding = 32, Steps = 2500, BatchSize = 16, Window = 100, Progress = null, OnStep = _ => { if (steps++ == 5) Console.Write(\"in\"); } });"));
            kernel.WaitForOutput(id);
            await Task.Delay(100 + 7 * i);
            var watch = Stopwatch.StartNew();
            await kernel.SendAsync("interrupt_request", [], "control");
            Assert.Equal("Interrupted", kernel.Reply(id).Text("ename"));
            stops.Add(watch.Elapsed.TotalMilliseconds);
        }

        var report = new StringBuilder();
        Line("start to kernel_info and subscription, s", starts, 1.0);
        Line("first cell at once, ms", [first], null);
        Line("first cell 3 s after the start, ms", firsts, null);
        Line("trivial cell, ms", cells, 15);
        Line("peak memory after 300 cells, MiB", [memory], 350);
        Line("interrupt of a training, ms", stops, 200);
        var file = Path.Combine(CourseFiles.Root, "artifacts", "measurements", "kernel.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, report.ToString());
        Assert.DoesNotContain("TOO MUCH", report.ToString(), StringComparison.Ordinal);

        void Line(string what, List<double> values, double? limit)
        {
            values.Sort();
            var median = values[values.Count / 2];
            report.AppendLine(CultureInfo.InvariantCulture, $"{what,-44} median {median,7:0.00}  least {values[0],7:0.00}  most {values[^1],7:0.00}  {(limit is null ? "" : median <= limit ? $"at most {limit}" : $"TOO MUCH: at most {limit}")}");
        }
    }

    private static async Task<double> Milliseconds(KernelClient kernel, string code)
    {
        var watch = Stopwatch.StartNew();
        Assert.Equal("ok", (string)(await kernel.ExecuteAsync(code)).Reply["status"]!);
        return watch.Elapsed.TotalMilliseconds;
    }
}

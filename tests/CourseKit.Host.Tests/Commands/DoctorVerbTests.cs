using System.Text.Json.Nodes;
using CourseKit.Host.Tests.Jupyter;

namespace CourseKit.Host.Tests.Commands;

public sealed class DoctorVerbTests : IDisposable
{
    private readonly JupyterUser _user = new();

    public void Dispose() => _user.Dispose();

    private string Root(string name) => Path.Combine(_user.Root, name);

    [Fact]
    public async Task Doctor_EmptyProject_NamesWhatIsMissingAndTheMend()
    {
        var (code, output, error) = await _user.Call("doctor");
        Assert.Equal((1, ""), (code, error));
        Assert.Matches("(?m)^ok   \\.NET SDK    10\\.", output);
        Assert.Matches("(?m)^ok   cores       [1-9]", output);
        Assert.Matches("(?m)^ok   speed       [1-9][0-9]* GFLOP/s on one core, [1-9][0-9]* on all ", output);
        Assert.Contains("opt  GPU         CourseKit.Gpu.dll is not here: nothing is missing, the CPU does everything\n", output, StringComparison.Ordinal);
        Assert.Matches("(?m)^ok   clock       20[0-9-]+ [0-9:]+ UTC$", output);
        Assert.Contains($"ok   artifacts   {Root("artifacts")}\n", output, StringComparison.Ordinal);
        Assert.Contains($"MEND kit         {Root("artifacts/kit/CourseKit.Notebooks.dll")}: missing: delete artifacts/built.txt and call again, which builds it\n", output, StringComparison.Ordinal);
        Assert.Contains($"MEND notebooks   0 in {Root("notebooks")}: none: take a fresh copy of the project\n", output, StringComparison.Ordinal);
        Assert.Contains("opt  Jupyter     none: site and run execute the notebooks without it; lab says how to get it\n", output, StringComparison.Ordinal);
        // It looks, and changes nothing.
        Assert.Empty(_user.Folder.Files());
        Assert.Equal(["bin", "project"], Directory.EnumerateDirectories(_user.Folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["notebooks"], Directory.EnumerateDirectories(_user.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Doctor_Json_IsOneObjectWithTheSameLinesAndNumbers()
    {
        Directory.CreateDirectory(Root("artifacts/kit"));
        File.WriteAllText(Root("artifacts/kit/CourseKit.Notebooks.dll"), "");
        _user.Folder.Notebook("project/notebooks/a.ipynb", "1");
        var (code, output, error) = await _user.Call("doctor", "--json");
        Assert.Equal((0, ""), (code, error));
        var json = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(["ok", "lines", "numbers"], json.Select(pair => pair.Key));
        Assert.True((bool)json["ok"]!);

        var lines = json["lines"]!.AsArray().Select(line => line!.AsObject()).ToList();
        Assert.Equal(
            [".NET SDK", "runtime", "system", "vectors", "cores", "speed", "memory", "GPU", "clock", "timer", "artifacts", "kit", "notebooks", "browser", "Jupyter", "kernelspec", "kernels", "Interactive"],
            lines.Select(line => (string)line["what"]!));
        Assert.All(lines, line =>
        {
            Assert.Equal(["what", "found", "state", "mend"], line.Select(pair => pair.Key));
            Assert.Equal((string)line["state"]! == "ok", line["mend"] is null);
            Assert.Contains((string)line["state"]!, new[] { "ok", "optional" });
        });

        var numbers = json["numbers"]!.AsObject().ToDictionary(pair => pair.Key, pair => (double)pair.Value!);
        Assert.Equal(["vectorBits", "cores", "gflopsOneCore", "gflopsAllCores", "memoryBytes", "timerNanoseconds", "notebooks"], numbers.Keys);
        Assert.Equal((Environment.ProcessorCount, 1), (numbers["cores"], numbers["notebooks"]));
        Assert.All(numbers.Where(pair => pair.Key != "vectorBits"), pair => Assert.InRange(pair.Value, 1e-3, 1e15));
        Assert.Contains("\"memoryBytes\": " + GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, output, StringComparison.Ordinal);
    }
}

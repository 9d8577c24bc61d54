using System.Diagnostics;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Tests;

/// <summary>
/// coursekit.cs itself, on a small stand-in for the project: the same entry point and build settings, but a host of a few lines and
/// a package source that holds nothing.
/// </summary>
public sealed class EntryPointTests : IDisposable
{
    private const string Host = """
        if (args is ["wait"])
        {
            using var stop = new System.Threading.ManualResetEventSlim();
            using var handler = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, s => { s.Cancel = true; stop.Set(); });
            System.IO.File.WriteAllText("waiting", "");
            stop.Wait();
            return 130;
        }
        System.Console.WriteLine(string.Join('|', args));
        return args.Length;
        """;

    private readonly TemporaryFolder _folder = new();

    public EntryPointTests()
    {
        foreach (var file in new[] { "coursekit.cs", "Directory.Build.props", "Directory.Packages.props", "global.json", ".editorconfig" })
            File.Copy(Path.Combine(ProjectRoot.Find(), file), _folder[file]);
        Directory.CreateDirectory(_folder["empty"]);
        File.WriteAllText(_folder["NuGet.config"], "<configuration><packageSources><clear /><add key=\"empty\" value=\"empty\" /></packageSources></configuration>");
        Project("CourseKit.Host", "<OutputType>Exe</OutputType>", "");
        File.WriteAllText(_folder["lib/CourseKit.Host/Program.cs"], Host);
        Solution("CourseKit.Host");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Call_BuildsOnce_PassesWordsAndExitCodeOn()
    {
        var (code, output, error) = await Call("a", "b c", "--d");
        Assert.Equal("a|b c|--d\n", output);
        Assert.Equal(3, code);
        Assert.Matches("^coursekit: building \\.\\.\\. done, [0-9]+ s\n$", error);

        // From another folder, with the SDK's own separator, and nothing to build: a trained model beside the sources is no source.
        File.WriteAllText(_folder["model.safetensors"], "");
        (code, output, error) = await Call("x");
        Assert.Equal((1, "x\n", ""), (code, output, error));

        using var waiting = Start("wait");
        while (!File.Exists(_folder["waiting"]) && !waiting.HasExited)
            await Task.Delay(50);
        // What a terminal does: the signal goes to every process of the group.
        await HostProcess.Shell($"for p in $(pgrep -P {waiting.Id}); do kill -INT $p; done");
        await waiting.WaitForExitAsync();
        Assert.Equal(130, waiting.ExitCode);

        File.WriteAllText(_folder["lib/CourseKit.Host/Program.cs"], "return nothing;");
        (code, output, error) = await Call("x");
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.StartsWith("coursekit: building ... failed:\n", error, StringComparison.Ordinal);
        Assert.Contains("Program.cs(1,8): error CS0103: The name 'nothing' does not exist in the current context", error, StringComparison.Ordinal);
        Assert.Equal(2, error.TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public async Task Call_PackageMissing_BuildsTheCoreAndSaysWhatIsLeftOut()
    {
        Project("CourseKit.Gpu", "", "<PackageReference Include=\"CourseKit.NoSuchPackage\" VersionOverride=\"1.0.0\" />");
        Solution("CourseKit.Host", "CourseKit.Gpu");
        File.WriteAllText(_folder["CourseKit.Core.slnf"], """{ "solution": { "path": "CourseKit.sln", "projects": [ "lib\\CourseKit.Host\\CourseKit.Host.csproj" ] } }""");
        var (code, output, error) = await Call("x");
        Assert.Equal((1, "x\n"), (code, output));
        Assert.Matches("^coursekit: building \\.\\.\\. not on your NuGet source: CourseKit.NoSuchPackage; left out: CourseKit.Gpu\ncoursekit: building the rest \\.\\.\\. done, [0-9]+ s\n$", error);
        Assert.Equal("CourseKit.Core.slnf", File.ReadLines(_folder["artifacts/built.txt"]).First());

        File.WriteAllText(_folder["CourseKit.Core.slnf"], File.ReadAllText(_folder["CourseKit.Core.slnf"]).Replace("Host.csproj\" ]", "Host.csproj\", \"lib\\\\CourseKit.Gpu\\\\CourseKit.Gpu.csproj\" ]", StringComparison.Ordinal));
        (code, _, error) = await Call("x");
        Assert.Equal(1, code);
        Assert.EndsWith("coursekit: your NuGet source lacks CourseKit.NoSuchPackage. Add a source that has it: dotnet nuget add source URL.\n", error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Out, string Error)> Call(params string[] words)
    {
        using var process = Start(words);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    private Process Start(params string[] words)
    {
        var start = new ProcessStartInfo(DotnetCommand.Path, ["run", _folder["coursekit.cs"], "--", .. words])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        return Process.Start(start)!;
    }

    private void Project(string name, string properties, string items)
    {
        Directory.CreateDirectory(_folder[$"lib/{name}"]);
        File.WriteAllText(_folder[$"lib/{name}/{name}.csproj"], $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup>{properties}</PropertyGroup><ItemGroup>{items}</ItemGroup></Project>");
    }

    private void Solution(params string[] names)
    {
        var lines = new List<string> { "Microsoft Visual Studio Solution File, Format Version 12.00" };
        var configurations = new List<string>();
        foreach (var (index, name) in names.Index())
        {
            var id = $"{{00000000-0000-0000-0000-00000000000{index + 1}}}";
            lines.Add($"Project(\"{{FAE04EC0-301F-11D3-BF4B-00C04F79EFBC}}\") = \"{name}\", \"lib\\{name}\\{name}.csproj\", \"{id}\"\nEndProject");
            configurations.Add($"{id}.Release|Any CPU.ActiveCfg = Release|Any CPU\n{id}.Release|Any CPU.Build.0 = Release|Any CPU");
        }
        lines.AddRange(["Global", "GlobalSection(SolutionConfigurationPlatforms) = preSolution", "Release|Any CPU = Release|Any CPU", "EndGlobalSection",
            "GlobalSection(ProjectConfigurationPlatforms) = postSolution", .. configurations, "EndGlobalSection", "EndGlobal"]);
        File.WriteAllLines(_folder["CourseKit.sln"], lines);
    }
}

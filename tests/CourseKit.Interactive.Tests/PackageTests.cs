using System.Diagnostics;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>The extension as a package, which .NET Interactive loads by itself. The package caches of the user stay as they are.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coursekit-package-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [InteractiveFact]
    [Trait("Category", "Long")]
    public async Task Package_Referenced_LoadsTheExtension()
    {
        foreach (var project in new[] { "CourseKit", "CourseKit.Notebooks", "CourseKit.Interactive" })
            await PackAsync(project);
        var users = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        using var kernel = await InteractiveKernel.StartAsync(("NUGET_PACKAGES", Path.Combine(_folder, "cache")), ("NUGET_FALLBACK_PACKAGES", users));

        var loaded = await kernel.RunAsync($"#i \"nuget:{_folder}\"\n#r \"nuget:CourseKit.Interactive,0.1.0-test\"");
        Assert.Null(loaded.Failure);
        Assert.Contains(loaded.Values, value => value.GetValueOrDefault("text/html")?.EndsWith(PlotlyDisplay.Script(), StringComparison.Ordinal) == true);
        var chart = await kernel.RunAsync("using CourseKit.Interactive;\nCourseKit.Notebooks.Chart.Line([1, 2]).ToPlotly()");
        Assert.Equal(PlotlyDisplay.Html(Notebooks.Chart.Line([1, 2]).ToPlotly()), chart.Only["text/html"]);
        Assert.StartsWith("CourseKit", (await kernel.RunAsync("#!coursekit")).Only["text/plain"], StringComparison.Ordinal);
    }

    private async Task PackAsync(string project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["pack", Path.Combine(CourseFiles.Root, "lib", project), "-c", "Release", "--no-build", "-o", _folder, "-p:PackageVersion=0.1.0-test", "-nodeReuse:false", "--nologo"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}

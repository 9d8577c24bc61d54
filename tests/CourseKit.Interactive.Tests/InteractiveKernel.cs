using System.Diagnostics;
using System.Text.Json.Nodes;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>What a cell showed: its values by MIME type, or why it failed.</summary>
internal sealed record CellShown(IReadOnlyList<IReadOnlyDictionary<string, string>> Values, string? Failure)
{
    /// <summary>The only value, of a cell that did not fail.</summary>
    public IReadOnlyDictionary<string, string> Only
    {
        get
        {
            Assert.Null(Failure);
            return Assert.Single(Values);
        }
    }
}

/// <summary>A process of the real .NET Interactive, spoken to as VS Code's extension does.</summary>
internal sealed class InteractiveKernel : IDisposable
{
    /// <summary>The cells that a learner runs first: those of every notebook, and the one that loads the extension.</summary>
    public static readonly string Setup = $"""
        #r "{CourseFiles.Root}/artifacts/kit/System.Numerics.Tensors.dll"
        #r "{CourseFiles.Root}/artifacts/kit/MathNet.Numerics.dll"
        #r "{CourseFiles.Root}/artifacts/kit/CourseKit.dll"
        #r "{CourseFiles.Root}/artifacts/kit/CourseKit.Notebooks.dll"
        using CourseKit.Data;
        using CourseKit.Layers;
        using CourseKit.Notebooks;
        using CourseKit.Optimizers;
        using CourseKit.Tensors;
        using CourseKit.Training;
        Kit.Start()
        """;

    public static readonly string Load = $"""
        #r "{CourseFiles.Root}/artifacts/interactive/FSharp.Core.dll"
        #r "{CourseFiles.Root}/artifacts/interactive/Plotly.NET.dll"
        #r "{CourseFiles.Root}/artifacts/interactive/CourseKit.Interactive.dll"
        using CourseKit.Interactive;
        await KitInteractive.LoadAsync();
        """;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private InteractiveKernel((string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(DotnetInteractive.Program!, ["stdio", "--default-kernel", "csharp", "--working-dir", CourseFiles.PathOf("")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public static async Task<InteractiveKernel> StartAsync(params (string Name, string Value)[] environment)
    {
        var kernel = new InteractiveKernel(environment);
        await kernel.UntilAsync(happening => (string)happening["eventType"]! == "KernelReady");
        return kernel;
    }

    /// <summary>Runs a cell to its end.</summary>
    public async Task<CellShown> RunAsync(string code)
    {
        var token = await SendAsync("SubmitCode", code);
        var events = await UntilAsync(happening => IsEnd(happening, token));
        var shown = events.Where(happening => (string)happening["eventType"]! is "DisplayedValueProduced" or "ReturnValueProduced")
            .Select(happening => (IReadOnlyDictionary<string, string>)happening["event"]!["formattedValues"]!.AsArray().ToDictionary(value => (string)value!["mimeType"]!, value => (string)value!["value"]!));
        return new([.. shown], (string?)events.FirstOrDefault(happening => (string)happening["eventType"]! == "CommandFailed")?["event"]!["message"]);
    }

    /// <summary>Starts a cell, stops it once it has shown something, and tells how it ended.</summary>
    public async Task<string?> StopAsync(string code)
    {
        var token = await SendAsync("SubmitCode", code);
        await UntilAsync(happening => (string)happening["eventType"]! == "DisplayedValueProduced");
        await SendAsync("Cancel", null);
        var events = await UntilAsync(happening => IsEnd(happening, token));
        return (string?)events[^1]["event"]!["message"];
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    // A cell that holds magic commands is a command of several: its own end carries its own token.
    private static bool IsEnd(JsonNode happening, string token) => (string)happening["eventType"]! is "CommandSucceeded" or "CommandFailed" && (string)happening["command"]!["token"]! == token;

    private async Task<string> SendAsync(string type, string? code)
    {
        var token = Guid.NewGuid().ToString("N");
        var command = new JsonObject { ["targetKernelName"] = "csharp" };
        if (code is not null)
            command["code"] = code;
        await _process.StandardInput.WriteLineAsync(new JsonObject { ["token"] = token, ["commandType"] = type, ["command"] = command }.ToJsonString());
        await _process.StandardInput.FlushAsync();
        return token;
    }

    private async Task<List<JsonNode>> UntilAsync(Func<JsonNode, bool> isLast)
    {
        using var limit = new CancellationTokenSource(Longest);
        var events = new List<JsonNode>();
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.StartsWith('{'))
                continue;
            events.Add(JsonNode.Parse(line)!);
            if (isLast(events[^1]))
                return events;
        }
        throw new InvalidOperationException(".NET Interactive ended before the cell did.");
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CourseKit.Host.Execution;

namespace CourseKit.Host.Jupyter;

/// <summary>A kernelspec: a folder, named as the kernel, whose kernel.json tells Jupyter how to start it.</summary>
internal sealed class KernelSpec
{
    /// <summary>The word that starts this program as a kernel; the path of Jupyter's connection file follows.</summary>
    public const string ServeVerb = "serve-kernel";

    /// <summary>The name that the notebooks ask for; .NET Interactive registers it too.</summary>
    public const string DefaultName = ".net-csharp";

    /// <summary>The name that is taken where <see cref="DefaultName"/> is another kernel's.</summary>
    public const string OtherName = "coursekit-csharp";

    private const string JsonFile = "kernel.json";

    private const string Mark = "coursekit";

    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

    private KernelSpec(string folder, JsonObject? json)
    {
        Folder = folder;
        IsKernel = File.Exists(Path.Combine(folder, JsonFile));
        IsOurs = json?["metadata"] is JsonObject metadata && metadata[Mark] is JsonObject;
        Argv = json?["argv"] is JsonArray argv ? [.. argv.OfType<JsonValue>().Select(word => word.ToString())] : [];
        DisplayName = json?["display_name"] is JsonValue name ? name.ToString() : null;
    }

    /// <summary>Names of the files that <see cref="Files"/> gives.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [.. Logos, JsonFile];

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Whether the folder holds a kernel.json, so that Jupyter takes it for a kernel.</summary>
    public bool IsKernel { get; }

    /// <summary>Whether CourseKit wrote it.</summary>
    public bool IsOurs { get; }

    /// <summary>The program and its arguments; empty when they cannot be read.</summary>
    public IReadOnlyList<string> Argv { get; }

    /// <summary>What Jupyter's menus call it, or null when that cannot be read.</summary>
    public string? DisplayName { get; }

    /// <summary>Whose it is, for messages.</summary>
    public string Owner => IsOurs ? "CourseKit"
        : Argv.Any(word => word == "interactive" || word.Contains("dotnet-interactive", StringComparison.OrdinalIgnoreCase) || word.Contains("DotNet.Interactive", StringComparison.OrdinalIgnoreCase)) ? ".NET Interactive"
        : DisplayName is not null ? $"another kernel (\"{DisplayName}\")" : "another program";

    /// <summary>What stands at a path that a kernelspec would take.</summary>
    /// <param name="folder">The path.</param>
    /// <returns>Null when nothing is there, or an empty folder.</returns>
    public static KernelSpec? Read(string folder)
    {
        if (!File.Exists(folder) && !(Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            return null;
        try
        {
            return new KernelSpec(folder, JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, JsonFile))) as JsonObject);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or ArgumentException or InvalidOperationException)
        {
            // The last two: a key that stands twice, text that is not UTF-8. What cannot be read is somebody else's.
            return new KernelSpec(folder, null);
        }
    }

    /// <summary>What a kernelspec of this program consists of; kernel.json, which makes it one, comes last.</summary>
    /// <param name="name">The kernel's name.</param>
    public static IEnumerable<(string Name, byte[] Content)> Files(string name)
    {
        var assembly = typeof(KernelSpec).Assembly;
        foreach (var logo in Logos)
        {
            using var content = new MemoryStream();
            using var resource = assembly.GetManifestResourceStream(logo)!;
            resource.CopyTo(content);
            yield return (logo, content.ToArray());
        }
        var start = DotnetCommand.ThisProgram(ServeVerb, "{connection_file}");
        var json = new JsonObject
        {
            ["argv"] = new JsonArray([start.FileName, .. start.ArgumentList]),
            ["display_name"] = TitleOf(name),
            ["language"] = "C#",
            ["interrupt_mode"] = "message",
            ["metadata"] = new JsonObject { [Mark] = new JsonObject { ["version"] = assembly.GetName().Version!.ToString(3) } },
        };
        yield return (JsonFile, Encoding.UTF8.GetBytes(json.ToJsonString(Layout) + "\n"));
    }

    /// <summary>What Jupyter's menus call this program's kernel.</summary>
    /// <param name="name">The kernel's name.</param>
    public static string TitleOf(string name) => name == DefaultName ? ".NET (C#)" : "CourseKit (C#)";
}

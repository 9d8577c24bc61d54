using CourseKit.Host.Commands;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>A user with a home, a project and programs of their own: nothing of the real ones is seen or touched.</summary>
internal sealed class JupyterUser : IDisposable
{
    /// <summary>What .NET Interactive writes.</summary>
    public const string Interactive = """{"argv": ["dotnet", "interactive", "jupyter", "--default-kernel", "csharp", "{connection_file}"], "display_name": ".NET (C#)", "language": "C#"}""";

    public JupyterUser()
    {
        Directory.CreateDirectory(Folder["bin"]);
        Directory.CreateDirectory(Folder["project/notebooks"]);
        Variables = new() { ["HOME"] = Folder["home"], ["USERPROFILE"] = Folder["home"], ["PATH"] = Folder["bin"], ["JUPYTER_DATA_DIR"] = Data };
    }

    public TemporaryFolder Folder { get; } = new();

    public Dictionary<string, string> Variables { get; }

    public string Data => Folder["home/jupyter"];

    public string Kernels => Path.Combine(Data, "kernels");

    public string Root => Folder["project"];

    public Terminal Terminal => new(TextWriter.Null, TextWriter.Null, Root, CancellationToken.None) { Variables = Variables };

    public async Task<(int Code, string Out, string Error)> Call(params string[] words)
    {
        using StringWriter output = new(), error = new();
        var code = await CommandLine.RunAsync(words, Terminal with { Out = output, Error = error });
        return (code, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Puts a shell script on the PATH, or elsewhere in <see cref="Folder"/>.</summary>
    public string Script(string name, string text)
    {
        var path = Folder[name.Contains('/', StringComparison.Ordinal) ? name : $"bin/{name}"];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>Writes somebody's kernelspec.</summary>
    public static string Foreign(string kernels, string name, string json = Interactive)
    {
        var folder = Directory.CreateDirectory(Path.Combine(kernels, name)).FullName;
        File.WriteAllText(Path.Combine(folder, "kernel.json"), json);
        File.WriteAllText(Path.Combine(folder, "logo-32x32.png"), "a logo");
        return folder;
    }

    /// <summary>Every file below a folder: path, time, bytes.</summary>
    public static IEnumerable<string> Content(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => $"{file} {File.GetLastWriteTimeUtc(file).Ticks} {Convert.ToHexString(File.ReadAllBytes(file))}");

    /// <summary>The kernelspec of a name.</summary>
    public KernelSpec? Spec(string name) => new KernelsFolder(Data).Find(name);

    public void Dispose() => Folder.Dispose();
}

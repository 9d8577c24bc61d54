using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CourseKit.Host.Execution;

/// <summary>Starts this program again, and the dotnet command, whatever started this process.</summary>
internal static class DotnetCommand
{
    /// <summary>The dotnet executable of the running runtime.</summary>
    public static string Path { get; } = Find();

    /// <summary>This program with other arguments.</summary>
    /// <param name="arguments">The command line.</param>
    public static ProcessStartInfo ThisProgram(params IEnumerable<string> arguments) =>
        new(Path, [typeof(DotnetCommand).Assembly.Location, .. arguments]) { UseShellExecute = false };

    private static string Find()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var root = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var file = System.IO.Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(file) ? file : "dotnet";
    }
}

using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>The real .NET Interactive, on the PATH or in artifacts/tools.</summary>
internal static class DotnetInteractive
{
    /// <summary>Its program; null when it is not installed.</summary>
    public static string? Program { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Prepend(Path.Combine(CourseFiles.Root, "artifacts", "tools")).Where(folder => folder.Length > 0)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "dotnet-interactive.exe" : "dotnet-interactive")).FirstOrDefault(File.Exists);

    /// <summary>Why a test that needs it is skipped; null when it is not.</summary>
    public static string? Missing => Program is null
        ? "There is no .NET Interactive. Install it: dotnet tool install Microsoft.dotnet-interactive --tool-path artifacts/tools" : null;
}

/// <summary>A test that needs a real .NET Interactive.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteractiveFactAttribute : FactAttribute
{
    public InteractiveFactAttribute() => Skip = DotnetInteractive.Missing;
}

/// <summary>Cases that need a real .NET Interactive, and nbconvert to run notebooks on it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class InteractiveTheoryAttribute : TheoryAttribute
{
    public InteractiveTheoryAttribute() => Skip = DotnetInteractive.Missing ?? PythonModules.Missing("nbconvert", "jupyter-nbconvert");
}

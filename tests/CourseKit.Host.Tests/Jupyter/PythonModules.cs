using System.ComponentModel;
using System.Diagnostics;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>Python with some of Jupyter's own packages.</summary>
internal static class PythonModules
{
    private static readonly string[] Candidates = ["/usr/bin/python3", "python3", "python"];

    private static readonly Dictionary<string, string?> Found = [];

    /// <summary>A Python that has a module; null when there is none.</summary>
    public static string? PythonWith(string module)
    {
        lock (Found)
        {
            if (!Found.TryGetValue(module, out var python))
                Found[module] = python = Candidates.FirstOrDefault(candidate => Runs(candidate, $"import {module}"));
            return python;
        }
    }

    /// <summary>Why a test that needs a module is skipped; null when it is not.</summary>
    public static string? Missing(string module, string package) =>
        PythonWith(module) is null ? $"There is no Python with {module}. On Debian: apt install {package}" : null;

    private static bool Runs(string python, string code)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", code]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A test that needs Jupyter's suite for kernels.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelSuiteFactAttribute : FactAttribute
{
    public KernelSuiteFactAttribute() => Skip = PythonModules.Missing("jupyter_kernel_test", "python3-jupyter-kernel-test");
}

/// <summary>Cases that need nbconvert.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NbconvertTheoryAttribute : TheoryAttribute
{
    public NbconvertTheoryAttribute() => Skip = PythonModules.Missing("nbconvert", "jupyter-nbconvert");
}

using System.ComponentModel;
using System.Diagnostics;

namespace CourseKit.Tests.Interchange;

/// <summary>A test that needs a real PyTorch.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PyTorchFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> Present = new(() => Run("-c", "import torch").Code == 0);

    public PyTorchFactAttribute()
    {
        if (!Present.Value)
            Skip = "There is no PyTorch on this machine (python3 -c 'import torch'). On Debian: apt-get install python3-torch libopenblas0-pthread.";
    }

    /// <summary>The system's Python: that of a package manager knows python3-torch, another on the path may not.</summary>
    public static (int Code, string Error) Run(params string[] arguments)
    {
        try
        {
            var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
            using var process = Process.Start(new ProcessStartInfo(python, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (Win32Exception e)
        {
            return (1, e.Message);
        }
    }
}

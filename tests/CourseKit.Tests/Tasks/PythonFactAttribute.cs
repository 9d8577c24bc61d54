using System.ComponentModel;
using System.Diagnostics;

namespace CourseKit.Tests.Tasks;

/// <summary>A test that needs a real Python 3.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Python = new(() => new[] { "/usr/bin/python3", "python3", "python" }.FirstOrDefault(candidate =>
        Run(candidate, "import sys; sys.exit(sys.version_info[0] - 3)", "").Code == 0));

    public PythonFactAttribute()
    {
        if (Python.Value is null)
            Skip = "There is no Python 3 on this machine (python3 -c ''). On Debian: apt-get install python3.";
    }

    /// <summary>Runs a script that reads from its input.</summary>
    public static (int Code, string Out, string Error) Run(string script, string input) => Run(Python.Value!, script, input);

    private static (int Code, string Out, string Error) Run(string python, string script, string input)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            return (process.ExitCode, output.Result, error.Result);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            return (1, "", e.Message);
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace CourseKit.Host.Tests;

/// <summary>A test that needs another program, which answers a question when it is there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    /// <param name="program">Its name or path.</param>
    /// <param name="question">What to call it with; it must end with 0.</param>
    public ProgramFactAttribute(string program, params string[] question)
    {
        if (!Answers(program, question))
            Skip = $"This machine has none that answers: {program} {string.Join(' ', question)}";
    }

    private static bool Answers(string program, string[] question)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, question) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

using System.ComponentModel;
using System.Diagnostics;

namespace CourseKit.Host.Tests.Browser;

/// <summary>Runs a script of this folder in Node.js, which drives a real Chromium: see browser.js.</summary>
internal static class ChromiumProcess
{
    private static readonly string Root = ProjectRoot.Find();
    private static readonly string Modules =
        Environment.GetEnvironmentVariable("COURSEKIT_NODE_MODULES") ?? Path.Combine(Root, "artifacts", "node", "node_modules");

    private static readonly Lazy<string?> Reason = new(() =>
        !HasChromium() ? "There is no Chromium. Install it, or name its program in COURSEKIT_CHROMIUM"
        : !Directory.Exists(Path.Combine(Modules, "playwright-core")) || Start(["--version"]).Code != 0
            ? $"There is no playwright-core in {Modules}. With Node.js: npm install --ignore-scripts --prefix artifacts/node playwright-core"
            : null);

    /// <summary>Why nothing can run here; null when it can.</summary>
    public static string? WhyNot => Reason.Value;

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">Its file name in this folder.</param>
    /// <param name="arguments">What it gets.</param>
    /// <returns>Its exit code, and what it wrote to its error stream.</returns>
    public static (int Code, string Error) Run(string script, params string[] arguments) =>
        Start([Path.Combine(Root, "tests", "CourseKit.Host.Tests", "Browser", script), .. arguments]);

    private static bool HasChromium() => Environment.GetEnvironmentVariable("COURSEKIT_CHROMIUM") is { } named
        ? File.Exists(named)
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(folder => folder.Length > 0)
            .Any(folder => new[] { "chromium", "chromium-browser", "google-chrome" }.Any(name => File.Exists(Path.Combine(folder, name))));

    private static (int Code, string Error) Start(string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["COURSEKIT_NODE_MODULES"] = Modules;
            using var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
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

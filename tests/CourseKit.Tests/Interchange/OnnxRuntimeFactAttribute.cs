using System.ComponentModel;
using System.Diagnostics;
using CourseKit.Tests.Architecture;

namespace CourseKit.Tests.Interchange;

/// <summary>A test that needs a real ONNX Runtime: node, and its package onnxruntime-node in COURSEKIT_NODE_MODULES or artifacts/node/node_modules.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnnxRuntimeFactAttribute : FactAttribute
{
    private static readonly string Modules =
        Environment.GetEnvironmentVariable("COURSEKIT_NODE_MODULES") ?? Path.Combine(Repository.Root, "artifacts", "node", "node_modules");

    private static readonly Lazy<bool> Present = new(() => Directory.Exists(Path.Combine(Modules, "onnxruntime-node")) && Node("--version").Code == 0);

    public OnnxRuntimeFactAttribute()
    {
        if (!Present.Value)
            Skip = $"There is no ONNX Runtime in {Modules}. With Node.js: npm install --ignore-scripts --prefix artifacts/node onnxruntime-node";
    }

    /// <summary>Runs a script of this folder; its first argument is the folder of packages.</summary>
    public static (int Code, string Error) Run(string script, string argument) =>
        Node(Path.Combine(Repository.Root, "tests", "CourseKit.Tests", "Interchange", script), Modules, argument);

    private static (int Code, string Error) Node(params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
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

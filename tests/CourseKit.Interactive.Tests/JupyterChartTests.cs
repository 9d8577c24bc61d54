using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CourseKit.Host.Tests.Browser;
using CourseKit.Host.Tests.Jupyter;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Interactive.Tests;

/// <summary>A test that needs a real browser, a real Jupyter Notebook and a real .NET Interactive.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JupyterChartFactAttribute : FactAttribute
{
    public JupyterChartFactAttribute() => Skip = ChromiumProcess.WhyNot ?? DotnetInteractive.Missing ?? PythonModules.Missing("notebook", "jupyter-notebook");
}

/// <summary>Charts of Plotly.NET in Jupyter Notebook with the kernel of .NET Interactive, used as a learner does: run, save, close, open again, run a cell again.</summary>
public sealed class JupyterChartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("coursekit-jupyter-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [JupyterChartFact]
    public async Task Charts_RunSavedAndOpenedAgain_AreDrawnWithoutANetwork()
    {
        LearnersNotebook.Write(Path.Combine(_folder, "charts.ipynb"), InteractiveKernel.Setup, InteractiveKernel.Load, "Chart.Line([3.0, 2, 1.5], \"loss\").Title(\"First\").ToPlotly()", "Chart.Bar([\"RNN\", \"LSTM\"], [1.5, 1.2]).Title(\"Second\").ToPlotly()", "#!coursekit");
        WriteKernel();
        var port = FreePort();
        var start = new ProcessStartInfo(PythonModules.PythonWith("notebook")!,
            ["-m", "notebook", "--no-browser", "--allow-root", $"--port={port}", "--NotebookApp.token=t", $"--notebook-dir={_folder}"])
        {
            RedirectStandardError = true,
        };
        start.Environment["HOME"] = start.Environment["JUPYTER_PATH"] = _folder;
        using var server = Process.Start(start)!;
        try
        {
            while (await server.StandardError.ReadLineAsync() is { } line && !line.Contains("http://", StringComparison.Ordinal))
            {
            }
            // Read on, so that it never waits for a full pipe.
            var rest = server.StandardError.ReadToEndAsync();
            var (code, error) = ChromiumProcess.Run(Path.Combine(CourseFiles.Root, "tests", "CourseKit.Interactive.Tests", "jupyter.js"), $"http://127.0.0.1:{port}/notebooks/charts.ipynb?token=t");
            Assert.True(code == 0 && !rest.IsCompleted, error);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }

    private void WriteKernel()
    {
        var spec = Directory.CreateDirectory(Path.Combine(_folder, "kernels", ".net-csharp")).FullName;
        File.WriteAllText(Path.Combine(spec, "kernel.json"), JsonSerializer.Serialize(new
        {
            argv = new[] { DotnetInteractive.Program!, "jupyter", "--default-kernel", "csharp", "{connection_file}", "--http-port-range", "2048-3000" },
            display_name = ".NET (C#)",
            language = "C#",
        }));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

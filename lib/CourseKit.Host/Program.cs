using System.Runtime.InteropServices;
using CourseKit.Backends;
using CourseKit.Host;
using CourseKit.Host.Commands;
using CourseKit.Host.Execution;
using CourseKit.Host.Jupyter;

// Built only where its packages can be restored, so that it does not lie beside this program.
Backend.GpuLibrary = Path.Combine(ProjectRoot.Find(), "artifacts", "kit", "CourseKit.Gpu.dll");

if (args is [CellServer.Verb, var pipe, var folder])
{
    await CellServer.RunAsync(pipe, folder);
    return 0;
}

if (args is [KernelSpec.ServeVerb, var connectionFile])
    return await KernelServer.RunAsync(connectionFile);

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandLine.RunAsync(args, new Terminal(Console.Out, Console.Error, ProjectRoot.Find(), stop.Token));

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using System.IO.Pipes;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace CourseKit.Host.Execution;

/// <summary>The process of one notebook: runs the cells that the runner sends, until the runner goes away.</summary>
internal static class CellServer
{
    /// <summary>The verb that starts it; not for people, so `help` does not list it.</summary>
    public const string Verb = "serve-cells";

    /// <summary>Serves until the pipe closes.</summary>
    /// <param name="pipeName">The runner's pipe.</param>
    /// <param name="folder">The notebook's folder, which is also the working folder.</param>
    public static async Task RunAsync(string pipeName, string folder)
    {
        // A terminal sends Ctrl-C to the runner too, which ends this process in its own way.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        var stream = new NamedPipeClientStream(".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
        await stream.ConnectAsync(60_000);
        using var pipe = new CellPipe(stream);
        var sending = new Lock();
        using var session = new ScriptSession(folder, output => Send(CellPipe.Message(output)));
        for (var next = pipe.ReceiveAsync(CancellationToken.None); await next is { } message;)
        {
            var cell = session.ExecuteAsync((string)message["source"]!, (int)message["cell"]!);
            next = pipe.ReceiveAsync(CancellationToken.None);
            // Whatever ends first: a runner that has gone leaves nobody to run for.
            if (await Task.WhenAny(cell, next) == next)
                Environment.Exit(1);
            var result = await cell;
            Send(new JsonObject { ["done"] = true, ["failed"] = result.Error is not null, ["line"] = result.Line, ["message"] = result.Error?.Message });
        }

        void Send(JsonObject message)
        {
            lock (sending)
                pipe.Send(message);
        }
    }
}

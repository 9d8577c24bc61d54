using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CourseKit.Host.Execution;
using CourseKit.Host.Language;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Jupyter;

/// <summary>
/// A Jupyter kernel: one process, one notebook. Requests of the shell channel are answered one after another, those of the control channel at once.
/// jupyter-client.readthedocs.io, "Messaging in Jupyter".
/// </summary>
internal sealed partial class KernelServer : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    /// <summary>How long a cell may take to stop when the kernel is shut down: a training writes its checkpoint then.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(3);

    private readonly record struct Arrived(JupyterMessage Message, long Number);

    private readonly KernelLog _log = new();
    private readonly Channel<Arrived> _shell = Channel.CreateBounded<Arrived>(MostWaiting), _control = Channel.CreateBounded<Arrived>(MostWaiting);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InputHistory _history = new();
    private readonly KernelChannels _channels;
    private readonly ScriptSession _session;
    private readonly LanguageService _language;
    private long _arrived;
    private bool _isWarm;

    private KernelServer(ConnectionFile connection)
    {
        _channels = new(connection, EnqueueAsync, message => _answers.Writer.TryWrite(message), _log);
        _session = new ScriptSession(Environment.CurrentDirectory, Output, new CellInput(Ask));
        _language = new(_session, Environment.CurrentDirectory);
    }

    /// <summary>Serves until a client or a signal ends it, or Jupyter itself is gone.</summary>
    /// <param name="connectionFile">The path of the file that Jupyter has written.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string connectionFile)
    {
        try
        {
            await using var server = new KernelServer(ConnectionFile.Load(connectionFile));
            ExceptionHandling.SetUnhandledExceptionHandler(server.OnUnhandled);
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, server.OnInterrupt);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, server.OnTerminate);
            await server.ServeAsync();
            return 0;
        }
        catch (Exception e) when (e is JupyterException or SocketException)
        {
            Console.Error.WriteLine($"coursekit kernel: {(e is SocketException ? $"{connectionFile}: the kernel cannot listen there: {e.Message}" : e.Message)}");
            return 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channels.DisposeAsync();
        _session.Dispose();
    }

    private async Task ServeAsync()
    {
        _channels.Publish("status", new() { ["execution_state"] = "starting" }, null);
        _ = AnswerAsync(_control.Reader, isControl: true);
        _ = AnswerAsync(_shell.Reader, isControl: false);
        await Task.WhenAny(_end.Task, ParentProcess.GoneAsync());
        if (!_executing.IsCompleted)
        {
            _session.Interrupt();
            await Task.WhenAny(_executing, Task.Delay(LastWords));
        }
    }

    private async ValueTask EnqueueAsync(JupyterMessage message, bool isControl) =>
        await (isControl ? _control : _shell).Writer.WriteAsync(new(message, Interlocked.Increment(ref _arrived)));

    private async Task AnswerAsync(ChannelReader<Arrived> requests, bool isControl)
    {
        await foreach (var request in requests.ReadAllAsync())
        {
            Status("busy", request.Message);
            try
            {
                await AnswerAsync(request, isControl);
            }
            catch (Exception e)
            {
                // Whatever it was, the next request finds a kernel that answers.
                _log.Write($"{request.Message.Type}: {e}");
                _channels.Reply(request.Message, isControl, new() { ["status"] = "error", ["ename"] = e.GetType().Name, ["evalue"] = e.Message, ["traceback"] = new JsonArray() });
            }
            Status("idle", request.Message);
        }
    }

    private async Task AnswerAsync(Arrived request, bool isControl)
    {
        var message = request.Message;
        switch (message.Type)
        {
            case "execute_request" when !isControl:
                await ExecuteAsync(request);
                break;
            case "kernel_info_request":
                Reply(KernelInfo.Content());
                WarmUp();
                break;
            case "complete_request":
                Reply(Completions(message));
                break;
            case "inspect_request":
                Reply(Inspection(message));
                break;
            case "is_complete_request":
                Reply(IsComplete(message));
                break;
            case "history_request":
                Reply(_history.Answer(message));
                break;
            case "comm_info_request":
                Reply(new() { ["status"] = "ok", ["comms"] = new JsonObject() });
                break;
            case "comm_open":
                // There is nothing behind a comm here: what Jupyter widgets would want is closed at once.
                _channels.Publish("comm_close", new() { ["comm_id"] = message.Text("comm_id"), ["data"] = new JsonObject() }, message.Header);
                break;
            case "comm_msg" or "comm_close":
                break;
            case "interrupt_request":
                _session.Interrupt();
                Reply(new() { ["status"] = "ok" });
                break;
            case "shutdown_request":
                Reply(new() { ["status"] = "ok", ["restart"] = message.Flag("restart") });
                _channels.Publish("shutdown_reply", new() { ["status"] = "ok", ["restart"] = message.Flag("restart") }, message.Header);
                _end.TrySetResult();
                break;
            default:
                _log.Write($"{message.Type}: this kernel does not know such a request; it is passed over");
                break;
        }

        void Reply(JsonObject content) => _channels.Reply(message, isControl, content);
    }

    private void Status(string state, JupyterMessage request) => _channels.Publish("status", new() { ["execution_state"] = state }, request.Header);

    // The first cell pays for the compiler's start; while a learner reads, that has time to happen.
    private void WarmUp()
    {
        if (_isWarm)
            return;
        _isWarm = true;
        new Thread(_session.WarmUp) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "warm-up" }.Start();
    }

    // Without this the process would end, and with it all that the learner has computed.
    private bool OnUnhandled(Exception exception)
    {
        Output(new StreamOutput("stderr", $"An exception in a thread of its own, which nobody caught: {exception}\n"));
        return true;
    }

    private void OnInterrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _session.Interrupt();
    }

    private void OnTerminate(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _end.TrySetResult();
    }
}

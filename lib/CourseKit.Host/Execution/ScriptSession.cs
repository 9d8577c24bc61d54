using System.Reflection;
using System.Runtime;
using System.Text;
using CourseKit.Cells;
using CourseKit.Host.Notebooks;
using CourseKit.Notebooks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace CourseKit.Host.Execution;

/// <summary>
/// Runs the cells of one notebook, each seeing what the earlier ones declared. Scripts never unload and the console belongs to the
/// process: one session a process, a fresh process for a fresh start.
/// </summary>
internal sealed class ScriptSession : IDisposable
{
    /// <summary>Deep enough for a learner's recursion over a few hundred thousand steps.</summary>
    private const int StackBytes = 64 << 20;

    private static readonly MethodInfo HasReturnValue =
        typeof(Script).GetMethod("HasReturnValue", BindingFlags.Instance | BindingFlags.NonPublic)
        ?? throw new MissingMethodException("Microsoft.CodeAnalysis.Scripting.Script.HasReturnValue: another version of Roslyn is in use.");

    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(500), Despair = TimeSpan.FromSeconds(3);

    private readonly string _folder;
    private readonly CellConsole _console;
    private readonly ScriptOptions _options;
    private readonly CellInput? _input;
    private readonly Dictionary<string, string> _sources = [];
    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;
    private volatile bool _interrupted;
    private ScriptState<object>? _state;

    /// <summary>Starts a session; it owns the process's console until disposed.</summary>
    /// <param name="folder">The notebook's folder: "#r" is relative to it.</param>
    /// <param name="publish">Gets every output of every cell, in order; called from any thread, one call at a time.</param>
    /// <param name="input">Asks the reader of the notebook; null where nobody is there to answer.</param>
    public ScriptSession(string folder, Action<CellOutput> publish, CellInput? input = null)
    {
        _folder = Path.GetFullPath(folder);
        _input = input;
        _console = new CellConsole(publish, input);
        // The kit too: were a part of it first known when a late cell names it, the compiler would read what needs that part a second time.
        var references = new CachedReferences(_folder, typeof(Enumerable).Assembly, typeof(CellCommands).Assembly, typeof(Kit).Assembly, typeof(Tensors.Tensor).Assembly,
            typeof(MathNet.Numerics.Distance).Assembly, typeof(System.Numerics.Tensors.TensorPrimitives).Assembly);
        _options = ScriptOptions.Default
            .WithLanguageVersion(LanguageVersion.CSharp14)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithEmitDebugInformation(true)
            .WithFileEncoding(Encoding.UTF8)
            .WithMetadataResolver(references)
            .AddReferences(references.Own)
            .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
            .AddImports(typeof(CellCommands).FullName!);
        CellCommands.Host = new CellHost(this);
        FrontEnd.Current = new CellFrontEnd(this);
    }

    /// <summary>Compiles and runs one cell. Outputs, the result and an error are published before it returns.</summary>
    /// <param name="source">C#.</param>
    /// <param name="number">The cell's number, from 1: it names the cell in errors and marks the result.</param>
    /// <param name="keep">Whether later cells see what it declares. Default: true.</param>
    public Task<CellResult> ExecuteAsync(string source, int number, bool keep = true)
    {
        var done = new TaskCompletionSource<CellResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(Execute(source, number, keep));
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, StackBytes)
        { IsBackground = true, Name = $"cell {number}" };
        thread.Start();
        return done.Task;
    }

    /// <summary>
    /// Asks the running cell to stop. Training and sampling stop at their next step; a busy loop is aborted a moment later; a blocking
    /// call stops only when it returns, and the reader is told so.
    /// </summary>
    public void Interrupt()
    {
        lock (_lock)
        {
            if (_running is null)
                return;
            _interrupted = true;
            Training.Interrupt.Request();
            // An abort in the middle of the library's work could leave its threads in disorder: first it may stop by itself.
            _running.CancelAfter(Grace);
            _ = TellWhatToDoAsync(_running);
        }
    }

    /// <summary>Runs something that leaves no trace, so that the first cell does not wait for the compiler to be loaded.</summary>
    public void WarmUp()
    {
        var first = CSharpScript.Create<object>("var numbers = Enumerable.Range(0, 3).Select(x => x * 2).ToList();", _options);
        var second = first.ContinueWith<object>("$\"{numbers.Count}\"");
        DisplayFormat.Of(second.RunAsync().GetAwaiter().GetResult().ReturnValue, 1);
    }

    /// <summary>The cells so far and one more, compiled as far as it goes and not run: what tools ask about names and types.</summary>
    /// <param name="source">C#, which may be broken.</param>
    public Compilation Compile(string source) => Next(source, _options.WithFilePath(CellTrace.PathOf(_folder, 0))).GetCompilation();

    /// <summary>Asks the reader of the notebook for a line.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="password">Whether what is typed stays hidden.</param>
    /// <exception cref="InvalidOperationException">Nobody is there to answer.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    internal string Ask(string prompt, bool password) => _input?.Ask(prompt, password) ?? throw new InvalidOperationException(
        "input: nobody can answer, because the notebook runs by itself here. Give the value in the code, or run the cell in Jupyter.");

    /// <summary>Publishes an output in its place among the console's text.</summary>
    /// <param name="output">A display.</param>
    internal void Publish(CellOutput output) => _console.Publish(output);

    public void Dispose()
    {
        CellCommands.Host = null;
        FrontEnd.Current = null;
        _console.Dispose();
    }

    private Script<object> Next(string source, ScriptOptions options) =>
        _state is null ? CSharpScript.Create<object>(source, options) : _state.Script.ContinueWith<object>(source, options);

    private CellResult Execute(string source, int number, bool keep)
    {
        var path = CellTrace.PathOf(_folder, number);
        _sources[path] = source;
        using var abort = new CancellationTokenSource();
        lock (_lock)
        {
            _running = abort;
            _interrupted = false;
            Training.Interrupt.Reset();
        }
        try
        {
            var script = Next(source, _options.WithFilePath(path));
            var errors = script.Compile(Training.Interrupt.Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
            if (errors.Count > 0)
                return Fail(CellTrace.Of(errors));
            Training.Interrupt.Token.ThrowIfCancellationRequested();
            var state = Run(script, abort.Token);
            // Kept also after an exception: what the cell declared before it stays declared.
            if (keep)
                _state = state;
            if (state.Exception is { } exception)
                return Fail(exception, path);
            // display(x) without a semicolon has shown x already.
            if (!(bool)HasReturnValue.Invoke(script, null)! || state.ReturnValue is DisplayedValue)
                return new(null, null, false);
            var value = DisplayFormat.Of(state.ReturnValue, number);
            Publish(value);
            return new(null, null, false, value);
        }
        catch (Exception e)
        {
            return Fail(e, path);
        }
        finally
        {
            lock (_lock)
                _running = null;
            _console.Flush();
        }
    }

    private ScriptState<object> Run(Script<object> script, CancellationToken abort)
    {
        Task<ScriptState<object>>? run = null;
#pragma warning disable SYSLIB0046 // The one way to stop a learner's endless loop without losing the session.
        ControlledExecution.Run(() => run = _state is null
            ? script.RunAsync(globals: null, catchException: _ => true, abort)
            : script.RunFromAsync(_state, catchException: _ => true, abort), abort);
#pragma warning restore SYSLIB0046
        // Waited for out here, where the token ends the wait: an abort would meet the runtime making that very exception, with its locks held.
        run!.Wait(abort);
        return run.Result;
    }

    private async Task TellWhatToDoAsync(CancellationTokenSource running)
    {
        await Task.Delay(Despair);
        lock (_lock)
        {
            if (_running != running)
                return;
        }
        Publish(new StreamOutput("stderr",
            "The cell has not stopped: it waits in a call that .NET cannot interrupt, such as Thread.Sleep or native code. It will stop when that call returns. "
            + "To stop it now, restart the kernel (in Jupyter: Kernel, Restart); variables are lost then, files are not.\n"));
    }

    private CellResult Fail(Exception exception, string path)
    {
        if (_interrupted && exception is OperationCanceledException or AggregateException { InnerException: OperationCanceledException })
            return Fail((new ErrorOutput("Interrupted", "The cell was interrupted.", ["The cell was interrupted."]), null)) with { Interrupted = true };
        return Fail(CellTrace.Of(exception, path, _sources));
    }

    private CellResult Fail((ErrorOutput Error, int? Line) failure)
    {
        Publish(failure.Error);
        return new CellResult(failure.Error, failure.Line, false);
    }
}

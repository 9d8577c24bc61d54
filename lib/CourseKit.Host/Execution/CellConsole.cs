using System.Text;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>
/// Takes what cells write to the console: buffered, published every 100 ms and before every display, so that text and
/// pictures keep their order.
/// </summary>
internal sealed class CellConsole : IDisposable
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _buffer = new();
    private readonly Action<CellOutput> _publish;
    private readonly TextWriter _oldOut = Console.Out, _oldError = Console.Error;
    private readonly TextReader _oldIn = Console.In;
    private readonly Timer _timer;
    private string _stream = "stdout";

    /// <summary>Takes over the process's console until disposed.</summary>
    /// <param name="publish">Gets the text, in order; called from any thread, one call at a time.</param>
    /// <param name="input">What cells read from; nothing by default.</param>
    public CellConsole(Action<CellOutput> publish, CellInput? input = null)
    {
        _publish = publish;
        Console.SetOut(new StreamWriter(this, "stdout"));
        Console.SetError(new StreamWriter(this, "stderr"));
        input?.Asking = Flush;
        Console.SetIn(input ?? TextReader.Null);
        _timer = new Timer(_ => Flush(), null, 100, 100);
    }

    /// <summary>Publishes an output after everything that was written before it.</summary>
    /// <param name="output">A display, a result or an error.</param>
    public void Publish(CellOutput output)
    {
        lock (_lock)
        {
            Flush();
            _publish(output);
        }
    }

    /// <summary>Publishes what is buffered.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_buffer.Length == 0)
                return;
            var text = _buffer.ToString();
            _buffer.Clear();
            _publish(new StreamOutput(_stream, text));
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        Console.SetOut(_oldOut);
        Console.SetError(_oldError);
        Console.SetIn(_oldIn);
    }

    private void Write(string stream, ReadOnlySpan<char> text)
    {
        lock (_lock)
        {
            if (stream != _stream)
            {
                Flush();
                _stream = stream;
            }
            _buffer.Append(text);
            if (_buffer.Length > 1 << 16)
                Flush();
        }
    }

    private sealed class StreamWriter(CellConsole console, string stream) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => console.Write(stream, [value]);

        public override void Write(string? value) => console.Write(stream, value);

        public override void Write(char[] buffer, int index, int count) => console.Write(stream, buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer) => console.Write(stream, buffer);

        public override void WriteLine(string? value) => console.Write(stream, value + "\n");

        public override void Flush() => console.Flush();
    }
}

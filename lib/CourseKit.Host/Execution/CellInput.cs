namespace CourseKit.Host.Execution;

/// <summary>What cells read from: asks the reader of the notebook for one line after another.</summary>
/// <param name="ask">Gets a prompt and whether what is typed stays hidden; gives the line, without its end.</param>
internal sealed class CellInput(Func<string, bool, string> ask) : TextReader
{
    private string _rest = "";

    /// <summary>Called before anything is asked, so that the reader sees what was written until then.</summary>
    public Action Asking { get; set; } = static () => { };

    /// <summary>Asks for a line.</summary>
    /// <param name="prompt">What is asked.</param>
    /// <param name="password">Whether what is typed stays hidden.</param>
    public string Ask(string prompt, bool password)
    {
        Asking();
        return ask(prompt, password);
    }

    public override string ReadLine()
    {
        var line = _rest.Length > 0 ? _rest[..^1] : Ask("", false);
        _rest = "";
        return line;
    }

    public override int Peek() => Line()[0];

    public override int Read()
    {
        var next = Line()[0];
        _rest = _rest[1..];
        return next;
    }

    public override int Read(char[] buffer, int index, int count)
    {
        var taken = Math.Min(count, Line().Length);
        _rest.CopyTo(0, buffer, index, taken);
        _rest = _rest[taken..];
        return taken;
    }

    /// <summary>There is no end to ask for: one line is all.</summary>
    public override string ReadToEnd() => ReadLine() + "\n";

    private string Line() => _rest.Length > 0 ? _rest : _rest = Ask("", false) + "\n";
}

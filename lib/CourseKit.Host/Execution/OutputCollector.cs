using System.Text;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>Gathers a cell's outputs as a notebook keeps them: neighbouring text of one stream is one output, overwriting is collapsed.</summary>
internal sealed class OutputCollector
{
    /// <summary>More text than this from one cell is a mistake, such as printing in an endless loop.</summary>
    internal const int MostCharacters = 1 << 20;

    private readonly Lock _lock = new();
    private readonly List<CellOutput> _outputs = [];
    private readonly StringBuilder _text = new();
    private string _stream = "";
    private bool _full;

    /// <summary>Adds the next output.</summary>
    /// <param name="output">Any output.</param>
    public void Add(CellOutput output)
    {
        lock (_lock)
        {
            if (output is not StreamOutput stream)
            {
                EndStream();
                _outputs.Add(output);
                return;
            }
            if (stream.Name != _stream)
                EndStream();
            _stream = stream.Name;
            if (_full)
                return;
            _text.Append(stream.Text);
            if (_text.Length > MostCharacters)
                Shorten();
        }
    }

    /// <summary>All outputs so far, in order.</summary>
    public List<CellOutput> Take()
    {
        lock (_lock)
        {
            EndStream();
            return [.. _outputs];
        }
    }

    private void Shorten()
    {
        var shown = StreamText.Collapse(_text.ToString());
        _text.Clear().Append(shown);
        if (shown.Length <= MostCharacters / 2)
            return;
        _full = true;
        _text.Append("\n[the cell wrote more than fits on a page; the rest is left out]\n");
    }

    private void EndStream()
    {
        if (_text.Length > 0)
            _outputs.Add(new StreamOutput(_stream, StreamText.Collapse(_text.ToString())));
        _text.Clear();
    }
}

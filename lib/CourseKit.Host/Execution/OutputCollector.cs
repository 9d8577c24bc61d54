using System.Text;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>Gathers a cell's outputs as a notebook keeps them: neighbouring text of one stream is one output, overwriting is collapsed.</summary>
/// <param name="elsewhere">Gets an update of what this cell has not displayed; null drops it.</param>
internal sealed class OutputCollector(Action<DisplayOutput>? elsewhere = null)
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
            if (output is DisplayUpdate update)
            {
                if (!Replace(_outputs, update.Display))
                    elsewhere?.Invoke(update.Display);
                return;
            }
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

    /// <summary>Puts a display in the place of those with its id.</summary>
    /// <param name="outputs">Where to look.</param>
    /// <param name="display">The new content.</param>
    /// <returns>Whether there was one.</returns>
    public static bool Replace(List<CellOutput> outputs, DisplayOutput display)
    {
        var found = false;
        for (var i = 0; i < outputs.Count; i++)
        {
            if (outputs[i] is not DisplayOutput shown || shown.DisplayId != display.DisplayId)
                continue;
            outputs[i] = display with { ExecutionCount = shown.ExecutionCount };
            found = true;
        }
        return found;
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

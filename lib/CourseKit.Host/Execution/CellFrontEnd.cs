using System.Collections.Concurrent;
using CourseKit.Host.Notebooks;
using CourseKit.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>Shows pictures that change among the outputs of a cell: a display first, then updates of it.</summary>
/// <param name="session">Whose outputs.</param>
internal sealed class CellFrontEnd(ScriptSession session) : IFrontEnd
{
    private readonly ConcurrentDictionary<string, bool> _shown = [];

    public void Show(string id, string html, string text)
    {
        var display = DisplayOutput.Of(null, ("text/html", html), ("text/plain", text)) with { DisplayId = id };
        session.Publish(_shown.TryAdd(id, true) ? display : new DisplayUpdate(display));
    }
}

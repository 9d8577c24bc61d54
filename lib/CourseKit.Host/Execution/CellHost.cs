using CourseKit.Cells;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Execution;

/// <summary>What cells call, done in a session.</summary>
/// <param name="session">Whose cells.</param>
internal sealed class CellHost(ScriptSession session) : ICellHost
{
    public void Show(object? value, IReadOnlyList<string> mimeTypes, string id, bool update)
    {
        var display = DisplayFormat.Of(value, null, mimeTypes) with { DisplayId = id };
        session.Publish(update ? new DisplayUpdate(display) : display);
    }

    public void ShowAs(string text, string mimeType) => session.Publish(DisplayOutput.Of(null, (mimeType, text)));

    public string Ask(string prompt, bool password) => session.Ask(prompt, password);
}

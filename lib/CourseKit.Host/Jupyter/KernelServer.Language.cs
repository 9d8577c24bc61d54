using System.Text.Json.Nodes;
using CourseKit.Host.Language;

namespace CourseKit.Host.Jupyter;

/// <summary>What an editor asks: completion, explanation, whether a cell is whole.</summary>
internal sealed partial class KernelServer
{
    private JsonObject Completions(JupyterMessage request)
    {
        var code = request.Text("code");
        var cursor = Cursor(request, code);
        var list = _language.Complete(code, cursor);
        var (start, end) = (CodePoints.FromIndex(code, list.Start), CodePoints.FromIndex(code, cursor));
        return new()
        {
            ["status"] = "ok",
            ["matches"] = Lines(list.Items.Select(item => item.Text)),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            // The name under which JupyterLab looks for kinds.
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. list.Items.Select(item => new JsonObject { ["text"] = item.Text, ["type"] = item.Kind, ["start"] = start, ["end"] = end })]),
            },
        };
    }

    private JsonObject Inspection(JupyterMessage request)
    {
        var code = request.Text("code");
        var explanation = _language.Explain(code, Cursor(request, code), request.Integer("detail_level") > 0);
        return new()
        {
            ["status"] = "ok",
            ["found"] = explanation is not null,
            ["data"] = explanation is null ? [] : new JsonObject { ["text/html"] = explanation.ToHtml(), ["text/plain"] = explanation.ToText() },
            ["metadata"] = new JsonObject(),
        };
    }

    private static JsonObject IsComplete(JupyterMessage request)
    {
        var (state, indent) = LanguageService.Check(request.Text("code"));
        var content = new JsonObject { ["status"] = state.ToString().ToLowerInvariant() };
        if (state == Completeness.Incomplete)
            content["indent"] = indent;
        return content;
    }

    private static int Cursor(JupyterMessage request, string code) => CodePoints.ToIndex(code, request.Integer("cursor_pos", int.MaxValue));
}

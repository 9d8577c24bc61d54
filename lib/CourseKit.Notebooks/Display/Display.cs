using System.Text.RegularExpressions;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>How each type that the kit shows looks as a cell's result.</summary>
internal static partial class Display
{
    /// <summary>The value as HTML; null for a type that the kit does not show.</summary>
    public static string? Html(object value) => value switch
    {
        Drawing drawing => drawing.ToHtml(),
        Tensor tensor => LibraryDisplay.Tensor(tensor, html: true),
        IntTensor tensor => LibraryDisplay.IntTensor(tensor, html: true),
        ModelSummary summary => LibraryDisplay.Summary("", summary),
        Model model => LibraryDisplay.Summary("", model.Summary()),
        CharacterModel model => LibraryDisplay.Summary(model.ToString(), model.Model.Summary()),
        History history => LibraryDisplay.History("", history),
        CharacterResult result => LibraryDisplay.History(result.ToString(), result.History),
        Table table => table.ToHtml(),
        KitInfo info => Quiet(info.ToString()),
        CheckResult result => $"<div><span style=\"color:#009e73\">&#10003;</span> <span style=\"opacity:.8\">{Markup.Escape(result.ToString())}</span></div>\n",
        ExerciseResult result => Exercise(result),
        _ => null,
    };

    /// <summary>The value as text; null for a type that the kit does not show.</summary>
    public static string? Text(object value) => value switch
    {
        Tensor tensor => LibraryDisplay.Tensor(tensor, html: false),
        IntTensor tensor => LibraryDisplay.IntTensor(tensor, html: false),
        Model model => model.Summary().ToString(),
        CharacterModel model => $"{model}\n{model.Model.Summary()}",
        CharacterResult result => $"{result.History}\n{result}",
        Drawing or ModelSummary or History or Table or KitInfo or CheckResult or ExerciseResult => value.ToString(),
        _ => null,
    };

    private static string Quiet(string text) => $"<div style=\"opacity:.8;font-size:90%\">{Markup.Escape(text)}</div>\n";

    private static string Exercise(ExerciseResult result)
    {
        var (mark, color) = result.State switch
        {
            ExerciseState.Solved => ("&#10003;", "#009e73"),
            ExerciseState.Wrong => ("&#10007;", "#d55e00"),
            _ => ("&#9675;", "#888"),
        };
        return $"<div style=\"border-left:4px solid {color};padding:.2em .8em;max-width:660px\"><span style=\"color:{color}\">{mark}</span> {Code().Replace(Markup.Escape(result.ToString()), "<code>$1</code>")}</div>\n";
    }

    [GeneratedRegex("`([^`]*)`")]
    private static partial Regex Code();
}

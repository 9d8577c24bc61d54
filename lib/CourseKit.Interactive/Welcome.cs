using System.Net;
using CourseKit.Notebooks;

namespace CourseKit.Interactive;

/// <summary>What the cell that loads the extension shows: one line, and Plotly's script for the charts of the whole notebook.</summary>
internal sealed class Welcome(KitInfo info)
{
    /// <summary>The line as HTML, with the script.</summary>
    public string Html() => $"<div style=\"opacity:.8;font-size:90%\">{WebUtility.HtmlEncode(Text())}</div>\n{PlotlyDisplay.Script()}";

    /// <summary>The line.</summary>
    public string Text() => $"{info}; {KitExtension.Command} shows what there is";
}

using System.Text;

namespace CourseKit.Notebooks;

/// <summary>What was read, under bands of cells over time: letters under each band, words upright and numbers level under the last.</summary>
/// <param name="Labels">One for every time step.</param>
/// <param name="HasLabels">Whether they say what was read, or are the steps' numbers.</param>
/// <param name="Steps">How many of them are drawn.</param>
internal sealed record StepLabels(string[] Labels, bool HasLabels, int Steps)
{
    private const int Most = 12;

    private readonly int _longest = Labels.Take(Steps).Max(label => Markup.Shorten(Markup.Visible(label), Most).EnumerateRunes().Count());

    /// <summary>Whether all are single characters of a text, which fit under every band.</summary>
    public bool AreLetters => _longest == 1 && HasLabels;

    /// <summary>The height that letters take under a band, and the gap where they are drawn once.</summary>
    public double Under => AreLetters ? 19 : 5;

    /// <summary>Draws letters under one band.</summary>
    public void DrawLetters(StringBuilder svg, double left, double top, double width)
    {
        for (var t = 0; t < Steps; t++)
            svg.Append(Markup.Text(left + (t + 0.5) * width, top + 12, Markup.Visible(Labels[t]), "middle", $" class=\"ck-fixed\" style=\"font-size:{Num.Px(Math.Min(14, width * 1.5))}px\""));
        svg.Append('\n');
    }

    /// <summary>Draws what is longer than a letter, under the last band: numbers level, words upright. Returns the height that they take.</summary>
    public double DrawBelow(StringBuilder svg, double left, double top, double width)
    {
        var stride = Math.Max(1, (int)Math.Ceiling((HasLabels ? Layout.LineHeight - 4 : _longest * Layout.CharWidth + 6) / width));
        for (var t = 0; t < Steps; t += stride)
        {
            var (x, text) = (left + (t + 0.5) * width, Markup.Shorten(Markup.Visible(Labels[t]), Most));
            svg.Append(HasLabels
                ? Markup.Text(x + 4.5, top + 4, text, "end", $" class=\"ck-tick\" transform=\"rotate(-90 {Num.Px(x + 4.5)} {Num.Px(top + 4)})\"")
                : Markup.Text(x, top + 16, text, "middle", " class=\"ck-tick\""));
        }

        svg.Append('\n');
        return HasLabels ? _longest * Layout.CharWidth : Layout.LineHeight;
    }

    /// <summary>Draws rows' numbers beside a band, as many as there is room for.</summary>
    public static void DrawNeurons(StringBuilder svg, string[] texts, double left, double top, double height)
    {
        var stride = (int)Math.Ceiling((Layout.LineHeight - 3) / height);
        for (var k = 0; k < texts.Length; k += stride)
            svg.Append(Markup.Text(left - 5, top + (k + 0.5) * height + 4.5, texts[k], "end", " class=\"ck-tick\""));
        svg.Append('\n');
    }
}

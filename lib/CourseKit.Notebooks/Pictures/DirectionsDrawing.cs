using System.Globalization;
using System.Text;

namespace CourseKit.Notebooks;

/// <summary>A sentence, and how strongly the answer at one of its words depends on each of them: by the forward state, by the backward state, by both.</summary>
internal sealed class DirectionsDrawing : Drawing
{
    private readonly string[] _words;
    private readonly string[] _classes;

    /// <param name="influence">What the answer depends on.</param>
    /// <param name="words">The sentence, one label for every time step.</param>
    /// <param name="classes">How the answers are called.</param>
    public DirectionsDrawing(DirectionInfluence influence, string[] words, string[] classes)
    {
        (Influence, _words, _classes) = (influence, words, classes);
        if (influence.Outputs.Concat(influence.All).Any(number => !double.IsFinite(number)))
            throw new ArgumentException("Picture.Bidirectional: every score and gradient must be finite, but one is not. The model has probably diverged: train it with a lower learning rate.");
        Most = influence.Forward.Concat(influence.Backward ?? []).Concat(influence.All).Max();
        Answers = Softmax.Of([.. influence.Outputs.Select(number => (float)number)], 1);
    }

    public DirectionInfluence Influence { get; }

    /// <summary>The greatest influence, which has the full colour.</summary>
    public double Most { get; }

    /// <summary>The probability of every class.</summary>
    public double[] Answers { get; }

    private int Best => Array.IndexOf(Answers, Answers.Max());

    internal override string ToFigure()
    {
        var (body, texts, word) = (new StringBuilder(), new List<string>(), _words[Influence.Step]);
        body.Append("<div class=\"ck-key\" aria-hidden=\"true\"><span>forward 0.001 <b style=\"background:linear-gradient(to right,rgba(var(--ck-minus),0),rgba(var(--ck-minus),1))\"></b> 1</span>" +
            "<span>backward 0.001 <b style=\"background:linear-gradient(to right,rgba(var(--ck-plus),0),rgba(var(--ck-plus),1))\"></b> 1</span>" +
            "<span><i class=\"t\"></i> the word asked about</span></div>\n");
        body.Append($"<div class=\"ck-sight\" role=\"img\" aria-label=\"{Markup.Escape(ToString())}\">\n");
        Way("forward →", "n", Influence.Forward);
        if (Influence.Backward is { } backward)
        {
            Way("← backward", "p", backward);
            Way("both ↔", "b", Influence.All);
        }

        body.Append("</div>\n");
        return Figure.Of($"What the answer at {Glyphs.Quote(word)} depends on: {Answer()}", [], body.ToString(), Notes(), json =>
        {
            json.WriteString("kind", "text");
            json.WriteTexts("texts", texts);
        });

        void Way(string name, string kind, double[] values)
        {
            body.Append($"<div><b>{name}</b><span>");
            for (var t = 0; t < values.Length; t++)
            {
                var share = Share(values[t]);
                var color = kind == "b"
                    ? $"--f:{Alpha(Share(Influence.Forward[t]))};--a:{Alpha(Share(Influence.Backward![t]))}"
                    : $"--a:{Alpha(share)}";
                var unseen = values[t] == 0 ? " u" : "";
                body.Append($"{(t == 0 ? "" : " ")}<i class=\"{kind}{unseen}{(t == Influence.Step ? " t" : "")}\" style=\"{color}\">{Markup.Escape(Markup.Visible(_words[t]))}</i>");
                texts.Add($"{_words[t]}, {name.Trim('→', '←', '↔', ' ')}: {(values[t] == 0 ? "none" : $"{Percent(share)} of the most")}");
            }

            body.Append("</span></div>\n");
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"What the answer at {Glyphs.Quote(_words[Influence.Step])}, {Answer()}, depends on in {Glyphs.Quote(Glyphs.Join(_words), 80)}: forward {Seen(Influence.Forward)}" +
        $"{(Influence.Backward is { } backward ? $"; backward {Seen(backward)}; both {Seen(Influence.All)}" : "; there is no backward state")}.";

    // By powers of ten, or nothing but the word itself would be seen once a model is sure.
    private static string Alpha(double share) => (share > 0 ? Math.Clamp(1 + Math.Log10(share) / 3, 0.03, 1) : 0).ToString("0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => $"{Num.Digits(100 * share, 2)} %";

    private double Share(double value) => Most > 0 ? value / Most : 0;

    private string Answer() => _classes.Length == 1 ? Num.Short(Influence.Outputs[0]) : $"{_classes[Best]} {Percent(Answers[Best])}";

    private string Seen(double[] values)
    {
        var seen = values.Count(value => value > 0);
        return seen == 0 ? "none of the words" : $"{Num.Whole(seen)} of {Num.Whole(values.Length)} words, {Glyphs.Quote(_words[Array.IndexOf(values, values.Max())])} the most";
    }

    private List<string> Notes()
    {
        var notes = new List<string> { "Colour is the length of the gradient with respect to the word's vector, as a share of the greatest, by powers of ten. Struck through: no influence at all." };
        if (Influence.Backward is null)
            notes.Add("The model has no backward state.");
        else if (Influence.Forward.Skip(Influence.Step + 1).Any(value => value > 0))
            notes.Add("The forward state sees later words too, because a layer below it reads in both directions.");
        return notes;
    }
}

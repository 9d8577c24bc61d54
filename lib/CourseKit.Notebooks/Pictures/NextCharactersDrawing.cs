using System.Globalization;
using System.Text;
using CourseKit.Data;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>A text, and under every character the likeliest next ones, coloured by their probability.</summary>
/// <remarks>After Karpathy, Johnson and Fei-Fei, Visualizing and Understanding Recurrent Networks, 2015.</remarks>
internal sealed class NextCharactersDrawing : Drawing
{
    private const int MostCharacters = 200;
    private readonly string _text;
    private readonly string[] _glyphs;
    private readonly string[] _symbols;
    private readonly double _temperature;

    public NextCharactersDrawing(CharacterModel model, string text, int top, double temperature)
    {
        if (top is < 1 or > 20)
            throw new ArgumentOutOfRangeException(nameof(top), $"Picture.NextCharacters: top must be from 1 to 20, but got {Num.Whole(top)}.");
        if (!(temperature >= 0) || !double.IsFinite(temperature))
            throw new ArgumentOutOfRangeException(nameof(temperature), $"Picture.NextCharacters: temperature must be at least 0 and finite, but got {Num.Short(temperature)}.");
        var ids = model.Vocabulary.Encode(text);
        if (ids.Length == 0)
            throw new DataException("Picture.NextCharacters: the text is empty. Give at least one character.");

        var (count, shown) = (model.Vocabulary.Count, Math.Min(ids.Length, MostCharacters));
        var logits = model.Model.Predict(IntTensor.From(ids.AsSpan(0, shown), 1, shown)).ToArray();
        Probabilities = [.. Enumerable.Range(0, shown).Select(t => Softmax.Of(logits.AsSpan(t * count, count), temperature))];
        if (Array.FindIndex(Probabilities, p => double.IsNaN(p[0])) is >= 0 and var bad)
            throw new ArgumentException(
                $"Picture.NextCharacters: every score must be finite, but after {Glyphs.Name(model.Vocabulary[ids[bad]])} at position {Num.Whole(bad)} one is not. The model has probably diverged: train it with a lower learning rate.", nameof(model));
        (_text, _temperature, _glyphs, _symbols) = (text, temperature, Glyphs.Of(text), [.. model.Vocabulary.Symbols]);
        // By the scores, not the probabilities, which a low temperature rounds to 0.
        Guesses = [.. Probabilities.Select((_, t) => Enumerable.Range(0, count).OrderByDescending(k => logits[t * count + k]).Take(top).ToArray())];
        Next = [.. Enumerable.Range(1, Probabilities.Length).Select(t => t < ids.Length ? ids[t] : -1)];
    }

    /// <summary>By position, the probability of every symbol to be the next.</summary>
    public double[][] Probabilities { get; }

    /// <summary>By position, the symbols that are shown, the likeliest first.</summary>
    public int[][] Guesses { get; }

    /// <summary>By position, the symbol that did come next; −1 after the last.</summary>
    public int[] Next { get; }

    private int Known => Next.Count(next => next >= 0);

    internal override string ToFigure()
    {
        var (body, texts) = (new StringBuilder(), new List<string>());
        body.Append("<div class=\"ck-key\" aria-hidden=\"true\"><span>probability 0 <b style=\"background:linear-gradient(to right,rgba(var(--ck-plus),0),rgba(var(--ck-plus),1))\"></b> 1</span>" +
            "<span><i class=\"t\"></i> came next</span><span><i class=\"m\"></i> came next, not among the guesses</span></div>\n");
        body.Append($"<div class=\"ck-next\" role=\"img\" aria-label=\"{Markup.Escape(ToString())}\">");
        for (var t = 0; t < Guesses.Length; t++)
        {
            body.Append($"<span><b>{Shown(_glyphs[t])}</b>");
            foreach (var guess in Guesses[t])
                Cell(t, guess, guess == Next[t] ? "t" : "");
            if (Next[t] >= 0 && !Guesses[t].Contains(Next[t]))
                Cell(t, Next[t], "m");
            body.Append("</span>");
        }

        body.Append("</div>\n");
        var notes = new List<string>();
        if (_glyphs.Length > Guesses.Length)
            notes.Add($"The first {Num.Whole(Guesses.Length)} of {Num.Whole(_glyphs.Length)} characters are shown.");
        var title = $"What comes next?{(_temperature == 1 ? "" : $" Temperature {Num.Short(_temperature)}")}";
        return Figure.Of(title, [], body.ToString(), notes, json =>
        {
            json.WriteString("kind", "text");
            json.WriteTexts("texts", texts);
        });

        void Cell(int t, int symbol, string kind)
        {
            var p = Probabilities[t][symbol];
            body.Append($"<i{(kind.Length > 0 ? $" class=\"{kind}\"" : "")} style=\"--a:{p.ToString("0.##", CultureInfo.InvariantCulture)}\">{Shown(_symbols[symbol])}</i>");
            texts.Add($"{Glyphs.Name(_symbols[symbol])} {Percent(p)}{(kind.Length > 0 ? ", came next" : "")}");
        }
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var start = $"Next characters under {Glyphs.Quote(_text)}: {Num.Whole(Guesses[0].Length)} guesses after each of {Num.Whole(Guesses.Length)} characters";
        if (Known == 0)
            return $"{start}; after it {string.Join(", ", Guesses[^1].Select(symbol => $"{Glyphs.Name(_symbols[symbol])} {Percent(Probabilities[^1][symbol])}"))}.";
        var (first, mean) = (0, 0.0);
        for (var t = 0; t < Next.Length; t++)
            if (Next[t] >= 0)
            {
                first += Guesses[t][0] == Next[t] ? 1 : 0;
                mean += Probabilities[t][Next[t]] / Known;
            }

        return $"{start}; the likeliest came next {Num.Whole(first)} of {Num.Whole(Known)} times, what came had a probability of {Percent(mean)} on the average.";
    }

    private static string Shown(string glyph) => Markup.Escape(Markup.Visible(glyph));

    private static string Percent(double p) => $"{Num.Digits(100 * p, 3)} %";
}

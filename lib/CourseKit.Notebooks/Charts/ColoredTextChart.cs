using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>A text whose background colours are values in [-1, 1]. Made by <see cref="Chart.ColoredText{T}"/>.</summary>
public sealed class ColoredTextChart : Chart
{
    private const int PlotlyColumns = 60;
    private readonly string _text;
    private readonly double[] _values;

    internal ColoredTextChart(string text, double[] values)
    {
        if (values.Length != text.Length)
            throw new ArgumentException(
                $"Chart.ColoredText: values must have one number for every character, but got {Num.Whole(text.Length)} characters and " +
                $"{Num.Whole(values.Length)} values. Cut the longer one: text[..{Num.Whole(Math.Min(text.Length, values.Length))}] or values[..{Num.Whole(Math.Min(text.Length, values.Length))}].",
                nameof(values));
        (_text, _values) = (text, values);
    }

    /// <inheritdoc/>
    public override ColoredTextChart Title(string text)
    {
        base.Title(text);
        return this;
    }

    internal override string ToFigure()
    {
        var body = new StringBuilder();
        body.Append("<div class=\"ck-bar\" aria-hidden=\"true\">-1 <b><span class=\"n\"></span><span class=\"p\"></span></b> 1</div>\n");
        body.Append($"<div class=\"ck-text\" role=\"group\" aria-label=\"{Markup.Escape(ToString())}\">");
        if (_text.Length == 0)
            body.Append("no data");
        foreach (var (at, symbol) in Symbols())
            body.Append(Cell(symbol, _values[at]));
        body.Append("</div>\n");
        return Figure.Of(TitleText, [], body.ToString(), Notes(), WriteHover);
    }

    /// <inheritdoc/>
    public override string ToPlotlyJson() => Figure.Json(json =>
    {
        var symbols = Symbols().ToArray();
        var rows = symbols.Chunk(PlotlyColumns).ToArray();
        json.WriteStartArray("data");
        json.WriteStartObject();
        json.WriteString("type", "heatmap");
        WriteRows("z", cell => json.WriteValue(_values[cell.At]));
        WriteRows("text", cell => json.WriteStringValue(Markup.Visible(Safe(cell.Symbol))));
        json.WriteString("texttemplate", "%{text}");
        json.WriteNumber("zmin", -1);
        json.WriteNumber("zmax", 1);
        json.WriteColorScale(diverging: true);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("layout");
        json.WriteTitle(TitleText);
        json.WriteStartObject("yaxis");
        json.WriteString("autorange", "reversed");
        json.WriteEndObject();
        json.WriteEndObject();

        void WriteRows(string name, Action<(int At, string Symbol)> write)
        {
            json.WriteStartArray(name);
            foreach (var row in rows)
            {
                json.WriteStartArray();
                foreach (var cell in row)
                    write(cell);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }
    });

    /// <inheritdoc/>
    public override string ToString()
    {
        var finite = _values.Where(double.IsFinite).ToArray();
        return $"Coloured text{(TitleText.Length > 0 ? $" \"{TitleText}\"" : "")}: {Num.Whole(_text.Length)} characters, " +
            (finite.Length == 0 ? "no data." : $"values {Num.Short(finite.Min())} to {Num.Short(finite.Max())}.");
    }

    // What is drawn as one: a character, or a surrogate pair at its first index.
    private IEnumerable<(int At, string Symbol)> Symbols()
    {
        for (var k = 0; k < _text.Length; k++)
        {
            var pair = char.IsHighSurrogate(_text[k]) && k + 1 < _text.Length && char.IsLowSurrogate(_text[k + 1]);
            yield return (k, pair ? _text.Substring(k, 2) : _text[k].ToString());
            if (pair)
                k++;
        }
    }

    private static string Safe(string symbol) => symbol.Length == 1 && char.IsSurrogate(symbol[0]) ? "\uFFFD" : symbol;

    private static string Cell(string symbol, double value)
    {
        // A newline shows a sign to colour, then breaks the line; the other characters keep their own width.
        var shown = symbol is " " ? " " : Markup.Escape(Markup.Visible(Safe(symbol)));
        var end = symbol == "\n" ? "\n" : "";
        if (!double.IsFinite(value))
            return $"<i class=\"x\">{shown}</i>{end}";
        var strength = Math.Min(Math.Abs(value), 1).ToString("0.##", CultureInfo.InvariantCulture);
        return $"<i class=\"{(value < 0 ? 'n' : 'p')}\" style=\"--a:{strength}\">{shown}</i>{end}";
    }

    private static string NameOf(string symbol) => symbol switch
    {
        "\n" => "newline",
        "\r" => "carriage return",
        "\t" => "tab",
        " " => "space",
        _ => $"'{Markup.Visible(Safe(symbol))}'",
    };

    private List<string> Notes()
    {
        var notes = new List<string>();
        var missing = _values.Count(value => !double.IsFinite(value));
        if (missing > 0)
            notes.Add($"{Num.Whole(missing)} of {Num.Whole(_values.Length)} values not finite, struck through.");
        var outside = _values.Count(value => double.IsFinite(value) && Math.Abs(value) > 1);
        if (outside > 0)
            notes.Add($"{Num.Whole(outside)} of {Num.Whole(_values.Length)} values outside -1 to 1, shown in the end colour.");
        return notes;
    }

    private void WriteHover(Utf8JsonWriter json)
    {
        var symbols = Symbols().ToArray();
        json.WriteString("kind", "text");
        json.WriteTexts("names", symbols.Select(cell => NameOf(cell.Symbol)));
        json.WriteNumbers("at", symbols.Select(cell => (double)cell.At));
        json.WriteNumbers("values", symbols.Select(cell => _values[cell.At]), 4);
    }
}

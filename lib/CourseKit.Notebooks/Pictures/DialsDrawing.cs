using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Drawings made beforehand, one for every setting of some sliders. Without its script the one that the sliders start at is seen.</summary>
internal sealed class DialsDrawing : Drawing
{
    private readonly string _text;
    private readonly string _figure;

    /// <param name="name">What is seen, for those who cannot see it: "Windows explorer".</param>
    /// <param name="dials">At least one. Frames are made with the last one's places fastest.</param>
    /// <param name="frame">Makes the drawing of a setting.</param>
    /// <param name="plays">Whether there are buttons that step through the last slider's places.</param>
    public DialsDrawing(string name, Dial[] dials, Func<int[], Drawing> frame, bool plays = false)
    {
        var count = dials.Aggregate(1, (product, dial) => product * dial.Values.Length);
        var (frames, first) = (new StringBuilder(), "");
        for (var k = 0; k < count; k++)
        {
            var setting = Setting(dials, k);
            var drawing = frame(setting);
            var isFirst = dials.Zip(setting).All(pair => pair.First.Start == pair.Second);
            frames.Append($"<div class=\"ck-frame{(isFirst ? " ck-first\"" : "\" hidden=\"hidden\"")}>\n{drawing.ToFigure()}</div>\n");
            if (isFirst)
                first = drawing.ToString();
        }

        Frames = count;
        _text = $"{name}, {string.Join(", ", dials.Select(dial => $"{dial.Label} {(dial.Values.Length == 1 ? dial.Values[0] : $"{dial.Values[0]} to {dial.Values[^1]}")}"))}: {Num.Whole(count)} drawing{(count == 1 ? "" : "s")}. First: {first}";
        _figure = $"<div class=\"ck-dials\" data-dials='{Markup.EscapeJson(Json(dials))}'>\n{string.Concat(dials.Select(Line))}{(plays ? Buttons : "")}<div class=\"ck-frames\">\n{frames}</div>\n</div>\n";
    }

    /// <summary>How many drawings there are.</summary>
    public int Frames { get; }

    private static string Buttons =>
        "<div class=\"ck-play\" hidden=\"hidden\"><button type=\"button\" aria-label=\"one step back\">◀ back</button><button type=\"button\">play</button><button type=\"button\" aria-label=\"one step on\">next ▶</button></div>\n";

    internal override string ToFigure() => _figure;

    /// <inheritdoc/>
    public override string ToString() => _text;

    private static int[] Setting(Dial[] dials, int frame)
    {
        var setting = new int[dials.Length];
        for (var k = dials.Length - 1; k >= 0; k--)
            (frame, setting[k]) = Math.DivRem(frame, dials[k].Values.Length);
        return setting;
    }

    private static string Line(Dial dial)
    {
        var (first, width) = (Markup.Escape(dial.Values[dial.Start]), dial.Values.Max(value => value.Length));
        return $"<div class=\"ck-dial\"><label><span>{Markup.Escape(dial.Label)}</span> " +
            $"<input type=\"range\" min=\"0\" max=\"{Num.Whole(dial.Values.Length - 1)}\" step=\"1\" value=\"{Num.Whole(dial.Start)}\" hidden=\"hidden\" aria-valuetext=\"{first}\"/></label> " +
            $"<output style=\"min-width:{Num.Whole(width)}ch\">{first}</output></div>\n";
    }

    private static string Json(Dial[] dials)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var dial in dials)
            {
                json.WriteStartArray();
                foreach (var value in dial.Values)
                    json.WriteStringValue(value);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

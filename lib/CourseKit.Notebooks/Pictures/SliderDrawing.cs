using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Drawings made beforehand, one for each value, and a slider that chooses which is seen. Without its script the first is seen.</summary>
internal sealed class SliderDrawing : Drawing
{
    private const int MostFrames = 200;
    private const int MostKilobytes = 4096;
    private readonly string _label;
    private readonly string[] _values;
    private readonly string _figure;
    private readonly string _frame;

    public SliderDrawing(string label, string[] values, Func<int, Drawing> frame)
    {
        if (values.Length is 0 or > MostFrames)
            throw new ArgumentException(
                $"Picture.Slider \"{label}\": values must be 1 to {MostFrames}, but there are {Num.Whole(values.Length)}. {(values.Length == 0 ? "Give at least one." : "Take every so many of them.")}", nameof(values));
        (_label, _values) = (label, values);
        var (frames, first, size) = (new StringBuilder(), "", 0L);
        for (var k = 0; k < values.Length; k++)
        {
            var drawing = frame(k) ?? throw new ArgumentException($"Picture.Slider \"{label}\": frame must give a drawing for every value, but gave null for {values[k]}.", nameof(frame));
            var figure = drawing.ToFigure();
            size += Encoding.UTF8.GetByteCount(figure);
            if (size > MostKilobytes * 1024L)
                throw new ArgumentException(
                    $"Picture.Slider \"{label}\": the frames may take {Num.Whole(MostKilobytes)} KB together, but {Num.Whole(k + 1)} of {Num.Whole(values.Length)} take more. Give fewer values, or smaller drawings.", nameof(values));
            frames.Append($"<div class=\"ck-frame\"{(k == 0 ? "" : " hidden=\"hidden\"")}>\n{figure}</div>\n");
            if (k == 0)
                first = drawing.ToString();
        }

        _frame = first;
        _figure = Wrap(frames.ToString());
        Kilobytes = (int)((size + 1023) / 1024);
    }

    /// <summary>What the frames take together, rounded up.</summary>
    public int Kilobytes { get; }

    /// <summary>A value as it stands beside the slider.</summary>
    public static string Text<T>(T value) => value switch
    {
        double number => Num.Short(number),
        float number => Num.Short(number),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };

    internal override string ToFigure() => _figure;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Slider \"{_label}\": {Num.Whole(_values.Length)} drawing{(_values.Length == 1 ? "" : "s")}, {(_values.Length == 1 ? _values[0] : $"{_values[0]} to {_values[^1]}")}, {Num.Whole(Kilobytes)} KB. First: {_frame}";

    private string Wrap(string frames)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartArray();
            foreach (var value in _values)
                writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        // Wide enough for every value, so that the slider does not move under the finger.
        var width = _values.Max(value => value.Length);
        return $"<div class=\"ck-slider\" data-values='{Markup.EscapeJson(Encoding.UTF8.GetString(json.ToArray()))}'>\n" +
            $"<div class=\"ck-dial\"><label><span>{Markup.Escape(_label)}</span> " +
            $"<input type=\"range\" min=\"0\" max=\"{Num.Whole(_values.Length - 1)}\" step=\"1\" value=\"0\" hidden=\"hidden\" aria-valuetext=\"{Markup.Escape(_values[0])}\"/></label> " +
            $"<output style=\"min-width:{Num.Whole(width)}ch\">{Markup.Escape(_values[0])}</output></div>\n" +
            $"<div class=\"ck-frames\">\n{frames}</div>\n</div>\n";
    }
}

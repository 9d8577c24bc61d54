using System.Globalization;
using System.Text.Json;

namespace CourseKit.Notebooks;

/// <summary>Writes numbers to JSON, which has no NaN and no infinity.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes an array; what is not finite becomes null.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="values">The numbers.</param>
    /// <param name="digits">Significant digits, or 0 for all of them.</param>
    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<double> values, int digits = 0)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteValue(value, digits);
        json.WriteEndArray();
    }

    /// <summary>Writes one number; what is not finite becomes null.</summary>
    public static void WriteValue(this Utf8JsonWriter json, double value, int digits = 0)
    {
        if (!double.IsFinite(value))
            json.WriteNullValue();
        else if (digits == 0)
            json.WriteNumberValue(value);
        else
            json.WriteRawValue(value.ToString("G" + Num.Whole(digits), CultureInfo.InvariantCulture));
    }

    /// <summary>Writes an array of texts.</summary>
    public static void WriteTexts(this Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Writes Plotly's form of a title: an object with a text.</summary>
    public static void WriteTitle(this Utf8JsonWriter json, string text)
    {
        json.WriteStartObject("title");
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>Writes Plotly's form of a colour scale: pairs of a position from 0 to 1 and a colour.</summary>
    public static void WriteColorScale(this Utf8JsonWriter json, bool diverging)
    {
        var stops = Palette.Stops(diverging);
        json.WriteStartArray("colorscale");
        for (var k = 0; k < stops.Count; k++)
        {
            json.WriteStartArray();
            json.WriteNumberValue((double)k / (stops.Count - 1));
            json.WriteStringValue(stops[k]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}

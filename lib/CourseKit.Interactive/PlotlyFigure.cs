using System.Text.Json;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;

namespace CourseKit.Interactive;

/// <summary>Turns Plotly's JSON into Plotly.NET's objects, so that its functions find a title as a Title and an axis as a LinearAxis.</summary>
internal static class PlotlyFigure
{
    // A member's name, and for a list the type of what it holds.
    private static readonly Dictionary<string, Func<DynamicObj.DynamicObj>> Types = new()
    {
        ["title"] = () => new Title(),
        ["xaxis"] = () => new LinearAxis(),
        ["yaxis"] = () => new LinearAxis(),
        ["marker"] = () => new Marker(),
        ["line"] = () => new Line(),
        ["colorbar"] = () => new ColorBar(),
        ["shapes"] = () => new Shape(),
        ["annotations"] = () => new Annotation(),
    };

    /// <summary>Makes a chart of an object with data and layout.</summary>
    public static GenericChart From(JsonElement figure)
    {
        var traces = figure.GetProperty("data").EnumerateArray().Select(trace => (Trace)Fill(new Trace2D(trace.GetProperty("type").GetString()!), trace));
        var layout = (Layout)Fill(new Layout(), figure.GetProperty("layout"));
        // With a copy of Plotly.NET's default configuration; its default layout, a template and a fixed size, gives way to the kit's.
        return GenericChart.setLayout(layout, GenericChart.ofTraceObjects(true, ListModule.OfSeq(traces)));
    }

    private static DynamicObj.DynamicObj Fill(DynamicObj.DynamicObj target, JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
            target.SetProperty(member.Name, Value(member.Name, member.Value));
        return target;
    }

    private static object? Value(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Fill(Types.TryGetValue(name, out var make) ? make() : new DynamicObj.DynamicObj(), json),
        JsonValueKind.Array => List(name, [.. json.EnumerateArray()]),
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static Array List(string name, JsonElement[] items) => items switch
    {
        _ when name == "shapes" => Array.ConvertAll(items, item => (Shape)Value(name, item)!),
        _ when name == "annotations" => Array.ConvertAll(items, item => (Annotation)Value(name, item)!),
        _ when Array.TrueForAll(items, item => item.ValueKind is JsonValueKind.Number or JsonValueKind.Null) =>
            Array.ConvertAll(items, item => item.ValueKind == JsonValueKind.Null ? (double?)null : item.GetDouble()),
        _ when Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String) => Array.ConvertAll(items, item => item.GetString()),
        _ => Array.ConvertAll(items, item => Value(name, item)),
    };
}

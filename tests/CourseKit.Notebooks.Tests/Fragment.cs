using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace CourseKit.Notebooks.Tests;

/// <summary>Reads a drawing's HTML back: parsed as XML, which fails on whatever is not well-formed.</summary>
internal sealed partial class Fragment
{
    private static readonly (string X, string Y)[] Names = [("x", "y"), ("x1", "y1"), ("x2", "y2")];
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public Fragment(Drawing drawing) => Root = XElement.Parse(drawing.ToHtml(), LoadOptions.PreserveWhitespace);

    public XElement Root { get; }

    public XElement Picture => Pictures.Single();

    public XElement[] Pictures => [.. Root.Descendants(Svg + "svg")];

    public JsonElement Hover => JsonDocument.Parse(WithClass("ck-chart").Single().Attribute("data-hover")!.Value).RootElement;

    public string[] Notes => [.. WithClass("ck-note").Select(note => note.Value)];

    public string[] Texts => [.. Root.Descendants(Svg + "text").Select(text => text.Value)];

    public string Description => Root.Descendants(Svg + "desc").First().Value;

    public IEnumerable<XElement> WithClass(string name) =>
        Root.DescendantsAndSelf().Where(e => (e.Attribute("class")?.Value ?? "").Split(' ').Contains(name));

    /// <summary>The points of one class' paths: a list for every unbroken piece.</summary>
    public List<List<(double X, double Y)>> Pieces(string cssClass) =>
        [.. WithClass(cssClass).SelectMany(path => path.Attribute("d")!.Value.Split('M', StringSplitOptions.RemoveEmptyEntries)
            .Select(piece => Pairs().Matches(piece).Select(m => (Number(m.Groups[1].Value), Number(m.Groups[2].Value))).ToList()))];

    /// <summary>Every coordinate pair that is drawn outside of groups with their own scale.</summary>
    public static IEnumerable<(double X, double Y)> Coordinates(XElement picture)
    {
        foreach (var e in picture.Descendants().Where(e => !e.Ancestors().Any(a => a.Attribute("transform") is not null)))
        {
            if (e.Attribute("d") is { } d)
                foreach (Match pair in Pairs().Matches(d.Value))
                    yield return (Number(pair.Groups[1].Value), Number(pair.Groups[2].Value));
            foreach (var (x, y) in Names)
                if (e.Attribute(x) is { } ex && e.Attribute(y) is { } ey)
                    yield return (Number(ex.Value), Number(ey.Value));
            if (e.Attribute("width") is { } width && e.Attribute("x") is { } left)
                yield return (Number(left.Value) + Number(width.Value), Number(e.Attribute("y")!.Value) + Number(e.Attribute("height")!.Value));
        }
    }

    /// <summary>Fails when anything lies outside the view box.</summary>
    public void AssertInsideViewBox()
    {
        foreach (var picture in Pictures)
        {
            var box = picture.Attribute("viewBox")!.Value.Split(' ').Select(Number).ToArray();
            foreach (var (x, y) in Coordinates(picture))
                Assert.True(x >= 0 && x <= box[2] && y >= 0 && y <= box[3], $"({x}, {y}) lies outside {box[2]} by {box[3]}");
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)")]
    private static partial Regex Pairs();
}

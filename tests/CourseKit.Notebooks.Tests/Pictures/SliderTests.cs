using System.Text;
using System.Text.Json;

namespace CourseKit.Notebooks.Tests.Pictures;

public class SliderTests
{
    [Fact]
    public void Slider_Frames_StandBehindOneStyleAndScriptAndTheFirstIsSeen()
    {
        var drawing = Picture.Slider("temperature", [0.5, 1, 1.5], t => Chart.Bar(["a", "b"], [t, 2 * t]).Title($"T = {t}"));
        var fragment = new Fragment(drawing);
        Assert.Equal((1, 1), (fragment.Root.Descendants("style").Count(), fragment.Root.Descendants("script").Count()));
        var frames = fragment.WithClass("ck-frame").ToArray();
        Assert.Equal([null, "hidden", "hidden"], frames.Select(frame => frame.Attribute("hidden")?.Value));
        Assert.Equal(["T = 0.5", "T = 1", "T = 1.5"], fragment.WithClass("ck-title").Select(title => title.Value));
        var slider = fragment.WithClass("ck-slider").Single();
        Assert.Equal(["0.5", "1", "1.5"], JsonSerializer.Deserialize<string[]>(slider.Attribute("data-values")!.Value)!);
        var input = slider.Descendants("input").Single();
        Assert.Equal(("range", "0", "2", "1", "0", "0.5"),
            (input.Attribute("type")!.Value, input.Attribute("min")!.Value, input.Attribute("max")!.Value, input.Attribute("step")!.Value, input.Attribute("value")!.Value, input.Attribute("aria-valuetext")!.Value));
        Assert.Equal("temperature", input.Parent!.Element("span")!.Value);
        Assert.Equal("0.5", slider.Descendants("output").Single().Value);
        Assert.Equal(drawing.ToHtml(), Picture.Slider("temperature", [0.5, 1, 1.5], t => Chart.Bar(["a", "b"], [t, 2 * t]).Title($"T = {t}")).ToHtml());
    }

    [Fact]
    public void Slider_ToString_SaysValuesSizeAndTheFirstDrawing()
    {
        var charts = Enumerable.Range(1, 20).ToDictionary(k => k, k => Chart.Line(Enumerable.Range(0, 50).Select(t => k * t)));
        var slider = (SliderDrawing)Picture.Slider("step", charts.Keys.Order(), k => charts[k]);
        Assert.Equal((charts.Values.Sum(chart => Encoding.UTF8.GetByteCount(chart.ToFigure())) + 1023) / 1024, slider.Kilobytes);
        Assert.Equal($"Slider \"step\": 20 drawings, 1 to 20, {slider.Kilobytes} KB. First: {charts[1]}", slider.ToString());
        Assert.Equal("Slider \"x\": 1 drawing, one, 2 KB. First: Bar chart: a 1.", Picture.Slider("x", ["one"], _ => Chart.Bar(["a"], [1])).ToString());
    }

    [Fact]
    public void Slider_InASlider_KeepsItsOwnFrames()
    {
        var fragment = new Fragment(Picture.Slider("outer", ["a", "b"], o => Picture.Slider("inner", [1, 2, 3], i => Chart.Bar([$"{o}{i}"], [i]))));
        Assert.Equal(3, fragment.WithClass("ck-slider").Count());
        Assert.Single(fragment.Root.Descendants("script"));
        Assert.Equal([2, 3, 3], fragment.WithClass("ck-slider").Select(slider => slider.Elements("div").Last().Elements("div").Count()));
    }

    [Fact]
    public void Slider_MarkupInTexts_IsEscaped()
    {
        const string bad = "</script><img src='x' onerror=\"a\">&";
        var html = Picture.Slider(bad, [bad], _ => Chart.Bar([bad], [1])).ToHtml();
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        var slider = new Fragment(Picture.Slider(bad, [bad], _ => Chart.Bar([bad], [1]))).WithClass("ck-slider").Single();
        Assert.Equal([bad], JsonSerializer.Deserialize<string[]>(slider.Attribute("data-values")!.Value)!);
    }

    [Fact]
    public void Slider_WrongUse_SaysWhichAndTheMend()
    {
        var bar = Chart.Bar(["a"], [1]);
        Message("Picture.Slider \"w\": values must be 1 to 200, but there are 0. Give at least one.", () => Picture.Slider<int>("w", [], _ => bar));
        Message("Picture.Slider \"w\": values must be 1 to 200, but there are 201. Take every so many of them.", () => Picture.Slider("w", Enumerable.Range(0, 201), _ => bar));
        Message("Picture.Slider \"w\": frame must give a drawing for every value, but gave null for 2.", () => Picture.Slider("w", [1, 2], w => w == 2 ? null! : bar));
        var large = Chart.Heatmap(Enumerable.Range(0, 190).Select(row => Enumerable.Range(0, 280).Select(column => Math.Sin(row * column))));
        Message("Picture.Slider \"w\": the frames may take 4096 KB together, but ", () => Picture.Slider("w", Enumerable.Range(0, 100), _ => large));
    }

    private static void Message(string expected, Func<Drawing> drawing) =>
        Assert.StartsWith(expected, Assert.Throws<ArgumentException>(drawing).Message, StringComparison.Ordinal);
}

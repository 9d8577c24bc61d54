using System.Globalization;

namespace CourseKit.Notebooks.Tests;

public class ChartPropertyTests
{
    [Fact]
    public void ToHtml_AnyLine_IsWellFormedInsideTheViewBox() =>
        Prop.ForAll<double[], bool, string>((values, log, name) =>
        {
            var xs = values.Select((value, k) => k % 3 == 0 ? value : k).ToArray();
            var chart = Chart.Line(xs, values, name).AddScatter(values, xs).Title(name ?? "").XAxis(name ?? "", log).YAxis("y", log);
            if (values.FirstOrDefault(double.IsFinite) is var level)
                chart.Baseline(level, name ?? "");
            new Fragment(chart).AssertInsideViewBox();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToHtml_AnyBars_AreWellFormedInsideTheViewBox() =>
        Prop.ForAll<double[], string>((values, label) =>
        {
            var chart = Chart.Bar(values.Select((_, k) => k % 2 == 0 ? label ?? "" : "b"), values, label).AddBars(values.Reverse());
            new Fragment(chart.Title(label ?? "").YAxis(label ?? "")).AssertInsideViewBox();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToHtml_AnyHeatmap_IsWellFormedInsideTheViewBox() =>
        Prop.ForAll<double[,], string, bool>((values, label, log) =>
        {
            var chart = Chart.Heatmap(values, Enumerable.Repeat(label ?? "", values.GetLength(0)), Enumerable.Repeat(label ?? "", values.GetLength(1)));
            if (log)
                chart.LogColors();
            new Fragment(chart.Title(label ?? "").XAxis(label ?? "").YAxis(label ?? "")).AssertInsideViewBox();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToHtml_AnyColoredText_IsWellFormedAndKeepsTheText() =>
        Prop.ForAll<UnicodeString>(any =>
        {
            var text = any.Get ?? "";
            var chart = Chart.ColoredText(text, text.Select((_, k) => k * 0.1 - 1));
            var shown = new Fragment(chart).WithClass("ck-text").Single().Elements("i").Count();
            return shown == text.EnumerateRunes().Count();
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToHtml_ForeignCulture_IsTheSame()
    {
        var charts = new Chart[]
        {
            Chart.Line(new[] { 0.5, -1234.5, 7e-9 }, "a").Baseline(0.25, "b"),
            Chart.Bar(["x", "y"], [0.5, -2.25]),
            Chart.Heatmap(new[,] { { 0.5, -0.25, 3 } }),
            Chart.ColoredText("ab", new[] { 0.5, -0.25 }),
        };
        var before = charts.Select(chart => (chart.ToHtml(), chart.ToPlotlyJson(), chart.ToString())).ToArray();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(before, charts.Select(chart => (chart.ToHtml(), chart.ToPlotlyJson(), chart.ToString())).ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void ToHtml_MarkupInTexts_IsEscaped()
    {
        const string bad = "</script><img src=x onerror=\"alert('1')\">&\u0001\ud800";
        var charts = new Chart[]
        {
            Chart.Line(new[] { 1.0, 2 }, bad).Title(bad).XAxis(bad).YAxis(bad).Baseline(1, bad),
            Chart.Bar([bad], [1], bad).Title(bad).XAxis(bad).YAxis(bad).Baseline(1, bad),
            Chart.Heatmap(new[,] { { 1.0 } }, [bad], [bad]).Title(bad).XAxis(bad).YAxis(bad),
            Chart.ColoredText(bad, new double[bad.Length]).Title(bad),
        };
        foreach (var chart in charts)
        {
            var html = chart.ToHtml();
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.Equal(html.IndexOf("</script>", StringComparison.Ordinal), html.LastIndexOf("</script>", StringComparison.Ordinal));
            var title = new Fragment(chart).WithClass("ck-title").Single().Value;
            Assert.Equal(bad.Replace('\u0001', '\uFFFD').Replace('\ud800', '\uFFFD'), title);
        }
    }

    [Fact]
    public void ToHtml_Twice_IsTheSameAndHasNoIds()
    {
        var chart = Chart.Line(new[] { 1.0, 2 }, "a").Title("t");
        Assert.Equal(chart.ToHtml(), chart.ToHtml());
        Assert.DoesNotContain(new Fragment(chart).Root.DescendantsAndSelf(), e => e.Attribute("id") is not null);
        Assert.DoesNotContain("http", chart.ToHtml().Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }
}

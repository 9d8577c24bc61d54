using CourseKit.Host.Site;
using CourseKit.Notebooks;

namespace CourseKit.Host.Tests.Site;

public class SharedBlocksTests
{
    private readonly SharedBlocks _blocks = new();

    [Fact]
    public void Take_Drawings_LeavesFiguresAndKeepsStyleAndScriptOnce()
    {
        var one = _blocks.Take(Chart.Line([1.0, 2.0]).Title("one").ToHtml());
        var two = _blocks.Take(Chart.Bar(["a"], [1.0]).Title("two").ToHtml());
        foreach (var html in new[] { one, two })
        {
            Assert.StartsWith("<div class=\"ck\">\n<figure ", html, StringComparison.Ordinal);
            Assert.EndsWith("</figure>\n</div>\n", html, StringComparison.Ordinal);
            Assert.DoesNotMatch("<style|<script", html);
        }
        Assert.StartsWith(".ck-chart{", Assert.Single(_blocks.Styles), StringComparison.Ordinal);
        Assert.StartsWith("(() => {", Assert.Single(_blocks.Scripts), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<style>.ck-table{margin:0}</style><div class=\"ck-table\">1</div>", "<div class=\"ck-table\">1</div>")]
    [InlineData("<div class=\"ck\">\n<style>\na\n</style>\n<figure></figure>\n<script>\nb\n</script>\n</div>\n", "<div class=\"ck\">\n<figure></figure>\n</div>\n")]
    [InlineData("<div class=\"ck\"><style>a</style><script>document.currentScript.remove()</script></div>", "<div class=\"ck\"><script>document.currentScript.remove()</script></div>")]
    [InlineData("<div class=\"ck\"><script type=\"application/json\">1</script></div>", "<div class=\"ck\"><script type=\"application/json\">1</script></div>")]
    [InlineData("<style>p{}</style><script>count++</script>", "<style>p{}</style><script>count++</script>")]
    [InlineData("<svg><style>.ck-a{}</style></svg>", "<svg><style>.ck-a{}</style></svg>")]
    public void Take_Html_TakesTheKitsBlocksOnly(string html, string left) => Assert.Equal(left, _blocks.Take(html));

    [Fact]
    public void Take_DifferentBlocks_KeepsThemInOrder()
    {
        foreach (var script in new[] { "one", "two", "one" })
            _blocks.Take($"<div class=\"ck\"><script>{script}</script></div>");
        Assert.Equal(["one", "two"], _blocks.Scripts);
    }
}

using System.Xml.Linq;
using CourseKit.Training;

namespace CourseKit.Notebooks.Tests.Live;

[Collection("front end")]
public sealed class ProgressTests
{
    [Fact]
    public void Of_KnownCount_GivesTheItemsAndShowsHowFarItIs()
    {
        using var frontEnd = new FakeFrontEnd();
        var seen = new List<int>();
        foreach (var item in Progress.Of(Enumerable.Range(0, 30).ToList(), "things & more"))
        {
            Thread.Sleep(30);
            seen.Add(item);
        }

        Assert.Equal(Enumerable.Range(0, 30), seen);
        Assert.Equal("things & more: 0 of 30", frontEnd.Shown[0].Text);
        Assert.Matches(@"^things & more: \d+ of 30, [\d.]+ a second, 0:00 left$", frontEnd.Shown[1].Text);
        Assert.Matches(@"^things & more: 30 of 30, [\d.]+ a second, 0:0\d in all$", frontEnd.Shown[^1].Text);
        Assert.InRange(frontEnd.Shown.Count, 3, 8);
        Assert.Single(frontEnd.Shown.Select(shown => shown.Id).Distinct());
        var bar = XElement.Parse(frontEnd.Shown[^1].Html).Descendants("div").Single(e => (string?)e.Attribute("role") == "progressbar");
        Assert.Equal("100", bar.Attribute("aria-valuenow")!.Value);
        Assert.Equal("width:100%", bar.Element("span")!.Attribute("style")!.Value);
    }

    [Fact]
    public void Of_UnknownCountAndSlowItems_HasNoEnd()
    {
        using var frontEnd = new FakeFrontEnd();
        foreach (var _ in Progress.Of(Items()))
            Thread.Sleep(1100);
        Assert.Equal("0", frontEnd.Shown[0].Text);
        Assert.Null(XElement.Parse(frontEnd.Shown[1].Html).Descendants("div").Single(e => (string?)e.Attribute("role") == "progressbar").Attribute("aria-valuenow"));
        Assert.Matches(@"^2, 1\.1\d? s each, 0:02 in all$", frontEnd.Shown[^1].Text);

        static IEnumerable<int> Items()
        {
            yield return 1;
            yield return 2;
        }
    }

    [Fact]
    public void Of_LoopLeftEarly_ShowsWhereItStopped()
    {
        using var frontEnd = new FakeFrontEnd();
        foreach (var item in Progress.Of([1, 2, 3]))
        {
            if (item == 2)
                break;
        }
        Assert.StartsWith("1 of 3", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
        Assert.EndsWith("in all", frontEnd.Shown[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_Interrupted_EndsBeforeTheNextItem()
    {
        var seen = 0;
        try
        {
            Assert.Throws<OperationCanceledException>(() =>
            {
                foreach (var _ in Progress.Of([1, 2, 3]))
                {
                    seen++;
                    Interrupt.Request();
                }
            });
        }
        finally
        {
            Interrupt.Reset();
        }
        Assert.Equal(1, seen);
    }

    [Fact]
    public void Of_Empty_ShowsAnEnd()
    {
        using var frontEnd = new FakeFrontEnd();
        Assert.Empty(Progress.Of(Array.Empty<int>(), "none"));
        Assert.Equal("none: 0 of 0", frontEnd.Shown[^1].Text);
    }

    [Fact]
    public void Of_Null_ThrowsAtOnce()
    {
        Assert.Throws<ArgumentNullException>(() => { Progress.Of<int>(null!); });
        Assert.Throws<ArgumentNullException>(() => { Progress.Of<int>([], null!); });
    }

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(65.4, "1:05")]
    [InlineData(3661, "1:01:01")]
    public void Clock_Time_IsReadable(double seconds, string text) => Assert.Equal(text, Pace.Clock(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Pace_LargePictures_AreDrawnLessOften()
    {
        var pace = new Pace();
        Assert.True(pace.IsDue);
        pace.Draw(() => 400_000);
        Thread.Sleep(500);
        Assert.False(pace.IsDue);
        Thread.Sleep(500);
        Assert.True(pace.IsDue);
    }
}

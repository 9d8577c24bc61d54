using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Browser;

/// <summary>The pages in a real browser. Every case also requires that the browser reports no error and asks for nothing but pages of the site.</summary>
public class BrowserTests(BrowserSite site) : IClassFixture<BrowserSite>
{
    [BrowserTheory]
    [InlineData("searchKeys")]
    [InlineData("searchMouse")]
    [InlineData("searchWords")]
    [InlineData("copy")]
    [InlineData("theme")]
    [InlineData("contents")]
    [InlineData("steps")]
    [InlineData("charts")]
    [InlineData("narrow")]
    [InlineData("print")]
    [InlineData("plain")]
    [InlineData("recorder")]
    public void Page_AsAFile_Works(string name) => Passes(name, new Uri(site.Folder + "/").AbsoluteUri);

    [BrowserTheory]
    [InlineData("searchKeys")]
    [InlineData("copy")]
    [InlineData("theme")]
    [InlineData("steps")]
    [InlineData("missing")]
    public async Task Page_Served_Works(string name)
    {
        using var server = SiteServer.Open(null);
        using var stop = new CancellationTokenSource();
        var running = server.RunAsync(site.Folder, stop.Token);
        Passes(name, server.Url);
        await stop.CancelAsync();
        await running;
    }

    private static void Passes(string name, string address)
    {
        var (code, error) = ChromiumProcess.Run("site.js", name, address);
        Assert.True(code == 0, error);
    }
}

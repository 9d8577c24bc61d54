using CourseKit.Host.Site;
using CourseKit.Host.Tests.Notebooks;

namespace CourseKit.Host.Tests.Browser;

/// <summary>The course's own pages in a real browser, made from the run that the other tests look at: nothing overlaps or overflows, no raw TeX, every picture legible, every slider moves its picture.</summary>
[Collection("console")]
public sealed class CoursePagesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserFact]
    public async Task Pages_OfTheCourse_AreLegibleAndMove()
    {
        var notebooks = new List<SiteNotebook>();
        foreach (var name in CourseFiles.Names)
            notebooks.Add(new SiteNotebook(name, (await ExecutedCourse.RunAsync(name)).Document, Path.Combine(CourseFiles.Root, "notebooks")));
        SiteBuilder.Build(notebooks, _folder["site"], Environment.ProcessorCount);

        var (code, error) = ChromiumProcess.Run("course.js", new Uri(_folder["site"] + "/").AbsoluteUri, string.Join(' ', notebooks.Select(notebook => notebook.PageName)));

        Assert.True(code == 0, error);
    }
}

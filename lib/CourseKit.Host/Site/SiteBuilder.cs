using System.Text;

namespace CourseKit.Host.Site;

/// <summary>Writes executed notebooks as a static site that needs no network and no server.</summary>
internal static class SiteBuilder
{
    /// <summary>Writes index.html, a page for each notebook, and the notebooks themselves. The folder changes whole or not at all.</summary>
    /// <param name="notebooks">Executed notebooks, in the order of the course.</param>
    /// <param name="folder">The folder to create, or to replace when it is empty or an earlier site.</param>
    /// <param name="cores">The number of cores the notebooks ran on, for "measured N s on M cores".</param>
    /// <param name="fingerprint">What they come from, for <see cref="SiteFolder.FingerprintOf"/>.</param>
    /// <returns>The full path of index.html.</returns>
    /// <exception cref="SiteException">A cell cannot be rendered, or the folder cannot be written.</exception>
    public static string Build(IReadOnlyList<SiteNotebook> notebooks, string folder, int cores, string fingerprint = "")
    {
        using var site = new SiteFolder(folder);
        var names = notebooks.Select(notebook => notebook.FileName).ToHashSet();
        var pages = notebooks.Select(notebook => NotebookPage.Render(notebook, names)).ToList();
        var search = SearchIndex.Of(pages);
        for (var i = 0; i < pages.Count; i++)
        {
            var html = PageTemplate.Notebook(pages[i], i > 0 ? pages[i - 1] : null, i < pages.Count - 1 ? pages[i + 1] : null, cores, search);
            site.Write(pages[i].Notebook.PageName, Encoding.UTF8.GetBytes(html));
            site.Write(pages[i].Notebook.FileName, pages[i].Notebook.Document.ToUtf8());
        }
        site.Write("index.html", Encoding.UTF8.GetBytes(PageTemplate.Index(pages, cores, search)));
        site.Commit(fingerprint);
        return Path.Combine(Path.GetFullPath(folder), "index.html");
    }

    /// <summary>Makes sure, before minutes of running notebooks, that the site can be written in the end. Leaves nothing behind.</summary>
    /// <param name="folder">The folder that <see cref="Build"/> will get.</param>
    /// <exception cref="SiteException">The folder holds something else, or cannot be written.</exception>
    public static void CheckFolder(string folder)
    {
        using var site = new SiteFolder(folder);
    }
}

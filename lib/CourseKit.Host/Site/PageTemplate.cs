using System.Globalization;
using System.Text;

namespace CourseKit.Host.Site;

/// <summary>The content of the site's pages.</summary>
internal static class PageTemplate
{
    private const string Call = "dotnet run coursekit.cs";

    /// <summary>The page that lists all notebooks.</summary>
    /// <param name="pages">The notebooks, in the order of the course.</param>
    /// <param name="cores">The number of cores they ran on.</param>
    /// <param name="search">What <see cref="SearchIndex"/> made of them.</param>
    public static string Index(IReadOnlyList<NotebookPage> pages, int cores, string search)
    {
        var body = new StringBuilder();
        body.Append($"""
            <header class="hero">
            {Unrolled}
            <h1>{PageFrame.SiteTitle}</h1>
            <p>A course in notebooks. Each one asks a question about networks that read sequences, answers it by hand, answers it again with
            a compiled library, and shows what happened inside. Every number and picture on these pages came out of running the notebook
            they stand in.</p>
            </header>
            <main id="content">
            <ol class="cards">

            """);
        foreach (var page in pages)
            body.Append($"""
                <li><a class="card" href="{Url(page.Notebook.PageName)}"><span class="number">{page.Notebook.Number}</span>
                <span class="words"><span class="name">{page.TitleHtml}</span>
                <span class="goal">{MarkdownObjects.WithoutLinks(page.Goal)}</span></span>
                <span class="time">{(page.Seconds is { } s ? Minutes(s) : "")}</span></a></li>

                """);
        var total = pages.Sum(page => page.Seconds ?? 0);
        body.Append($"""
            </ol>
            <p class="meta">Times are measured on {Count(cores, "core")}: {Minutes(total)} in all.</p>
            </main>

            """);
        return PageFrame.Of(PageFrame.SiteTitle, "index first", "", body.ToString(), search);
    }

    /// <summary>A notebook's page.</summary>
    /// <param name="page">The notebook.</param>
    /// <param name="previous">The one before it; null for the first.</param>
    /// <param name="next">The one after it; null for the last.</param>
    /// <param name="cores">The number of cores it ran on.</param>
    /// <param name="search">What <see cref="SearchIndex"/> made of all notebooks.</param>
    public static string Notebook(NotebookPage page, NotebookPage? previous, NotebookPage? next, int cores, string search)
    {
        var measured = page.Seconds is { } s ? $"measured {Seconds(s)} on {Count(cores, "core")} · " : "";
        var number = page.Notebook.Number == "" ? "" : $"<span class=\"number\">{page.Notebook.Number}</span> ";
        var contents = page.Headings.Count == 0 ? "" : $"""
            <nav id="contents" class="contents" aria-label="On this page"><p>On this page</p><ol>
            {string.Concat(page.Headings.Select(h => $"<li class=\"level{h.Level}\"><a href=\"#{h.Id}\">{MarkdownObjects.WithoutLinks(h.Html)}</a></li>\n"))}</ol></nav>

            """;
        var body = $"""
            <div class="page">
            <header class="title"><h1>{number}{page.TitleHtml}</h1>
            <p class="meta">{measured}<a href="{Url(page.Notebook.FileName)}" download>{HtmlText.Escape(page.Notebook.FileName)}</a></p>
            {RunYourself(page.Notebook.FileName)}</header>
            {contents}<main id="content">
            {page.Body}
            <nav class="around" aria-label="Previous and next">{Around(previous, "prev", "Previous")}{Around(next, "next", "Next")}</nav>
            </main>
            </div>

            """;
        return PageFrame.Of($"{page.Title} · {PageFrame.SiteTitle}", "notebook",
            Step(previous, "prev", PageIcons.Previous, "Previous", "←", "ArrowLeft") + Step(next, "next", PageIcons.Next, "Next", "→", "ArrowRight"), body, search, page.Blocks);
    }

    /// <summary>The page of an address that leads nowhere; only a server shows it.</summary>
    public static string Missing() => PageFrame.Of($"Not found · {PageFrame.SiteTitle}", "index", "", """
        <main id="content">
        <h1>There is no such page</h1>
        <p>The course's pages are listed on its <a href="/">first page</a>.</p>
        </main>

        """, "", home: "/");

    /// <summary>Seconds as a reader takes them: 0.4 s, 41 s, 3 min 5 s.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 9.95 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 119.5 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Round(seconds) / 60):0} min {Math.Round(seconds) % 60:0} s"),
    };

    /// <summary>Minutes with one decimal; under a tenth of a minute, seconds.</summary>
    public static string Minutes(double seconds) =>
        seconds < 6 ? Seconds(seconds) : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0.0} min");

    private static string RunYourself(string fileName) => $"""
        <details class="run"><summary>Run this yourself</summary>
        <p>In Jupyter, where you can change the cells and see what happens. In the project's folder:</p>
        {CodeBox.Of($"{Call} lab {Argument(fileName)}", "command")}
        <p>Without Jupyter, from top to bottom; the notebook with its outputs is written to <code>artifacts/executed</code>:</p>
        {CodeBox.Of($"{Call} run {Argument($"notebooks/{fileName}")}", "command")}</details>

        """;

    // A word of a command line, as HTML.
    private static string Argument(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/') ? path : HtmlText.Escape($"\"{path}\"");

    private static string Step(NotebookPage? page, string relation, string icon, string label, string arrow, string key) => page is null
        ? ""
        : $"<a rel=\"{relation}\" href=\"{Url(page.Notebook.PageName)}\" title=\"{label}: {HtmlText.Escape(page.Title)} ({arrow})\" aria-label=\"{label}: {HtmlText.Escape(page.Title)}\" aria-keyshortcuts=\"{key}\">{icon}</a>";

    private static string Around(NotebookPage? page, string relation, string label) => page is null
        ? "<span></span>"
        : $"<a rel=\"{relation}\" class=\"{relation}\" href=\"{Url(page.Notebook.PageName)}\"><small>{label}</small> {page.TitleHtml}</a>";

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";

    private static string Url(string fileName) => Uri.EscapeDataString(fileName);

    /// <summary>A recurrent network, unrolled over four steps.</summary>
    private const string Unrolled = """
        <svg class="unrolled" viewBox="0 0 420 132" role="img" aria-label="A recurrent network unrolled over four time steps">
        <g fill="none" stroke="currentColor" stroke-width="1.5">
        <path d="M8 66H36M84 66H136M184 66H236M284 66H336M384 66H412M60 114V90M160 114V90M260 114V90M360 114V90M60 42V18M160 42V18M260 42V18M360 42V18"/>
        <path d="M130 61l7 5-7 5M230 61l7 5-7 5M330 61l7 5-7 5M405 61l7 5-7 5M29 61l7 5-7 5M55 97l5-7 5 7M155 97l5-7 5 7M255 97l5-7 5 7M355 97l5-7 5 7M55 25l5-7 5 7M155 25l5-7 5 7M255 25l5-7 5 7M355 25l5-7 5 7"/>
        </g>
        <g class="states"><circle cx="60" cy="66" r="24"/><circle cx="160" cy="66" r="24"/><circle cx="260" cy="66" r="24"/><circle cx="360" cy="66" r="24"/></g>
        <g fill="currentColor"><circle cx="60" cy="121" r="5"/><circle cx="160" cy="121" r="5"/><circle cx="260" cy="121" r="5"/><circle cx="360" cy="121" r="5"/>
        <circle cx="60" cy="11" r="5"/><circle cx="160" cy="11" r="5"/><circle cx="260" cy="11" r="5"/><circle cx="360" cy="11" r="5"/></g>
        </svg>
        """;
}

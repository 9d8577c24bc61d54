using System.Globalization;
using System.Text;

namespace CourseKit.Host.Site;

/// <summary>The frame of the site's pages. Each page is one file that needs nothing beside itself.</summary>
internal static class PageTemplate
{
    private const string SiteTitle = "Recurrent networks in C#";

    private static readonly string Style = ReadStyle();

    /// <summary>The page that lists all notebooks.</summary>
    public static string Index(IReadOnlyList<NotebookPage> pages, int cores)
    {
        var body = new StringBuilder();
        body.Append($"""
            <header class="hero">
            {Unrolled}
            <h1>{SiteTitle}</h1>
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
        return Frame(SiteTitle, "index", body.ToString());
    }

    /// <summary>A notebook's page.</summary>
    public static string Notebook(NotebookPage page, NotebookPage? previous, NotebookPage? next, int cores)
    {
        var measured = page.Seconds is { } s ? $"measured {Seconds(s)} on {Count(cores, "core")} · " : "";
        var number = page.Notebook.Number == "" ? "" : $"<span class=\"number\">{page.Notebook.Number}</span> ";
        var contents = page.Headings.Count == 0 ? "" : $"""
            <nav id="contents" class="contents" aria-label="On this page"><p>On this page</p><ol>
            {string.Concat(page.Headings.Select(h => $"<li class=\"level{h.Level}\"><a href=\"#{h.Id}\">{MarkdownObjects.WithoutLinks(h.Html)}</a></li>\n"))}</ol></nav>

            """;
        var body = $"""
            <nav class="bar" aria-label="Course"><a class="home" href="index.html">{SiteTitle}</a><span class="steps">{Step(previous, "prev", "←", "Previous")}{Step(next, "next", "→", "Next")}</span></nav>
            <div class="page">
            <header class="title"><h1>{number}{page.TitleHtml}</h1>
            <p class="meta">{measured}<a href="{Url(page.Notebook.FileName)}" download>{HtmlText.Escape(page.Notebook.FileName)}</a></p></header>
            {contents}<main id="content">
            {page.Body}
            <nav class="around" aria-label="Previous and next">{Around(previous, "prev", "Previous")}{Around(next, "next", "Next")}</nav>
            </main>
            </div>

            """;
        return Frame($"{page.Title} · {SiteTitle}", "notebook", body);
    }

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

    private static string Step(NotebookPage? page, string relation, string arrow, string label) => page is null
        ? ""
        : $"<a rel=\"{relation}\" href=\"{Url(page.Notebook.PageName)}\" title=\"{label}: {HtmlText.Escape(page.Title)}\" aria-label=\"{label}: {HtmlText.Escape(page.Title)}\">{arrow}</a>";

    private static string Around(NotebookPage? page, string relation, string label) => page is null
        ? "<span></span>"
        : $"<a rel=\"{relation}\" class=\"{relation}\" href=\"{Url(page.Notebook.PageName)}\"><small>{label}</small> {page.TitleHtml}</a>";

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";

    private static string Url(string fileName) => Uri.EscapeDataString(fileName);

    private static string Frame(string title, string kind, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:">
        <title>{HtmlText.Escape(title)}</title>
        <style>
        {Style}</style>
        </head>
        <body class="{kind}">
        <a class="skip" href="#content">Skip to the content</a>
        {body}</body>
        </html>

        """;

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

    private static string ReadStyle()
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream("site.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

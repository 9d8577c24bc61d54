namespace CourseKit.Host.Site;

/// <summary>What stands around the content of every page: style, scripts, the bar with search and colours. Each page is one file that needs nothing beside itself.</summary>
internal static class PageFrame
{
    /// <summary>The name of the course.</summary>
    public const string SiteTitle = "Recurrent networks in C#";

    private static readonly string Style = string.Concat(((string[])["site.css", "search.css", "print.css"]).Select(Asset));
    private static readonly string Early = Asset("early.js");
    private static readonly string Scripts = string.Concat(((string[])["theme.js", "copy.js", "contents.js", "keys.js", "search.js"]).Select(Asset));
    private static readonly string Dialog = Asset("search.html");
    private static readonly SharedBlocks NoBlocks = new();

    /// <summary>The whole page.</summary>
    /// <param name="title">For the browser's tab.</param>
    /// <param name="kind">The classes of its body.</param>
    /// <param name="steps">Links to the neighbouring pages, as HTML.</param>
    /// <param name="body">Its content, as HTML.</param>
    /// <param name="search">What <see cref="SearchIndex"/> made; empty for a page without search.</param>
    /// <param name="blocks">Styles and scripts of its content; null for none.</param>
    /// <param name="home">The address of the first page.</param>
    public static string Of(string title, string kind, string steps, string body, string search, SharedBlocks? blocks = null, string home = "index.html") => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'">
        <title>{HtmlText.Escape(title)}</title>
        <link rel="icon" href="{PageIcons.Tab}">
        <script>
        {Early}</script>
        <style>
        {Style}</style>
        {string.Concat((blocks ?? NoBlocks).Styles.Select(style => $"<style>\n{style}\n</style>\n"))}</head>
        <body class="{kind}">
        <a class="skip" href="#content">Skip to the content</a>
        <nav class="bar" aria-label="Course"><a class="home" href="{home}">{PageIcons.Course}<span>{SiteTitle}</span></a>
        <span class="tools">
        {(search.Length > 0 ? SearchButton : "")}<button class="theme" type="button">{PageIcons.Themes}</button>
        <span class="steps">{steps}</span></span></nav>
        {body}<p class="status" role="status"></p>
        {(search.Length > 0 ? $"{Dialog}<script type=\"text/plain\" id=\"search-index\">{search}</script>\n" : "")}{string.Concat((blocks ?? NoBlocks).Scripts.Select(script => $"<script>\n{script}\n</script>\n"))}<script>
        {Scripts}</script>
        </body>
        </html>

        """;

    private const string SearchButton = $"""
        <button class="find" type="button" aria-haspopup="dialog" aria-keyshortcuts="/ Control+K" title="Search (/ or Ctrl+K)">{PageIcons.Search}<span>Search</span><kbd>/</kbd></button>

        """;

    private static string Asset(string name)
    {
        using var stream = typeof(PageFrame).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

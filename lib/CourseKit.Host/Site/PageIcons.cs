namespace CourseKit.Host.Site;

/// <summary>The signs of the pages' bar, drawn in the colour of the text around them.</summary>
internal static class PageIcons
{
    /// <summary>A network over three time steps, the course's own sign.</summary>
    public const string Course = """<svg class="mark" viewBox="0 0 36 20" aria-hidden="true"><path d="M6 10h24" stroke="currentColor" stroke-width="1.6"/><g fill="currentColor"><circle cx="6" cy="10" r="4.6"/><circle cx="18" cy="10" r="4.6"/><circle cx="30" cy="10" r="4.6"/></g></svg>""";

    /// <summary>Search.</summary>
    public const string Search = """<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><circle cx="8.5" cy="8.5" r="5.25"/><path d="M12.5 12.5l4.5 4.5"/></svg>""";

    /// <summary>To the left.</summary>
    public const string Previous = """<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M17 10H3.5M9 4.5L3.5 10 9 15.5"/></svg>""";

    /// <summary>To the right.</summary>
    public const string Next = """<svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 10h13.5M11 4.5l5.5 5.5-5.5 5.5"/></svg>""";

    /// <summary>As the system says, light, dark; the style sheet shows the one that holds.</summary>
    public const string Themes = """
        <svg class="icon system" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="6.75"/><path d="M10 3.25a6.75 6.75 0 0 1 0 13.5z" fill="currentColor" stroke="none"/></svg>
        <svg class="icon light" viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="3.5"/><path d="M10 1.8v2.4M10 15.8v2.4M1.8 10h2.4M15.8 10h2.4M4.2 4.2l1.7 1.7M14.1 14.1l1.7 1.7M4.2 15.8l1.7-1.7M14.1 5.9l1.7-1.7"/></svg>
        <svg class="icon dark" viewBox="0 0 20 20" aria-hidden="true"><path d="M16.8 12.1A7.1 7.1 0 0 1 7.9 3.2a7.1 7.1 0 1 0 8.9 8.9z"/></svg>
        """;

    /// <summary>The course's sign as the address of an icon for the browser's tab.</summary>
    public const string Tab = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36'%3E%3Cpath d='M6 18h24' stroke='%233b82c4' stroke-width='2.4'/%3E%3Cg fill='%233b82c4'%3E%3Ccircle cx='6' cy='18' r='5'/%3E%3Ccircle cx='18' cy='18' r='5'/%3E%3Ccircle cx='30' cy='18' r='5'/%3E%3C/g%3E%3C/svg%3E";
}

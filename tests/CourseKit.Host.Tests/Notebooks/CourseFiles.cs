using System.Text.Json.Nodes;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>The course's notebooks in the repository.</summary>
internal static class CourseFiles
{
    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The notebooks' file names, in the course's order.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Path.Combine(Root, "notebooks"), "*.ipynb").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>One case for every notebook.</summary>
    public static TheoryData<string> All => [.. Names];

    /// <summary>One case for every chapter: a notebook with a number.</summary>
    public static TheoryData<string> Chapters => [.. Names.Where(name => char.IsAsciiDigit(name[0]))];

    /// <summary>A notebook's path.</summary>
    public static string PathOf(string name) => Path.Combine(Root, "notebooks", name);

    /// <summary>A notebook as JSON.</summary>
    public static JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(PathOf(name)))!;

    /// <summary>A notebook's cells as kind and text.</summary>
    public static IReadOnlyList<CourseCell> Cells(string name) =>
        [.. Json(name)["cells"]!.AsArray().Select(cell => new CourseCell(
            (string)cell!["cell_type"]!, string.Concat(cell["source"]!.AsArray().Select(line => (string)line!))))];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("CourseKit.sln is in no folder above the tests.");
    }
}

/// <summary>A cell of a course notebook.</summary>
/// <param name="Kind">"markdown" or "code".</param>
/// <param name="Source">Its text.</param>
internal sealed record CourseCell(string Kind, string Source)
{
    public bool IsCode => Kind == "code";

    public string FirstLine => Source.Split('\n')[0];
}

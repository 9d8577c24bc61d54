using System.Text.Json;

namespace CourseKit.Interactive.Tests;

/// <summary>A notebook of a few code cells, for the front ends that take a file.</summary>
internal static class LearnersNotebook
{
    /// <summary>Writes it, with the course's kernel name.</summary>
    public static void Write(string path, params string[] cells) => File.WriteAllText(path, JsonSerializer.Serialize(new
    {
        cells = cells.Select((source, k) => new { cell_type = "code", id = $"cell-{k}", metadata = new { }, outputs = Array.Empty<object>(), execution_count = (int?)null, source }),
        metadata = new { kernelspec = new { name = ".net-csharp", display_name = ".NET (C#)", language = "C#" } },
        nbformat = 4,
        nbformat_minor = 5,
    }));
}

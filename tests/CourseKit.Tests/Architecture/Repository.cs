using System.Runtime.CompilerServices;

namespace CourseKit.Tests.Architecture;

/// <summary>Where the project's files lie.</summary>
internal static class Repository
{
    /// <summary>The folder that holds CourseKit.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Every C# file of the project, without what a build made.</summary>
    public static IEnumerable<string> SourceFiles() =>
        new[] { "lib", "tests", "benchmarks" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string Find([CallerFilePath] string here = "")
    {
        // Deterministic builds may map the path of the source: then the folder of the test's DLL leads to the root.
        foreach (var start in new[] { Path.GetDirectoryName(here), AppContext.BaseDirectory })
        {
            for (var folder = start; !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
            {
                if (File.Exists(Path.Combine(folder, "CourseKit.sln")))
                    return folder;
            }
        }
        throw new DirectoryNotFoundException("CourseKit.sln was not found above the tests.");
    }
}

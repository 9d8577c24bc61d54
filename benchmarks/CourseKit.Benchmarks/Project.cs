namespace CourseKit.Benchmarks;

/// <summary>Where the project lies, and what it is called.</summary>
internal static class Project
{
    /// <summary>The nearest folder above this program that holds CourseKit.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>Such as "CourseKit 0.1.0".</summary>
    public static string Version { get; } = $"CourseKit {typeof(Tensors.Tensor).Assembly.GetName().Version!.ToString(3)}";

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CourseKit.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"bench: {AppContext.BaseDirectory} does not lie in the project, whose folder holds CourseKit.sln. Run it from the project's folder.");
    }
}

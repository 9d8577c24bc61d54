namespace CourseKit.Host;

/// <summary>Where the project lies.</summary>
internal static class ProjectRoot
{
    /// <summary>The nearest folder above the program that holds CourseKit.sln; the working folder when there is none.</summary>
    public static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "CourseKit.sln")))
                return folder;
        }
        return Environment.CurrentDirectory;
    }
}

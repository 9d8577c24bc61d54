namespace CourseKit.Tests.Data;

/// <summary>A test on a public data set that is not part of the project: skipped where the folder in COURSEKIT_DATA lacks it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealDataFactAttribute : FactAttribute
{
    public RealDataFactAttribute(string file)
    {
        var folder = Environment.GetEnvironmentVariable("COURSEKIT_DATA");
        if (string.IsNullOrEmpty(folder))
            Skip = $"COURSEKIT_DATA is not set; the test needs {file} in that folder.";
        else if (!File.Exists(Path.Combine(folder, file)))
            Skip = $"There is no {file} in the folder of COURSEKIT_DATA.";
    }
}

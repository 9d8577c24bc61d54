global using Fixture = CourseKit.Inspection.GoldenFile;
global using GoldenTensor = CourseKit.Inspection.GoldenTensor;
using CourseKit.Inspection;

namespace CourseKit.Tests.Fixtures;

/// <summary>The golden numbers beside this file; README.md says what they are. The library's own reader reads them, that of parity.</summary>
internal static class FixtureFiles
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Fixtures");

    extension(GoldenFile)
    {
        public static GoldenFile Load(string name) => GoldenFile.Read(Path.Combine(Folder, name + ".json"));
    }
}

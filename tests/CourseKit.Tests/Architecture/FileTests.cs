using System.Text.RegularExpressions;
using static CourseKit.Tests.Architecture.Repository;

namespace CourseKit.Tests.Architecture;

/// <summary>The project's rules about files and names.</summary>
public partial class FileTests
{
    private static readonly string[] BannedWords = ["Util", "Utils", "Utility", "Utilities", "Helper", "Helpers", "Common", "Manager"];

    [Fact]
    public void Files_HaveAtMost400Lines()
    {
        var tooLong =
            from file in SourceFiles()
            let lines = File.ReadLines(Path.Combine(Root, file)).Count()
            where lines > 400
            select $"{file} has {lines} lines";

        Assert.Empty(tooLong);
    }

    [Fact]
    public void FilesAndFolders_HaveNamesThatSaySomething()
    {
        var saysNothing =
            from file in SourceFiles()
            where file.Split('/', '.').SelectMany(part => Words().Split(part)).Intersect(BannedWords).Any()
            select file;

        Assert.Empty(saysNothing);
    }

    /// <summary>A public class, struct, enum or interface of the library stands in the file of its name; small records may share the file of the type they belong to.</summary>
    [Fact]
    public void PublicTypes_StandInFilesOfTheirName()
    {
        var strays =
            from file in SourceFiles()
            where file.StartsWith("lib/", StringComparison.Ordinal)
            let name = Path.GetFileName(file).Split('.')[0]
            from Match type in PublicType().Matches(File.ReadAllText(Path.Combine(Root, file)))
            where type.Groups["name"].Value != name && type.Groups["name"].Value != "Ops" && !type.Value.Contains("record", StringComparison.Ordinal)
            select $"{file} holds {type.Groups["name"].Value}";

        Assert.Empty(strays);
    }

    [Fact]
    public void Code_HasNoNotesToSelf()
    {
        // Written apart, so that this file passes its own test.
        string[] notes = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception"];
        // What an exercise's stub throws: these four know it, and no other file may.
        string[] exercises =
        [
            "lib/CourseKit.Notebooks/Checks/Check.cs", "lib/CourseKit.Notebooks/Exercises/FunctionExercise.cs", "lib/CourseKit.Notebooks/Exercises/PropertyExercise.cs",
            "tests/CourseKit.Notebooks.Tests/Exercises/ExerciseTests.cs",
        ];
        var unfinished =
            from file in SourceFiles().Except(exercises)
            where notes.Any(File.ReadAllText(Path.Combine(Root, file)).Contains)
            select file;

        Assert.Empty(unfinished);
    }

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Words();

    [GeneratedRegex(@"^public (?:static |sealed |abstract |readonly |unsafe |partial )*(?:record |class |struct |enum |interface )+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();
}

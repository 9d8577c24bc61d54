using System.Text.RegularExpressions;
using CourseKit.Host.Execution;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>Every exercise can be solved with the first cell alone: a solution as a learner would write it stands in Solutions/NN.k.cs.txt.</summary>
[Collection("console")]
public sealed partial class SolutionTests
{
    private static readonly string Folder = Path.Combine(CourseFiles.Root, "tests", "CourseKit.Host.Tests", "Notebooks", "Solutions");

    public static TheoryData<string> Chapters => CourseFiles.Chapters;

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task Exercises_StubsAndSolutions_AreJudged(string name)
    {
        var first = CourseFiles.Cells(name).First(cell => cell.IsCode).Source;
        var stubs = Stubs(name);
        Assert.InRange(stubs.Count, 2, 5);
        var document = new NotebookDocument([.. new[] { first }.Concat(stubs.SelectMany(stub => new[] { stub.Source, Solution(stub.Id) }))
            .Select(source => new NotebookCell(CellKind.Code, source))]);

        var run = await NotebookRunner.RunAsync(document, CourseFiles.PathOf(name), new RunOptions(), CancellationToken.None);

        Assert.Null(run.Error);
        for (var k = 0; k < stubs.Count; k++)
        {
            Assert.StartsWith($"Exercise {stubs[k].Id} is not solved yet.", Shown(document.Cells[1 + 2 * k]), StringComparison.Ordinal);
            Assert.StartsWith($"Exercise {stubs[k].Id} is right.", Shown(document.Cells[2 + 2 * k]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Solutions_InTheFolder_AreOfExercises() =>
        Assert.Equal(
            CourseFiles.Names.SelectMany(Stubs).Select(stub => stub.Id).Order(StringComparer.Ordinal),
            Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)[..4]).Order(StringComparer.Ordinal));

    private static List<(string Id, string Source)> Stubs(string name) =>
        [.. CourseFiles.Cells(name).Where(cell => cell.IsCode)
            .Select(cell => (Call().Match(cell.Source).Groups["id"].Value, cell.Source)).Where(cell => cell.Value.Length > 0)];

    private static string Solution(string id) => File.ReadAllText(Path.Combine(Folder, $"{id}.cs.txt"));

    private static string Shown(NotebookCell cell) => cell.Outputs.OfType<DisplayOutput>().Last().Text("text/plain") ?? "";

    [GeneratedRegex(@"Check\.Exercise\(""(?<id>\d\d\.\d)""")]
    private static partial Regex Call();
}

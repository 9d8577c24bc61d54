using System.Text.RegularExpressions;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>The rules that every committed notebook keeps.</summary>
public sealed partial class CommittedNotebooksTests
{
    private const int MostLines = 15;
    private const int MostLinesEver = 25;
    private const int MostLongCells = 1;
    private const int MostColumns = 80;
    private const int MostWords = 120;

    private static readonly string[] Headings =
        ["Goal", "Predict", "Data", "Idea", "By hand", "With the library", "Experiment", "What we saw", "Exercises"];

    public static TheoryData<string> Notebooks => CourseFiles.All;

    public static TheoryData<string> Chapters => CourseFiles.Chapters;

    [Fact]
    public void Notebooks_OfThisVersion_AreThere()
    {
        Assert.Superset(
            new HashSet<string>
            {
                "00-start-here.ipynb", "01-windows.ipynb", "03-simple-rnn.ipynb", "05-bptt.ipynb", "06-gradients.ipynb", "07-lstm.ipynb", "08-gru-and-variants.ipynb",
                "09-bidirectional.ipynb", "10-deep.ipynb", "13-character-models.ipynb", "23-learning-to-execute.ipynb", "25-cpu-and-gpu.ipynb", "pictures.ipynb",
            },
            CourseFiles.Names.ToHashSet());
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void File_Format_IsVersion45WithTheKernelAndDistinctIds(string name)
    {
        var notebook = CourseFiles.Json(name);

        Assert.Equal((4, 5), ((int)notebook["nbformat"]!, (int)notebook["nbformat_minor"]!));
        Assert.Equal(".net-csharp", (string)notebook["metadata"]!["kernelspec"]!["name"]!);
        Assert.Equal("C#", (string)notebook["metadata"]!["kernelspec"]!["language"]!);
        var ids = notebook["cells"]!.AsArray().Select(cell => (string)cell!["id"]!).ToList();
        Assert.All(ids, id => Assert.Matches("^[a-zA-Z0-9_-]{1,64}$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Cells_Committed_HaveNoOutputsCountsOrMetadata(string name)
    {
        Assert.All(CourseFiles.Json(name)["cells"]!.AsArray(), cell =>
        {
            Assert.Empty(cell!["metadata"]!.AsObject());
            if ((string)cell["cell_type"]! == "code")
            {
                Assert.Empty(cell["outputs"]!.AsArray());
                Assert.Null(cell["execution_count"]);
            }
        });
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Sources_EveryLineButTheLast_EndsInANewline(string name)
    {
        Assert.All(CourseFiles.Json(name)["cells"]!.AsArray(), cell =>
        {
            var lines = cell!["source"]!.AsArray().Select(line => (string)line!).ToList();
            Assert.NotEmpty(lines);
            Assert.All(lines.SkipLast(1), line => Assert.Matches("^[^\n\r]*\n$", line));
            Assert.DoesNotContain('\n', lines[^1]);
            Assert.NotEqual("", lines[^1].Trim());
        });
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void FirstCodeCell_InEveryNotebook_IsTheSame(string name)
    {
        string First(string notebook) => CourseFiles.Cells(notebook).First(cell => cell.IsCode).Source;

        Assert.Equal(First(CourseFiles.Names[0]), First(name));
        Assert.StartsWith("#r \"../artifacts/kit/", First(name), StringComparison.Ordinal);
        Assert.EndsWith("Kit.Start()", First(name).TrimEnd(';'), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CodeCells_AfterTheFirst_AreShort(string name)
    {
        var lengths = CourseFiles.Cells(name).Where(cell => cell.IsCode).Skip(1).Select(cell => (cell.FirstLine, Lines: cell.Source.Split('\n').Length)).ToList();

        Assert.All(lengths, cell => Assert.True(cell.Lines <= MostLinesEver, $"{cell.Lines} lines: {cell.FirstLine}"));
        Assert.True(
            lengths.Count(cell => cell.Lines > MostLines) <= MostLongCells,
            string.Join("; ", lengths.Where(cell => cell.Lines > MostLines).Select(cell => $"{cell.Lines} lines: {cell.FirstLine}")));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CodeLines_Each_FitThePage(string name)
    {
        Assert.All(
            CourseFiles.Cells(name).Where(cell => cell.IsCode).SelectMany(cell => cell.Source.Split('\n')),
            line => Assert.True(line.Length <= MostColumns, $"{line.Length} columns: {line}"));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CodeCells_Each_HaveProseOfAtMost120WordsBefore(string name)
    {
        // The exercises begin anew, or they could not follow a conclusion.
        var words = 0;
        var before = new List<(int Words, string Cell)>();
        foreach (var cell in CourseFiles.Cells(name))
        {
            if (cell.IsCode)
            {
                before.Add((words, cell.FirstLine));
                words = 0;
            }
            else
            {
                words = Words(cell.Source) + (cell.Source.StartsWith("## Exercises", StringComparison.Ordinal) ? 0 : words);
            }
        }

        Assert.All(before, cell => Assert.True(cell.Words is > 0 and <= MostWords, $"{cell.Words} words before: {cell.Cell}"));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Headings_InEveryNotebook_BeginWithOneTitleAndTheGoal(string name)
    {
        Assert.Single(HeadingsOf(name, "#"));
        Assert.Equal("Goal", HeadingsOf(name, "##")[0]);
    }

    /// <summary>A notebook without a number, as the gallery of pictures, is no chapter: it asks no question and has no exercises.</summary>
    [Theory]
    [MemberData(nameof(Chapters))]
    public void Headings_InEveryChapter_AreThoseOfTheStyle(string name)
    {
        var headings = HeadingsOf(name, "##");

        Assert.StartsWith($"{name[..2]} ", Assert.Single(HeadingsOf(name, "#")), StringComparison.Ordinal);
        Assert.Equal(Headings.Order(), headings.Order());
        Assert.Equal(["What we saw", "Exercises"], headings.TakeLast(2));
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CodeCells_Each_KeepToWhatBothKernelsRun(string name)
    {
        Assert.All(CourseFiles.Cells(name).Where(cell => cell.IsCode), cell =>
        {
            Assert.DoesNotContain("nuget:", cell.Source, StringComparison.Ordinal);
            Assert.DoesNotContain("Microsoft.DotNet.Interactive", cell.Source, StringComparison.Ordinal);
            Assert.DoesNotMatch(new Regex("^#!|^using var |^namespace |\\(this ", RegexOptions.Multiline), cell.Source);
        });
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void CodeCells_Each_EndOnAValueOrSayWhatTheyDid(string name)
    {
        // A cell that only defines a method for the next cell may end on its brace.
        Assert.All(CourseFiles.Cells(name).Where(cell => cell.IsCode).Skip(1), cell =>
        {
            var last = cell.Source.Split('\n')[^1];
            Assert.True(!last.EndsWith(';') || last.StartsWith("display(", StringComparison.Ordinal) || last.StartsWith("Check.", StringComparison.Ordinal),
                $"ends in neither a value nor a picture: {last}");
        });
    }

    [Theory]
    [MemberData(nameof(Notebooks))]
    public void Files_NamedInCells_AreInTheRepository(string name)
    {
        var files = CourseFiles.Cells(name).Where(cell => cell.IsCode)
            .SelectMany(cell => Regex.Matches(cell.Source, "\"(\\.\\./datasets/[^\"]+)\"").Select(match => match.Groups[1].Value));

        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(CourseFiles.Root, "notebooks", file)), file));
    }

    private static List<string> HeadingsOf(string name, string level) =>
    [
        .. CourseFiles.Cells(name).Where(cell => !cell.IsCode)
            .SelectMany(cell => Regex.Matches(cell.Source, $"^{level} (.+)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value))
    ];

    // A formula counts as one word, a drawing as none.
    private static int Words(string markdown) => Word().Count(Formula().Replace(Drawing().Replace(markdown, ""), " x "));

    [GeneratedRegex("^```.*?^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Drawing();

    [GeneratedRegex(@"\$\$.*?\$\$|\$.*?\$", RegexOptions.Singleline)]
    private static partial Regex Formula();

    [GeneratedRegex(@"[\p{L}\p{N}][^\s]*")]
    private static partial Regex Word();
}

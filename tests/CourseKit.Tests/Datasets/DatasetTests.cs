using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace CourseKit.Tests.Datasets;

/// <summary>The data that ships with the course is what its READMEs say it is.</summary>
public sealed partial class DatasetTests
{
    private static readonly string Folder = FindFolder();

    [Fact]
    public void Sums_EveryLine_MatchesItsFile()
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, "SHA256SUMS"));

        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var (sum, file) = (line[..64], line[66..]);
            Assert.Equal(sum, Sum(Path.Combine(Folder, file)));
        });
    }

    [Fact]
    public void Sums_EveryDataFile_IsListed()
    {
        var listed = File.ReadAllLines(Path.Combine(Folder, "SHA256SUMS")).Select(line => line[66..]).Order();
        var files = Directory.GetFiles(Folder, "*.txt", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Order();

        Assert.Equal(files, listed);
    }

    [Fact]
    public void Readme_EveryFolder_NamesLicenceSizeAndChecksum()
    {
        Assert.All(Directory.GetDirectories(Folder), folder =>
        {
            var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
            Assert.Contains("**Licence.**", readme, StringComparison.Ordinal);
            Assert.Contains("**How it was made.**", readme, StringComparison.Ordinal);
            Assert.All(Directory.GetFiles(folder, "*.txt"), file =>
            {
                Assert.Contains(Sum(file), readme, StringComparison.Ordinal);
                Assert.Contains($"{new FileInfo(file).Length:N0}", readme, StringComparison.Ordinal);
            });
            Assert.Contains(Path.GetFileName(folder), File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("dinosaurs", "dinosaurs.txt", 1000)]
    [InlineData("names", "mountains.txt", 300)]
    [InlineData("names", "rivers.txt", 300)]
    public void Names_OfEveryList_AreSortedUniqueAndWellFormed(string folder, string file, int least)
    {
        var names = File.ReadAllLines(Path.Combine(Folder, folder, file));

        Assert.True(names.Length >= least, $"only {names.Length} names");
        Assert.All(names, name => Assert.Matches(WellFormedName(), name));
        Assert.Equal(names.Distinct().Order(StringComparer.Ordinal), names);
        Assert.Contains($"{names.Length:N0} names", File.ReadAllText(Path.Combine(Folder, folder, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public void OwnText_Content_IsAsciiLargeAndWithoutLeftOverGaps()
    {
        var text = OwnText();

        Assert.True(text.Length >= 200_000, $"only {text.Length} characters");
        Assert.All(text.Distinct(), symbol => Assert.True(symbol is '\n' or (>= ' ' and <= '~'), $"U+{(int)symbol:X4}"));
        Assert.DoesNotContain(text, symbol => symbol is '{' or '}' or '|' or '[' or ']' or '/');
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 72, line));
        Assert.True(Word().Matches(text).Select(match => match.Value.ToUpperInvariant()).Distinct().Count() > 1500);
    }

    [Fact]
    public void OwnText_EveryParagraph_ClosesItsQuotationMarksAndBrackets()
    {
        Assert.All(OwnText().Split("\n\n"), paragraph =>
        {
            Assert.True(paragraph.Count(symbol => symbol == '"') % 2 == 0, paragraph);
            Assert.Equal(paragraph.Count(symbol => symbol == '('), paragraph.Count(symbol => symbol == ')'));
        });
    }

    [Fact]
    public void OwnText_Sentences_BeginWithACapital()
    {
        var text = OwnText().Replace('\n', ' ');

        Assert.DoesNotMatch(new Regex("[a-z]\\. [a-z]"), text);
        Assert.DoesNotMatch(new Regex("\\b[aA] [aeiAEI]"), text);
    }

    [Theory]
    [InlineData("own-text", "own-text.txt", false)]
    [InlineData("number-words", "number-words.txt", true)]
    [InlineData("agreement", "train.txt test.txt", true)]
    [InlineData("named-entities", "train.txt test.txt", true)]
    public async Task Generated_Again_AreTheSameToTheByte(string name, string files, bool intoFolder)
    {
        var again = Directory.CreateTempSubdirectory("coursekit-datasets-").FullName;
        try
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            var output = intoFolder ? again : Path.Combine(again, files);
            foreach (var argument in new[] { "run", Path.Combine(Folder, name, "generate.cs"), "--", "--out", output })
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var said = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();

            Assert.True(process.ExitCode == 0, said + await errors);
            Assert.All(files.Split(' '), file => Assert.Equal(Sum(Path.Combine(Folder, name, file)), Sum(Path.Combine(again, file))));
        }
        finally
        {
            Directory.Delete(again, recursive: true);
        }
    }

    private static string OwnText() => File.ReadAllText(Path.Combine(Folder, "own-text", "own-text.txt"));

    private static string Sum(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder?.FullName ?? throw new DirectoryNotFoundException("CourseKit.sln is in no folder above the tests."), "datasets");
    }

    [GeneratedRegex("^[A-Z][a-z]+$")]
    private static partial Regex WellFormedName();

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();
}

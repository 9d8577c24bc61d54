using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using CourseKit.Host.Commands;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CourseKit.Host.Tests.Readme;

/// <summary>What the README says is what the project does. Runs alone, because the example writes to the console.</summary>
[Collection("console")]
public sealed partial class ReadmeTests
{
    private static readonly string s_root = ProjectRoot.Find();
    private static readonly string s_training = File.ReadAllText(Path.Combine(s_root, "docs", "training.md"));
    private static readonly string s_text = File.ReadAllText(Path.Combine(s_root, "README.md"));

    [Fact]
    public void LibraryExample_CompilesAndRuns_BeatsTheGuess()
    {
        var example = Block("csharp");
        Assert.InRange(example.Split('\n').Count(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal)), 1, 10);

        var printed = Run(example);
        Assert.Contains("lstm", printed, StringComparison.OrdinalIgnoreCase);
        var result = ResultPattern().Match(printed);
        Assert.True(result.Success, printed);
        var (loss, guess) = (double.Parse(result.Groups["loss"].ValueSpan), double.Parse(result.Groups["guess"].ValueSpan));
        Assert.InRange(loss, 0.5, guess - 1);
    }

    [Fact]
    public void TrainingExample_RunTwice_GoesOnFromItsCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var example = Block("csharp", s_training)
            .Replace("\"datasets/", $"\"{s_root.Replace('\\', '/')}/datasets/", StringComparison.Ordinal);
        var printed = Run(example, folder.Path);
        Assert.Matches(@"\d+ steps, best validation loss [12]\.\d\d after step \d+", printed);
        Assert.Contains("log.csv", folder.Files());
        Assert.Equal(ResultLine(printed), ResultLine(Run(example, folder.Path)));

        static string ResultLine(string text) => text.TrimEnd().Split('\n')[^1];
    }

    [Fact]
    public void Commands_AreVerbsWithTheirOptions()
    {
        var commands = BlockPattern().Matches(s_text + s_training).Where(block => block.Groups["language"].Value == "sh")
            .SelectMany(block => block.Groups["text"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        Assert.Contains("dotnet run coursekit.cs site", commands);
        Assert.Contains("dotnet run coursekit.cs test", commands);
        foreach (var command in commands)
        {
            Assert.StartsWith("dotnet run coursekit.cs ", command, StringComparison.Ordinal);
            var words = WordPattern().Matches(command).Select(word => word.Value.Trim('"')).Skip(3).ToList();
            _ = new Arguments(CommandLine.Find(words[0]), words[1..]);
        }
    }

    [Fact]
    public void VerbsNamedInProse_Exist()
    {
        foreach (var verb in new[] { "run", "lab", "kernel", "doctor", "help", "train" })
        {
            Assert.Contains($"`{verb}", s_text, StringComparison.Ordinal);
            Assert.Equal(verb, CommandLine.Find(verb).Name);
        }
    }

    [Fact]
    public void Notebooks_TableListsExactlyTheFiles()
    {
        var listed = LinkPattern().Matches(s_text).Select(link => link.Groups["target"].Value)
            .Where(target => target.EndsWith(".ipynb", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        var files = Directory.EnumerateFiles(Path.Combine(s_root, "notebooks"), "*.ipynb")
            .Select(file => $"notebooks/{Path.GetFileName(file)}").Order(StringComparer.Ordinal);
        Assert.Equal(files, listed);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/interchange.md")]
    [InlineData("docs/notebook-hosts.md")]
    [InlineData("docs/performance.md")]
    [InlineData("docs/pictures.md")]
    [InlineData("docs/training.md")]
    [InlineData("datasets/README.md")]
    public void RelativeLinks_LeadSomewhere(string page)
    {
        var file = Path.Combine(s_root, page);
        foreach (var target in LinkPattern().Matches(File.ReadAllText(file)).Select(link => link.Groups["target"].Value))
        {
            var path = Path.Combine(Path.GetDirectoryName(file)!, target.Split('#')[0]);
            Assert.True(target.StartsWith("https://", StringComparison.Ordinal) || File.Exists(path) || Directory.Exists(path), $"{page}: {target} does not exist.");
        }
    }

    [Fact]
    public void PackagesInArchitecture_AreTheOnesOfTheBuild()
    {
        var architecture = File.ReadAllText(Path.Combine(s_root, "docs", "architecture.md"));
        var packages = PackagePattern().Matches(File.ReadAllText(Path.Combine(s_root, "Directory.Packages.props")));
        Assert.NotEmpty(packages);
        foreach (Match package in packages)
        {
            var line = architecture.Split('\n').FirstOrDefault(line => line.StartsWith('|') && line.Contains(package.Groups["id"].Value, StringComparison.Ordinal));
            Assert.True(line?.Contains(package.Groups["version"].Value, StringComparison.Ordinal), $"docs/architecture.md does not name {package.Groups["id"]} {package.Groups["version"]}.");
        }
    }

    private static string Block(string language, string? page = null) =>
        BlockPattern().Matches(page ?? s_text).Single(block => block.Groups["language"].Value == language).Groups["text"].Value;

    /// <summary>Compiles a console program as the SDK's template would, runs it in the root folder or another, and gives what it printed.</summary>
    private static string Run(string program, string? inFolder = null)
    {
        const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create($"Example{Guid.NewGuid():N}", [CSharpSyntaxTree.ParseText(program), CSharpSyntaxTree.ParseText(ImplicitUsings)],
            references, new CSharpCompilationOptions(OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.Empty(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1701"));

        image.Position = 0;
        var assembly = AssemblyLoadContext.Default.LoadFromStream(image);
        var (folder, output) = (Environment.CurrentDirectory, Console.Out);
        using var printed = new StringWriter();
        try
        {
            Environment.CurrentDirectory = inFolder ?? s_root;
            Console.SetOut(printed);
            assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, assembly.EntryPoint.GetParameters().Length == 0 ? null : [Array.Empty<string>()], null);
        }
        finally
        {
            Environment.CurrentDirectory = folder;
            Console.SetOut(output);
        }
        return printed.ToString();
    }

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex LinkPattern();

    [GeneratedRegex("\"[^\"]*\"|\\S+")]
    private static partial Regex WordPattern();

    [GeneratedRegex("Include=\"(?<id>[^\"]+)\" Version=\"(?<version>[^\"]+)\"")]
    private static partial Regex PackagePattern();

    [GeneratedRegex(@"(?<loss>\d+\.\d\d) nats per character, a guess without knowledge: (?<guess>\d+\.\d\d)")]
    private static partial Regex ResultPattern();
}

using System.Reflection;
using System.Text.RegularExpressions;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Tests.Architecture;

/// <summary>docs/features.md against the library and its tests: every name is there, and nothing is missing.</summary>
public partial class FeaturesTests
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Type[] Offered = [.. typeof(Tensor).Assembly.GetExportedTypes()];

    [Fact]
    public void Rows_AreWholeAndHaveASource()
    {
        Assert.All(Rows(), row =>
        {
            Assert.True(row.Length == 4, $"A row has four cells: {string.Join(" | ", row)}");
            Assert.All(row[1..3], cell => Assert.Matches("`", cell));
            Assert.True(row[3] == "—" || Year().IsMatch(row[3]), $"A source has a year, or is a dash: {string.Join(" | ", row)}");
        });
        Assert.InRange(Rows().Count(), 70, 1000);
    }

    [Fact]
    public void Where_EveryName_IsPublicInTheLibrary()
    {
        var unknown =
            from row in Rows()
            from name in Names(row[1])
            let parts = name.Split('.')
            where !Offered.Any(type => NameOf(type) == parts[0] && (parts.Length == 1 || type.GetMember(parts[1], Members).Length > 0))
            select name;

        Assert.Empty(unknown);
    }

    [Fact]
    public void Tests_EveryName_IsATest()
    {
        var classes = typeof(FeaturesTests).Assembly.GetTypes().Where(type => type is { IsNested: false }).ToLookup(type => type.Name);
        var unknown =
            from row in Rows()
            from name in Names(row[2])
            let parts = name.Split('.')
            where !classes[parts[0]].Any(type => parts.Length == 1 ? HasTests(type) : type.GetMethod(parts[1]) is { } method && IsTest(method)) && !IsInAnotherProject(parts)
            select name;

        Assert.Empty(unknown);
    }

    /// <summary>A layer, loss, optimizer, schedule, initialiser or decoder that is new needs a row in docs/features.md.</summary>
    [Fact]
    public void Table_NamesEveryLayerLossOptimizerScheduleInitialiserAndDecoder()
    {
        var named = Rows().SelectMany(row => Names(row[1])).ToHashSet(StringComparer.Ordinal);
        var needed = Offered.Where(type => type is { IsAbstract: false } && (type.IsSubclassOf(typeof(Layer)) || type.IsSubclassOf(typeof(Optimizer)))).Select(NameOf)
            .Append(nameof(RecurrentCellLayer))
            .Concat(Static(typeof(Loss), typeof(Tensor)))
            .Concat(Static(typeof(Schedule), typeof(Schedule)))
            .Concat(Static(typeof(Initializer), typeof(Initializer)))
            .Concat(Static(typeof(RecurrentInitialization), typeof(RecurrentInitialization)))
            .Concat(Offered.Where(type => NameOf(type) is "Decoding" or "CtcDecoder").SelectMany(Methods));

        Assert.Empty(needed.Except(named, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    // A type's static methods and properties that give something of a type.
    private static IEnumerable<string> Static(Type type, Type gives) => type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        .Where(member => member is MethodInfo { IsSpecialName: false } method && method.ReturnType == gives || member is PropertyInfo property && property.PropertyType == gives)
        .Select(member => $"{NameOf(type)}.{member.Name}").Distinct();

    private static IEnumerable<string> Methods(Type type) => type.GetMethods(Members | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType == type).Select(method => $"{NameOf(type)}.{method.Name}").Distinct();

    // Tests of the command line stand in a project that this one does not see: their source does.
    private static bool IsInAnotherProject(string[] parts) => Repository.SourceFiles()
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && !file.StartsWith("tests/CourseKit.Tests/", StringComparison.Ordinal) && Path.GetFileName(file) == $"{parts[0]}.cs")
        .Select(file => File.ReadAllText(Path.Combine(Repository.Root, file)))
        .Any(source => parts.Length == 1 ? source.Contains("Fact", StringComparison.Ordinal) || source.Contains("Theory", StringComparison.Ordinal) : source.Contains($" {parts[1]}(", StringComparison.Ordinal));

    private static bool HasTests(Type type) => type.GetMethods().Any(IsTest);

    private static bool IsTest(MethodInfo method) => method.GetCustomAttributes<FactAttribute>(inherit: true).Any();

    private static string NameOf(Type type) => type.Name.Split('`')[0];

    private static IEnumerable<string[]> Rows() => File.ReadLines(Path.Combine(Repository.Root, "docs", "features.md"))
        .Where(line => line.StartsWith('|') && !line.StartsWith("| feature |", StringComparison.Ordinal) && !line.StartsWith("|---", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries));

    private static IEnumerable<string> Names(string cell) => Name().Matches(cell).Select(match => match.Groups[1].Value);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex Year();
}

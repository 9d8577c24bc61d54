using CourseKit.Backends;
using CourseKit.Tensors;
using static CourseKit.Tests.Architecture.Repository;

namespace CourseKit.Tests.Architecture;

/// <summary>The library's code against the table in docs/architecture.md: who may use whom.</summary>
public class NamespaceTests
{
    private static readonly Type[] Types = typeof(Tensor).Assembly.GetTypes();

    [Fact]
    public void Code_UsesOnlyWhatTheTableAllows()
    {
        var allowed = Table();
        var breaches =
            from type in Types
            let user = NameOf(type)
            where user is not null
            from used in UsedTypes.Of(type)
            where used.Assembly == type.Assembly && used != typeof(Activation) && used != typeof(GruForm) && used != typeof(IBackend)
            let other = NameOf(used)
            where other is not null && other != user && !allowed[user].Contains(other)
            select $"{user} may not use {other}, but {type.FullName} uses {used.FullName}";

        Assert.Empty(breaches.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Table_HasARowForEveryNamespace()
    {
        Assert.Equal(Types.Select(NameOf).OfType<string>().Distinct().Order(StringComparer.Ordinal), Table().Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>Kernels belong to a backend: of Backends.Cpu only Tensors knows, for the default, and of Backends.Reference only Inspection.</summary>
    [Fact]
    public void KernelsOfABackend_AreUsedByTensorsAndInspectionOnly()
    {
        var users =
            from type in Types
            where NameOf(type) is not (null or "Backends" or "Tensors")
            from used in UsedTypes.Of(type)
            where used.Namespace?.StartsWith("CourseKit.Backends.", StringComparison.Ordinal) == true
            where NameOf(type) != "Inspection" || used.Namespace != "CourseKit.Backends.Reference"
            select $"{type.FullName} uses {used.FullName}";

        Assert.Empty(users.Distinct());
    }

    /// <summary>The check sees what it should: a closure's IL, a signature, a generic argument.</summary>
    [Fact]
    public void UsedTypes_OfAKnownType_SeesSignaturesAndClosures()
    {
        var used = Types.Where(type => type.FullName!.StartsWith("CourseKit.Training.Model", StringComparison.Ordinal)).SelectMany(UsedTypes.Of).Select(type => type.Name).ToHashSet();
        Assert.Superset(new HashSet<string> { "Tape", "Gradients", "Embedding", "DataException", "IEnumerable`1", "RandomSource" }, used);
    }

    // "Backends" of CourseKit.Backends.Cpu; null for what the compiler makes outside of all namespaces and for the root.
    private static string? NameOf(Type type) => type.Namespace?.Split('.') is ["CourseKit", var name, ..] ? name : null;

    /// <summary>The rows of the table, each namespace with those it may use.</summary>
    private static Dictionary<string, HashSet<string>> Table()
    {
        var rows = File.ReadLines(Path.Combine(Root, "docs", "architecture.md"))
            .SkipWhile(line => !line.StartsWith("| namespace | may use |", StringComparison.Ordinal)).Skip(2).TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).Where(cells => !cells[0].StartsWith("CourseKit.", StringComparison.Ordinal));

        var table = new Dictionary<string, HashSet<string>>();
        foreach (var cells in rows)
        {
            var above = table.Keys.ToArray();
            foreach (var user in cells[0].Split(", "))
            {
                table[user] = cells[1] switch
                {
                    "nothing of the project" => [],
                    _ when cells[1].StartsWith("all of the above but ", StringComparison.Ordinal) => [.. above.Except(cells[1]["all of the above but ".Length..].Split(", "))],
                    _ => [.. cells[1].Split(", ")],
                };
            }
        }
        return table;
    }
}

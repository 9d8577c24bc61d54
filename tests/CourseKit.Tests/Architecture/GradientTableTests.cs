using System.Reflection;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tests.Autograd;
using CourseKit.Tests.Inspection;

namespace CourseKit.Tests.Architecture;

/// <summary>No operation without a gradient check.</summary>
public class GradientTableTests
{
    [Fact]
    public void EveryOperation_HasAGradientCheckInTheTable()
    {
        var operations = typeof(Ops).GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).GroupBy(method => method.Name).ToDictionary(group => group.Key, group => group.Count());

        // A missing line belongs into Autograd/OpGradientTable.cs, one too many out of it.
        Assert.Equal(operations.Keys.Order(StringComparer.Ordinal), OpGradientTable.Checks.Keys.Order(StringComparer.Ordinal));
        Assert.All(operations, operation => Assert.True(OpGradientTable.Checks[operation.Key].Length >= operation.Value, $"{operation.Key} has more overloads than checks."));
    }

    [Fact]
    public void EveryLayer_HasALineInTheTable()
    {
        var layers = typeof(Layer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Layer)) && !type.IsAbstract).Except(LayerTable.TestedElsewhere).Select(type => type.Name);
        var lines = LayerTable.Sequences.Keys.Concat(LayerTable.Others.Keys).Select(name => name.Split(' ')[0]).Distinct();

        // A missing line belongs into Inspection/LayerTable.cs.
        Assert.Equal(layers.Order(StringComparer.Ordinal), lines.Order(StringComparer.Ordinal));
    }
}

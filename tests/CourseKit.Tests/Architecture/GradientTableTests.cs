using System.Reflection;
using CourseKit.Autograd;
using CourseKit.Tests.Autograd;

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
}

using System.Reflection;
using CourseKit.Backends;
using CourseKit.Tests.Backends;
using Xunit.Sdk;

namespace CourseKit.Gpu.Tests;

/// <summary>Every test of the contract of backends with each row of its data, so that a class of tests can take those that suit its device, and skip them with a reason where that is missing.</summary>
internal static class ContractCases
{
    private static readonly Dictionary<string, MethodInfo> Tests =
        typeof(BackendContract).GetMethods().Where(method => method.GetCustomAttribute<FactAttribute>() is not null).ToDictionary(method => method.Name);

    internal static TheoryData<string, int> Where(Func<string, int, bool> suits)
    {
        var cases = new TheoryData<string, int>();
        foreach (var (name, method) in Tests)
        {
            var rows = Rows(method);
            for (var row = 0; row < rows.Count; row++)
            {
                if (suits(name, row)) cases.Add(name, row);
            }
        }

        return cases;
    }

    internal static void Run(IBackend backend, string test, int row)
    {
        var method = Tests[test];
        method.Invoke(new Contract(backend), BindingFlags.DoNotWrapExceptions, null, Rows(method)[row], null);
    }

    private static List<object?[]> Rows(MethodInfo method) =>
        method.GetParameters().Length == 0 ? [[]] : [.. method.GetCustomAttributes<DataAttribute>().SelectMany(data => data.GetData(method)!)];

    private sealed class Contract(IBackend backend) : BackendContract
    {
        protected override IBackend Create() => backend;
    }
}

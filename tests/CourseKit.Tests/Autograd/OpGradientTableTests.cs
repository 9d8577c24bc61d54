namespace CourseKit.Tests.Autograd;

/// <summary>Every operation of the table against float64 finite differences.</summary>
public class OpGradientTableTests
{
    public static TheoryData<string> Operations => [.. OpGradientTable.Checks.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Gradient_InFloat64_IsTheDifference(string operation)
    {
        Assert.NotEmpty(OpGradientTable.Checks[operation]);
        foreach (var check in OpGradientTable.Checks[operation])
            Assert.InRange(check().Throw().LargestRelativeDifference, 0, 1e-6);
    }
}

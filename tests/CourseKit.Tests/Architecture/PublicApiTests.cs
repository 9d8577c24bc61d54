using CourseKit.Tensors;

namespace CourseKit.Tests.Architecture;

public class PublicApiTests
{
    private const string Approve = "COURSEKIT_APPROVE";

    /// <summary>What the library offers changes only on purpose: its listing is compared with the approved one.</summary>
    [Fact]
    public void PublicApi_IsAsApproved()
    {
        var path = Path.Combine(Repository.Root, "tests", "CourseKit.Tests", "Architecture", "PublicApi.approved.txt");
        var actual = PublicApi.ListingOf(typeof(Tensor).Assembly);
        if (Environment.GetEnvironmentVariable(Approve) == "1")
            File.WriteAllLines(path, actual);

        var approved = File.Exists(path) ? File.ReadAllLines(path) : [];
        var differences = approved.Except(actual).Select(line => "- " + line).Concat(actual.Except(approved).Select(line => "+ " + line)).ToArray();
        Assert.True(
            differences.Length == 0,
            $"The public API differs from PublicApi.approved.txt (- approved, + now). When the change is meant, run this test once with {Approve}=1 and commit the file.\n{string.Join('\n', differences)}");
    }
}

using CourseKit.Inspection;
using CourseKit.Tests.Fixtures;

namespace CourseKit.Tests.Inspection;

/// <summary>The library against the golden numbers of PyTorch and Keras: outputs, states, losses, gradients, weights after training.</summary>
public class ParityTests
{
    // Masks and CTC are what these need.
    private static readonly string[] Beyond = ["lengths", "masked", "ctc"];

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(FixtureFiles.Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => !Beyond.Any(name.Contains)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void Check_EveryGoldenFile_Agrees(string name)
    {
        var result = Parity.Check(Path.Combine(FixtureFiles.Folder, name + ".json"));

        Assert.True(result.Agrees, result.ToString());
        Assert.True(result.Numbers > 0);
    }
}

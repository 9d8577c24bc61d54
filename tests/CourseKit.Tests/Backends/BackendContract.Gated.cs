using CourseKit.Backends.Reference;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    private const string Everything = "mask dropout zoneout";

    public static TheoryData<string, string> GatedCases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var cell in GatedRun.Cells)
            foreach (var what in new[] { "", "mask", "dropout", "zoneout", Everything })
                cases.Add(cell, what);
        return cases;
    }

    [Theory]
    [MemberData(nameof(GatedCases))]
    public void Gated_ForwardAndEveryGradient_MatchTheReference(string cell, string what)
    {
        var reference = new Float64Backend();
        foreach (var (B, T, I, H) in new[] { (2, 4, 3, 5), (1, 1, 1, 1), (1, 3, 2, 17), (7, 2, 4, 3), (9, 3, 5, 35) })
            foreach (var (reverse, full) in new[] { (false, true), (true, true), (true, false) })
            {
                var run = new GatedRun(cell, B, T, I, H, reverse, what, full);
                Alike(run.Both(reference), run.Both(Backend), 2e-5);
            }
    }

    [Theory]
    [MemberData(nameof(GatedCases))]
    public void Gated_WithoutReserve_GivesTheSameBits(string cell, string what)
    {
        var run = new GatedRun(cell, 3, 4, 5, 19, what: what);
        var (alone, both) = (run.Forward(Backend), run.Both(Backend));
        Assert.Equal(both["y"], alone["y"]);
        Assert.Equal(both["hN"], alone["hN"]);
    }

    [Theory]
    [MemberData(nameof(GatedCases))]
    public void Gated_GradientsThroughTimeAskedFor_ChangeNoBit(string cell, string what)
    {
        var run = new GatedRun(cell, 3, 4, 5, 19, what: what);
        var seen = run.Both(Backend);
        run.Sees = false;
        foreach (var (name, values) in run.Both(Backend)) Assert.Equal(values, seen[name]);
    }

    [Theory]
    [MemberData(nameof(GatedCases))]
    public void Gated_OptionsThatDoNothing_ChangeNothing(string cell, string what)
    {
        var run = new GatedRun(cell, 5, 4, 3, 19, reverse: true);
        var none = run.Both(Backend);
        float[] Of(int count, float value) => [.. Enumerable.Repeat(value, count)];
        if (what.Contains("mask", StringComparison.Ordinal)) run.Mask = Of(5 * 4, 1);
        if (what.Contains("dropout", StringComparison.Ordinal)) run.HiddenDropout = Of(5 * 19, 1);
        if (what.Contains("zoneout", StringComparison.Ordinal)) run.HiddenZoneout = Of(5 * 4 * 19, 0);
        var done = run.Both(Backend);
        Assert.Equal(none["y"], done["y"]);
        Assert.Equal(none["hN"], done["hN"]);
        Alike(none, done, 1e-6);
    }

    [Theory]
    [InlineData(1e30f, "mask")]
    [InlineData(float.NaN, "mask")]
    [InlineData(float.PositiveInfinity, Everything)]
    [InlineData(-3f, Everything)]
    public void Gated_AnythingWhereTheMaskPassesOver_ChangesNoBit(float garbage, string what)
    {
        foreach (var cell in GatedRun.Cells)
        {
            var run = new GatedRun(cell, 4, 5, 3, 18, reverse: true, what);
            var clean = run.Both(Backend);
            for (var row = 0; row < run.B * run.T; row++)
            {
                if (run.Mask![row] != 0) continue;
                run.X.AsSpan(row * run.I, run.I).Fill(garbage);
                run.DY.AsSpan(row * run.H, run.H).Fill(garbage);
            }

            Assert.Contains(garbage, run.X);
            foreach (var (name, values) in run.Both(Backend)) Assert.Equal(clean[name], values);
            Assert.All(clean["y"].Chunk(run.H).Zip(run.Mask!).Where(pair => pair.Second == 0).SelectMany(pair => pair.First), value => Assert.Equal(0, value));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gated_StepPassedOver_HoldsTheStateAndHandsItsGradientOn(bool reverse)
    {
        foreach (var cell in GatedRun.Cells)
        {
            var run = new GatedRun(cell, 2, 3, 2, 6, reverse) { Mask = [0, 0, 0, 0, 1, 0] };
            var results = run.Both(Backend);
            Assert.Equal(run.H0![..6], results["hN"][..6]);
            Assert.Equal(results["y"][24..30], results["hN"][6..]);
            for (var t = 0; t < 3; t++) Assert.Equal(run.DHN![..6], results["dStates"][(t * 6)..((t + 1) * 6)]);
            Assert.All(results["dGates"].Chunk(run.Gates * 6).Where((_, row) => row != 4).SelectMany(row => row), value => Assert.Equal(0, value));
            if (results.TryGetValue("gates", out var gates)) Assert.All(gates.Chunk(run.Gates * 6).Where((_, row) => row != 4).SelectMany(row => row), value => Assert.Equal(0, value));
        }
    }

    private static void Alike(Dictionary<string, float[]> expected, Dictionary<string, float[]> actual, double tolerance)
    {
        Assert.Equal(expected.Keys, actual.Keys);
        foreach (var (name, values) in expected)
        {
            for (var i = 0; i < values.Length; i++)
                Assert.True(Math.Abs(values[i] - actual[name][i]) <= tolerance * Math.Max(1, Math.Abs(values[i])), $"{name}[{i}]: expected {values[i]:R}, but got {actual[name][i]:R}");
        }
    }
}

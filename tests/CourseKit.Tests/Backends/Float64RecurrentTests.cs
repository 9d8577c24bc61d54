namespace CourseKit.Tests.Backends;

/// <summary>The reference's recurrent kernels with everything that a sequence can carry, against finite differences and against runs that must agree.</summary>
public class Float64RecurrentTests
{
    public static TheoryData<string, bool> Cells
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var cell in ReferenceRun.Cells)
            {
                data.Add(cell, false);
                data.Add(cell, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Backward_MaskDropoutAndZoneout_IsTheDifference(string cell, bool reverse)
    {
        var run = new ReferenceRun(cell, B: 2, T: 5, I: 3, H: 4, reverse).WithStates().WithMask([1, 1, 0, 1, 1, 0, 1, 1, 0, 0]).WithDropout().WithZoneout();
        run.HoldsDifferences();
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Backward_OneStepOneUnitNoStates_IsTheDifference(string cell, bool reverse) => new ReferenceRun(cell, B: 1, T: 1, I: 1, H: 1, reverse).HoldsDifferences();

    [Theory]
    [MemberData(nameof(Cells))]
    public void Forward_StepsMasked_IsTheRunWithoutThem(string cell, bool reverse)
    {
        var masked = new ReferenceRun(cell, B: 1, T: 5, I: 3, H: 4, reverse).WithStates().WithMask([0, 1, 0, 1, 1]);
        for (var i = 0; i < 3; i++) masked.X[i] = masked.X[6 + i] = double.NaN;
        masked.Forward();

        var without = masked.At([1, 3, 4]);
        without.Forward();
        Assert.Equal([0, 0, 0, 0, .. without.Y[..4], 0, 0, 0, 0, .. without.Y[4..]], masked.Y);
        Assert.Equal(without.HN, masked.HN);
        Assert.Equal(without.CN, masked.CN);

        masked.Backward();
        Assert.All(masked.DX[..3].Concat(masked.DX[6..9]), v => Assert.Equal(0, v));
        Assert.All(masked.DWeightIh, v => Assert.True(double.IsFinite(v)));
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Backward_GradientsThroughTime_AreThoseOfTheRest(string cell, bool reverse)
    {
        const int B = 2, T = 4, H = 3;
        var whole = new ReferenceRun(cell, B, T, I: 2, H, reverse).WithStates();
        whole.Forward();
        whole.Backward();

        // The walk up to step 1, and the rest of it from the state that left.
        int[] firstSteps = reverse ? [2, 3] : [0, 1], rest = reverse ? [0, 1] : [2, 3];
        var first = whole.At(firstSteps);
        first.Forward();
        var second = whole.At(rest).From(first);
        second.Forward();
        second.Backward();
        var t = reverse ? 2 : 1;
        for (var b = 0; b < B; b++)
            for (var j = 0; j < H; j++)
            {
                var at = (((b * T) + t) * H) + j;
                Assert.Equal(second.DH0![(b * H) + j] + whole.DY[at], whole.DStates[at], 1e-14);
                if (cell != "lstm") continue;
                var (o, c) = (whole.Reserve[(((b * T) + t) * 4 * H) + (3 * H) + j], whole.Reserve[(4 * B * T * H) + at]);
                var dThroughH = whole.DStates[at] * o * (1 - (Math.Tanh(c) * Math.Tanh(c)));
                Assert.Equal(second.DC0![(b * H) + j] + dThroughH, whole.DCells[at], 1e-14);
            }

        for (var row = 0; row < whole.BiasIh!.Length; row++)
            Assert.Equal(whole.DBiasIh![row], Enumerable.Range(0, B * T).Sum(i => whole.DGates[(i * whole.BiasIh.Length) + row]), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Forward_ZoneoutOfAll_HoldsTheState(string cell, bool reverse)
    {
        var run = new ReferenceRun(cell, B: 2, T: 3, I: 2, H: 3, reverse).WithStates().WithZoneout();
        Array.Fill(run.HiddenZoneout!, 1);
        Array.Fill(run.CellZoneout!, 1);
        run.Forward();
        Assert.Equal(run.H0, run.HN);
        if (cell == "lstm") Assert.Equal(run.C0, run.CN);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Forward_HiddenDropout_ScalesTheColumnsOfTheRecurrentWeights(string cell, bool reverse)
    {
        var run = new ReferenceRun(cell, B: 1, T: 4, I: 2, H: 3, reverse).WithStates().WithDropout();
        run.Forward();
        var scaled = run.At([0, 1, 2, 3]);
        scaled.HiddenDropout = null;
        for (var i = 0; i < scaled.WeightHh.Length; i++) scaled.WeightHh[i] *= run.HiddenDropout![i % 3];
        scaled.Forward();
        for (var i = 0; i < run.Y.Length; i++) Assert.Equal(scaled.Y[i], run.Y[i], 1e-14);
    }
}

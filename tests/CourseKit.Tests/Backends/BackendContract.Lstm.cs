using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    public static TheoryData<string, int, int, int, int, bool> LstmCases()
    {
        var cases = new TheoryData<string, int, int, int, int, bool>();
        string[] parts =
        [
            "mask", "dropout", "hidden zoneout", "cell zoneout", "mask dropout hidden zoneout cell zoneout", "peephole", "coupled", "peephole coupled", "projection", "depth",
            "peephole projection depth", "coupled projection mask dropout", "norm", "norm coupled mask dropout",
            "norm peephole coupled projection depth mask dropout hidden zoneout cell zoneout", "peephole coupled projection depth mask dropout hidden zoneout cell zoneout",
        ];
        foreach (var what in parts)
        {
            cases.Add(what, 2, 4, 3, 5, false);
            cases.Add(what, 2, 4, 3, 5, true);
            cases.Add(what, 1, 1, 1, 1, false);
            cases.Add(what, 1, 3, 2, 17, true);
            cases.Add(what, 7, 2, 4, 3, false);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(LstmCases))]
    public void Lstm_WithWhatIsAdded_ForwardAndEveryGradientMatchOracle(string what, int B, int T, int I, int H, bool reverse)
    {
        foreach (var full in new[] { true, false })
        {
            var oracle = LstmOracleOf(what, B, T, I, H, reverse, full);
            var P = oracle.Sizes.P;
            var (lossY, lossH, lossC) = (Draw(B * T * P), full ? Draw(B * P) : null, full ? Draw(B * H) : null);
            var lossCells = oracle.CellBelow is null ? null : Draw(B * T * H);
            var run = new LstmRun(Backend, oracle).Forward();
            var (y, hN, cN, cells) = oracle.Run();
            Close(y, Numbers(run.Y));
            Close(hN, Numbers(run.HN));
            Close(cN, Numbers(run.CN));
            Close(cells, Numbers(run.Reserve)[(4 * B * T * H)..(5 * B * T * H)]);
            if (lossCells is not null) Close(cells, Numbers(run.Sequence.LstmForm.Cells!));

            const double Before = 0.25;
            run.Backward(lossY, lossH, lossC, lossCells, Before);
            foreach (var (_, along, gradient) in run.Gradients)
                Close([.. oracle.Gradient(along, lossY, lossH, lossC, lossCells).Select(g => g + Before)], Numbers(gradient), 2e-5);
        }
    }

    [Theory]
    [InlineData("mask")]
    [InlineData("peephole coupled projection depth mask dropout hidden zoneout cell zoneout")]
    public void Lstm_WithoutReserve_GivesTheSameBits(string what)
    {
        var run = new LstmRun(Backend, LstmOracleOf(what, 3, 4, 5, 19, false, true)).Forward();
        var kept = Numbers(run.Y);
        run.Forward(keep: false);
        Assert.Equal(kept, Numbers(run.Y));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lstm_MaskOfOnes_GivesTheBitsOfNone(bool reverse)
    {
        const int B = 5, T = 4, I = 3, H = 19;
        var oracle = LstmOracleOf("", B, T, I, H, reverse, full: true);
        var (lossY, lossH, lossC) = (Draw(B * T * H), Draw(B * H), Draw(B * H));
        float[][] All()
        {
            var run = new LstmRun(Backend, oracle).Forward().Backward(lossY, lossH, lossC);
            return [Numbers(run.Y), Numbers(run.HN), Numbers(run.CN), .. run.Gradients.Select(g => Numbers(g.Gradient))];
        }

        var none = All();
        oracle.Mask = [.. Enumerable.Repeat(1.0, B * T)];
        var (ones, forward) = (All(), 3);
        Assert.Equal(none[..forward], ones[..forward]);
        for (var i = forward; i < none.Length; i++) Close([.. none[i].Select(v => (double)v)], ones[i], 1e-6);
    }

    [Theory]
    [InlineData(1e30, false)]
    [InlineData(double.NaN, false)]
    [InlineData(double.PositiveInfinity, true)]
    public void Lstm_AnythingInXWhereTheMaskPassesOver_ChangesNoBit(double garbage, bool reverse)
    {
        const int B = 4, T = 5, I = 3, H = 18;
        var oracle = LstmOracleOf("mask dropout hidden zoneout cell zoneout peephole projection depth norm", B, T, I, H, reverse, full: true);
        var P = oracle.Sizes.P;
        var (lossY, lossH, lossC) = (Draw(B * T * P), Draw(B * P), Draw(B * H));
        float[][] All()
        {
            var run = new LstmRun(Backend, oracle).Forward().Backward(lossY, lossH, lossC);
            return [Numbers(run.Y), Numbers(run.HN), Numbers(run.CN), .. run.Gradients.Select(g => Numbers(g.Gradient))];
        }

        var clean = All();
        for (var row = 0; row < B * T; row++)
        {
            for (var j = 0; j < I && oracle.Mask![row] == 0; j++) oracle.X[(row * I) + j] = garbage;
            for (var p = 0; p < P && oracle.Mask![row] == 0; p++) lossY[(row * P) + p] = garbage;
            for (var j = 0; j < H && oracle.Mask![row] == 0; j++) oracle.CellBelow![(row * H) + j] = garbage;
        }

        Assert.Contains(oracle.X, x => x.Equals(garbage));
        Assert.Equal(clean, All());
        Assert.All(clean[0].Chunk(P).Zip(oracle.Mask!).Where(pair => pair.Second == 0).SelectMany(pair => pair.First), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Lstm_StepPassedOver_HoldsTheStateAndHasNoGates()
    {
        const int B = 2, T = 3, I = 2, H = 6;
        var oracle = LstmOracleOf("", B, T, I, H, reverse: false, full: true);
        oracle.Mask = [0, 0, 0, 1, 0, 0];
        Storage dStates = Backend.Rent(B * T * H), dCells = Backend.Rent(B * T * H), dGates = Backend.Rent(B * T * 4 * H);
        var (lossY, lossH, lossC) = (Draw(B * T * H), Draw(B * H), Draw(B * H));
        var run = new LstmRun(Backend, oracle).Forward().Backward(lossY, lossH, lossC, null, 0, dStates, dCells, dGates);

        Close(oracle.H0![..H], Numbers(run.HN)[..H], 0);
        Close(oracle.C0![..H], Numbers(run.CN)[..H], 0);
        Assert.All(Numbers(run.Reserve)[..(T * 4 * H)], gate => Assert.Equal(0, gate));
        Assert.All(Numbers(dGates)[..(T * 4 * H)], gate => Assert.Equal(0, gate));
        for (var t = 0; t < T; t++)
        {
            Close(lossH[..H], Numbers(dStates)[(t * H)..((t + 1) * H)], 0);
            Close(lossC[..H], Numbers(dCells)[(t * H)..((t + 1) * H)], 0);
        }

        Close([.. lossH[H..].Zip(lossY[(T * H)..((T + 1) * H)], (a, b) => a + b)], Numbers(dStates)[(T * H)..((T + 1) * H)], 1e-6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mask dropout hidden zoneout cell zoneout")]
    [InlineData("peephole coupled projection depth")]
    [InlineData("norm")]
    public void LstmBackward_GradientsThroughTime_AreThoseOfTheSums(string what)
    {
        const int B = 3, T = 4, I = 2, H = 7;
        var oracle = LstmOracleOf(what, B, T, I, H, reverse: false, full: true);
        var (P, G) = (oracle.Sizes.P, oracle.Gates * H);
        Storage dStates = Backend.Rent(B * T * P), dCells = Backend.Rent(B * T * H), dGates = Backend.Rent(B * T * G);
        var (lossY, lossH, lossC) = (Draw(B * T * P), Draw(B * P), Draw(B * H));
        var run = new LstmRun(Backend, oracle).Forward().Backward(lossY, lossH, lossC);
        var without = run.Gradients.Select(g => Numbers(g.Gradient)).ToList();
        run.Backward(lossY, lossH, lossC, null, 0, dStates, dCells, dGates);
        Assert.Equal(without, run.Gradients.Select(g => Numbers(g.Gradient)));

        // The biases' gradient is the sum over all steps; the first state's is what its first step hands on.
        var gates = Numbers(dGates);
        var sums = Enumerable.Range(0, G).Select(g => Enumerable.Range(0, B * T).Sum(row => (double)gates[(row * G) + g]));
        Close([.. sums], Numbers(run.Gradients.Single(g => g.Name == "biasIh").Gradient), 1e-5);
        if (what != "") return;
        for (var b = 0; b < B; b++)
        {
            var last = (b * T) + T - 1;
            Close([.. lossH[(b * H)..((b + 1) * H)].Zip(lossY[(last * H)..((last + 1) * H)], (p, q) => p + q)], Numbers(dStates)[(last * H)..((last + 1) * H)], 1e-6);
            var forget = Numbers(run.Reserve).AsSpan((b * T * 4 * H) + H, H).ToArray();
            Close([.. Numbers(dCells).AsSpan(b * T * H, H).ToArray().Zip(forget, (p, q) => (double)p * q)], Numbers(run.Gradients.Single(g => g.Name == "c0").Gradient)[(b * H)..((b + 1) * H)], 1e-6);
        }
    }

    /// <summary>Random operands for an LSTM with the parts that <paramref name="what"/> names.</summary>
    internal LstmOracle LstmOracleOf(string what, int B, int T, int I, int H, bool reverse, bool full)
    {
        bool Has(string part) => what.Contains(part, StringComparison.Ordinal);
        var P = Has("projection") ? Math.Max(1, (H * 2) / 3) : H;
        var oracle = new LstmOracle(B, T, I, H, P, reverse) { X = Draw(B * T * I), Coupled = Has("coupled") };
        var gates = oracle.Gates * H;
        (oracle.WeightIh, oracle.WeightHh) = (Draw(gates * I, 0.7), Draw(gates * P, 0.7));
        if (full) (oracle.H0, oracle.C0, oracle.BiasIh, oracle.BiasHh) = (Draw(B * P), Draw(B * H), Draw(gates), Draw(gates));
        if (Has("mask")) oracle.Mask = Choose(B * T, 0, 1);
        if (Has("dropout")) oracle.HiddenDropout = Choose(B * P, 0, 1.25);
        if (Has("hidden zoneout")) oracle.HiddenZoneout = full ? Choose(B * T * P, 0, 1) : Choose(B * T * P, 0.25, 0.25);
        if (Has("cell zoneout")) oracle.CellZoneout = full ? Choose(B * T * H, 0, 1) : Choose(B * T * H, 0.125, 0.125);
        if (Has("peephole")) oracle.Peephole = Draw((oracle.Gates - 1) * H);
        if (Has("projection")) oracle.Projection = Draw(P * H);
        if (Has("depth"))
        {
            (oracle.CellBelow, oracle.DepthWeightIh, oracle.DepthFromCell, oracle.DepthFromBelow) = (Draw(B * T * H), Draw(H * I), Draw(H), Draw(H));
            if (full) oracle.DepthBias = Draw(H);
        }

        if (Has("norm")) (oracle.GainIh, oracle.GainHh, oracle.GainCell, oracle.BiasCell) = (Draw(gates), Draw(gates), Draw(H), Draw(H));
        return oracle;
    }

    private double[] Choose(int count, double one, double other) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.4 ? one : other)];
}

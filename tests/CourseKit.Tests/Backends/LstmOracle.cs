namespace CourseKit.Tests.Backends;

/// <summary>An LSTM with everything that may be added to it, in float64, one number at a time, as the formula says. Gradients come from central differences of a loss.</summary>
internal sealed class LstmOracle(int B, int T, int I, int H, int P, bool reverse)
{
    // Null where the call passes null.
    public double[] X = [], WeightIh = [], WeightHh = [];
    public double[]? H0, C0, BiasIh, BiasHh, Mask, HiddenDropout, HiddenZoneout, CellZoneout;
    public double[]? Peephole, Projection, CellBelow, DepthWeightIh, DepthBias, DepthFromCell, DepthFromBelow, GainIh, GainHh, GainCell, BiasCell;
    public bool Coupled;

    public (int B, int T, int I, int H, int P, bool Reverse) Sizes => (B, T, I, H, P, reverse);

    public int Gates => Coupled ? 3 : 4;

    /// <summary>y [B, T, P], the last state [B, P], the last cell [B, H], all cells [B, T, H].</summary>
    public (double[] Y, double[] HN, double[] CN, double[] Cells) Run()
    {
        var (y, cells) = (new double[B * T * P], new double[B * T * H]);
        var h = H0 is null ? new double[B * P] : [.. H0];
        var c = C0 is null ? new double[B * H] : [.. C0];
        for (var b = 0; b < B; b++)
        {
            for (var s = 0; s < T; s++)
            {
                var row = (b * T) + (reverse ? T - 1 - s : s);
                if (Mask is null || Mask[row] != 0) Step(b, row, y.AsSpan(row * P, P), h.AsSpan(b * P, P), c.AsSpan(b * H, H));
                c.AsSpan(b * H, H).CopyTo(cells.AsSpan(row * H));
            }
        }

        return (y, h, c, cells);
    }

    private void Step(int b, int row, Span<double> y, Span<double> h, Span<double> c)
    {
        var seen = new double[P];
        for (var p = 0; p < P; p++) seen[p] = h[p] * (HiddenDropout?[(b * P) + p] ?? 1);
        var (fresh, shown) = (new double[H], new double[H]);
        var (fromX, fromH) = (new double[Gates * H], new double[Gates * H]);
        for (var r = 0; r < Gates * H; r++) (fromX[r], fromH[r]) = (Product(WeightIh, r, X.AsSpan(row * I, I)), Product(WeightHh, r, seen));
        (fromX, fromH) = (Normalized(fromX, GainIh, null), Normalized(fromH, GainHh, null));
        double A(int gate, int j)
        {
            var r = (gate * H) + j;
            return fromX[r] + fromH[r] + (BiasIh?[r] ?? 0) + (BiasHh?[r] ?? 0);
        }

        double Peeped(int which, int j, double cell) => Peephole is null ? 0 : Peephole[(which * H) + j] * cell;
        for (var j = 0; j < H; j++)
        {
            var i = Sigmoid(A(0, j) + Peeped(0, j, c[j]));
            var f = Coupled ? 1 - i : Sigmoid(A(1, j) + Peeped(1, j, c[j]));
            var next = (f * c[j]) + (i * Math.Tanh(A(Gates - 2, j)));
            if (CellBelow is not null)
            {
                var below = CellBelow[(row * H) + j];
                next += below * Sigmoid(Product(DepthWeightIh!, j, X.AsSpan(row * I, I)) + (DepthBias?[j] ?? 0) + (DepthFromCell![j] * c[j]) + (DepthFromBelow![j] * below));
            }

            (fresh[j], shown[j]) = (next, Sigmoid(A(Gates - 1, j) + Peeped(Gates - 2, j, next)));
            var z = CellZoneout?[(row * H) + j] ?? 0;
            c[j] = (z * c[j]) + ((1 - z) * next);
        }

        fresh = Normalized(fresh, GainCell, BiasCell);
        for (var j = 0; j < H; j++) shown[j] *= Math.Tanh(fresh[j]);
        for (var p = 0; p < P; p++)
        {
            var z = HiddenZoneout?[(row * P) + p] ?? 0;
            h[p] = (z * h[p]) + ((1 - z) * (Projection is null ? shown[p] : Product(Projection, p, shown)));
            y[p] = h[p];
        }
    }

    /// <summary>The slope of Σ y·lossY + Σ hN·lossH + Σ cN·lossC + Σ cells·lossCells along each number of a buffer.</summary>
    public double[] Gradient(double[] along, double[]? lossY, double[]? lossH, double[]? lossC, double[]? lossCells)
    {
        double Loss()
        {
            var (y, hN, cN, cells) = Run();
            return Dot(y, lossY) + Dot(hN, lossH) + Dot(cN, lossC) + Dot(cells, lossCells);
        }

        var slopes = new double[along.Length];
        for (var i = 0; i < along.Length; i++)
        {
            const double Step = 1e-5;
            var kept = along[i];
            along[i] = kept + Step;
            var above = Loss();
            along[i] = kept - Step;
            slopes[i] = (above - Loss()) / (2 * Step);
            along[i] = kept;
        }

        return slopes;
    }

    private static double[] Normalized(double[] x, double[]? gain, double[]? bias)
    {
        if (gain is null) return x;
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(v => (v - mean) * (v - mean)) + 1e-5);
        return [.. x.Select((v, j) => (gain[j] * (v - mean) / deviation) + (bias?[j] ?? 0))];
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Dot(double[] a, double[]? b) => b is null ? 0 : a.Zip(b, (p, q) => p * q).Sum();

    private static double Product(double[] weight, int row, ReadOnlySpan<double> x)
    {
        var sum = 0.0;
        for (var j = 0; j < x.Length; j++) sum += weight[(row * x.Length) + j] * x[j];
        return sum;
    }
}

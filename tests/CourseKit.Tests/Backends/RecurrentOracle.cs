namespace CourseKit.Tests.Backends;

/// <summary>The recurrent layers in float64, one number at a time, as their formulas say. Gradients come from central differences of a loss.</summary>
internal sealed class RecurrentOracle(string cell, int B, int T, int I, int H, bool reverse)
{
    // Input, then states, then weights; null where the call passes null.
    public double[] X = [], WeightIh = [], WeightHh = [];
    public double[]? H0, C0, BiasIh, BiasHh;

    public int Gates => cell switch { "lstm" => 4, "gru after" or "gru before" => 3, _ => 1 };

    /// <summary>y [B, T, H], the last hidden state [B, H] and, for an LSTM, the last cell state.</summary>
    public (double[] Y, double[] HN, double[] CN) Run()
    {
        var y = new double[B * T * H];
        var h = H0 is null ? new double[B * H] : [.. H0];
        var c = C0 is null ? new double[B * H] : [.. C0];
        for (var s = 0; s < T; s++)
        {
            var t = reverse ? T - 1 - s : s;
            for (var b = 0; b < B; b++)
            {
                var state = h.AsSpan(b * H, H);
                var old = state.ToArray();
                double FromX(int gate, int j) => Product(WeightIh, (gate * H) + j, I, X, ((b * T) + t) * I) + (BiasIh?[(gate * H) + j] ?? 0);
                double FromH(int gate, int j, double[] of) => Product(WeightHh, (gate * H) + j, H, of, 0) + (BiasHh?[(gate * H) + j] ?? 0);
                double Both(int gate, int j) => FromX(gate, j) + FromH(gate, j, old);
                var r = new double[H];
                var reset = new double[H];
                for (var j = 0; j < H && Gates == 3; j++)
                {
                    r[j] = Sigmoid(Both(0, j));
                    reset[j] = r[j] * old[j];
                }

                for (var j = 0; j < H; j++)
                {
                    switch (cell)
                    {
                        case "tanh": state[j] = Math.Tanh(Both(0, j)); break;
                        case "relu": state[j] = Math.Max(0, Both(0, j)); break;
                        case "lstm":
                            var memory = (Sigmoid(Both(1, j)) * c[(b * H) + j]) + (Sigmoid(Both(0, j)) * Math.Tanh(Both(2, j)));
                            c[(b * H) + j] = memory;
                            state[j] = Sigmoid(Both(3, j)) * Math.Tanh(memory);
                            break;
                        default:
                            var z = Sigmoid(Both(1, j));
                            var n = Math.Tanh(FromX(2, j) + (cell == "gru after" ? r[j] * FromH(2, j, old) : FromH(2, j, reset)));
                            state[j] = ((1 - z) * n) + (z * old[j]);
                            break;
                    }

                    y[(((b * T) + t) * H) + j] = state[j];
                }
            }
        }

        return (y, h, c);
    }

    /// <summary>The slope of Σ y·lossY + Σ hN·lossH + Σ cN·lossC along each number of a buffer.</summary>
    public double[] Gradient(double[] along, double[]? lossY, double[]? lossH, double[]? lossC)
    {
        double Loss()
        {
            var (y, hN, cN) = Run();
            return Dot(y, lossY) + Dot(hN, lossH) + Dot(cN, lossC);
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

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Dot(double[] a, double[]? b) => b is null ? 0 : a.Zip(b, (p, q) => p * q).Sum();

    private static double Product(double[] weight, int row, int columns, double[] x, int start)
    {
        var sum = 0.0;
        for (var j = 0; j < columns; j++) sum += weight[(row * columns) + j] * x[start + j];
        return sum;
    }
}

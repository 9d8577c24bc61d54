using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

// Layer norm of the formed LSTM (Ba, Kiros and Hinton, 2016). A mean goes over a whole row, so each part owns whole rows.
internal static unsafe partial class LstmFormed
{
    private const float Epsilon = 1e-5f;

    // sums [G] of the input and of the state become normalised sums among the gates [4H]. What a step passed over has is cleared: x may hold anything there.
    internal static void NormalizeRow<S, V>(in LstmOperands o, long row, bool hasState)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var G = o.Weighed * o.H;
        float* rawX = o.RawX + (row * G), rawH = o.RawH + (row * G), statisticsX = o.StatisticsX + (row * 2), statisticsH = o.StatisticsH + (row * 2);
        if (!hasState) new Span<float>(rawH, G).Clear();
        if (!o.Taken(row))
        {
            new Span<float>(rawX, G).Clear();
            new Span<float>(rawH, G).Clear();
            (statisticsX[0], statisticsX[1], statisticsH[0], statisticsH[1]) = (0, 0, 0, 0);
            return;
        }

        (statisticsX[0], statisticsX[1]) = LayerNorm.RowStatistics<S, V>(rawX, G, Epsilon);
        (statisticsH[0], statisticsH[1]) = LayerNorm.RowStatistics<S, V>(rawH, G, Epsilon);
        for (var gate = 0; gate < o.Weighed; gate++) AddNormalized<S, V>(o, gate * o.H, rawX, rawH, statisticsX, statisticsH, o.Gates + (((row * 4) + o.Stored(gate)) * o.H));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddNormalized<S, V>(in LstmOperands o, int from, float* rawX, float* rawH, float* statisticsX, float* statisticsH, float* sums)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        V meanX = S.Broadcast(statisticsX[0]), inverseX = S.Broadcast(statisticsX[1]), meanH = S.Broadcast(statisticsH[0]), inverseH = S.Broadcast(statisticsH[1]);
        for (var j = 0; j < o.H; j += S.Width)
        {
            var left = o.H - j;
            var x = S.Multiply(VectorMath.Load<S, V>(o.GainIh + from + j, left), LayerNorm.Normal<S, V>(rawX + from + j, left, meanX, inverseX));
            var h = S.Fma(VectorMath.Load<S, V>(o.GainHh + from + j, left), LayerNorm.Normal<S, V>(rawH + from + j, left, meanH, inverseH), x);
            VectorMath.Store<S, V>(h, sums + j, left);
        }
    }

    // shown [H] = o·tanh(n), n = LN(c~) kept.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ShowRow<S, V>(in LstmOperands o, long row, float* shown)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var H = o.H;
        float* fresh = o.Fresh + (row * H), normal = o.Normal + (row * H), statistics = o.StatisticsC + (row * 2), gate = o.Gates + (((row * 4) + 3) * H);
        if (!o.Taken(row))
        {
            new Span<float>(normal, H).Clear();
            (statistics[0], statistics[1]) = (0, 0);
            return;
        }

        (statistics[0], statistics[1]) = LayerNorm.RowStatistics<S, V>(fresh, H, Epsilon);
        V mean = S.Broadcast(statistics[0]), inverse = S.Broadcast(statistics[1]);
        for (var j = 0; j < H; j += S.Width)
        {
            var left = H - j;
            var n = S.Fma(VectorMath.Load<S, V>(o.GainCell + j, left), LayerNorm.Normal<S, V>(fresh + j, left, mean, inverse), VectorMath.Load<S, V>(o.BiasCell + j, left));
            VectorMath.Store<S, V>(n, normal + j, left);
            VectorMath.Store<S, V>(S.Multiply(VectorMath.Load<S, V>(gate + j, left), VectorMath.Tanh<S, V>(n)), shown + j, left);
        }
    }

    // dShown [H]: do = dShown·tanh(n)·o·(1 − o) into dOut [H]; dn = dShown·o·(1 − tanh²(n)) into dNormal [H]; what goes through LN to c~ into dThrough [H].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ShowRowBackward<S, V>(in LstmOperands o, long row, float* dShown, float* dOut, float* dNormal, float* dThrough)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var H = o.H;
        new Span<float>(dThrough, H).Clear();
        if (!o.Taken(row))
        {
            new Span<float>(dNormal, H).Clear();
            return;
        }

        var one = S.Broadcast(1);
        float* gate = o.Gates + (((row * 4) + 3) * H), normal = o.Normal + (row * H);
        for (var j = 0; j < H; j += S.Width)
        {
            var left = H - j;
            V open = VectorMath.Load<S, V>(gate + j, left), squashed = VectorMath.Tanh<S, V>(VectorMath.Load<S, V>(normal + j, left)), dh = VectorMath.Load<S, V>(dShown + j, left);
            VectorMath.Store<S, V>(S.Multiply(S.Multiply(dh, squashed), S.Multiply(open, S.Subtract(one, open))), dOut + j, left);
            VectorMath.Store<S, V>(S.Multiply(S.Multiply(dh, open), S.Subtract(one, S.Multiply(squashed, squashed))), dNormal + j, left);
        }

        LayerNorm.RowInput<S, V>(o.Fresh + (row * H), o.GainCell, o.StatisticsC + (row * 2), dNormal, dThrough, H);
    }
}

using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>What attention computes beside products: softmax over the unmasked source steps, and additive scores.</summary>
internal static unsafe class Attention
{
    // An exponential, or a tanh, costs about this many plain operations.
    private const long ExpCost = 4;
    private const long TanhCost = 8;

    // x, y [batch, queries, steps], mask [batch, steps]: y = mask·e^(x − max)/Σ mask·e^(x − max), max over the unmasked. The first row without one, or −1.
    internal static int Softmax(CpuDevice device, float* x, float* mask, float* y, int batch, int queries, int steps)
    {
        for (var row = 0; row < batch; row++)
        {
            if (!HasPositive(mask + ((nint)row * steps), steps)) return row;
        }

        var kernel = new SoftmaxKernel { X = x, Mask = mask, Y = y, Rows = batch * queries, Queries = queries, Steps = steps };
        device.Run(ref kernel, (long)batch * queries * steps * ExpCost, Elementwise.Worthwhile);
        return -1;
    }

    // query [batch, queries, size], keys [batch, steps, size], v [size], scores [batch, queries, steps]: score = Σ_j v_j·tanh(query_j + key_j).
    internal static void Scores(CpuDevice device, float* query, float* keys, float* v, float* scores, int batch, int queries, int steps, int size)
    {
        var kernel = new ScoresKernel { Query = query, Keys = keys, W = v, Scores = scores, Rows = batch * queries, Queries = queries, Steps = steps, Size = size };
        device.Run(ref kernel, (long)batch * queries * steps * size * TanhCost, Elementwise.Worthwhile);
    }

    // Beside these dScores [batch, queries, steps]; dQuery, dKeys, dV of the shapes of query, keys, v, or null; each is added to. t = tanh(query_j + key_j),
    // computed again: dQuery_j += Σ_steps dScore·v_j(1 − t²), dKey_j += Σ_queries of the same, dV_j += Σ dScore·t.
    internal static void ScoresBackward(
        CpuDevice device, float* query, float* keys, float* v, float* dScores, float* dQuery, float* dKeys, float* dV, int batch, int queries, int steps, int size)
    {
        var kernel = new ScoresBackwardKernel
        {
            Query = query,
            Keys = keys,
            W = v,
            DScores = dScores,
            DQuery = dQuery,
            DKeys = dKeys,
            DV = dV,
            Batch = batch,
            Queries = queries,
            Steps = steps,
            Size = size,
        };
        device.Run(ref kernel, (long)batch * queries * steps * size * TanhCost, Elementwise.Worthwhile);
    }

    private static bool HasPositive(float* mask, int steps)
    {
        for (var j = 0; j < steps; j++)
        {
            if (mask[j] > 0) return true;
        }

        return false;
    }

    private struct SoftmaxKernel : IKernel
    {
        public float* X, Mask, Y;
        public int Rows, Queries, Steps;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                float* x = X + ((nint)row * Steps), y = Y + ((nint)row * Steps), mask = Mask + ((nint)(row / Queries) * Steps);
                var max = float.NegativeInfinity;
                for (var j = 0; j < Steps; j++)
                {
                    if (mask[j] > 0 && x[j] > max) max = x[j];
                }

                var (shift, lanes) = (S.Broadcast(max), S.Broadcast(0));
                for (var j = 0; j < Steps; j += S.Width)
                {
                    // The lanes past the end have mask 0, as the masked ones.
                    var e = S.WherePositive(VectorMath.Load<S, V>(mask + j, Steps - j), VectorMath.Exp<S, V>(S.Subtract(VectorMath.Load<S, V>(x + j, Steps - j), shift)));
                    VectorMath.Store<S, V>(e, y + j, Steps - j);
                    lanes = S.Add(lanes, e);
                }

                var scale = S.Broadcast(1 / S.Sum(lanes));
                for (var j = 0; j < Steps; j += S.Width) VectorMath.Store<S, V>(S.Multiply(VectorMath.Load<S, V>(y + j, Steps - j), scale), y + j, Steps - j);
            }
        }
    }

    private struct ScoresKernel : IKernel
    {
        public float* Query, Keys, W, Scores;
        public int Rows, Queries, Steps, Size;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(Rows);
            for (var row = from; row < to; row++)
            {
                var query = Query + ((nint)row * Size);
                for (var step = 0; step < Steps; step++)
                {
                    var key = Keys + ((((nint)(row / Queries) * Steps) + step) * Size);
                    var lanes = S.Broadcast(0);
                    for (var j = 0; j < Size; j += S.Width)
                    {
                        var t = VectorMath.Tanh<S, V>(S.Add(VectorMath.Load<S, V>(query + j, Size - j), VectorMath.Load<S, V>(key + j, Size - j)));
                        lanes = S.Fma(VectorMath.Load<S, V>(W + j, Size - j), t, lanes);
                    }

                    Scores[((nint)row * Steps) + step] = S.Sum(lanes);
                }
            }
        }
    }

    // Parts own columns: each column's sums run over batch, queries and steps in order, and those of dV in three levels, which keeps them exact.
    private struct ScoresBackwardKernel : IKernel
    {
        public float* Query, Keys, W, DScores, DQuery, DKeys, DV;
        public int Batch, Queries, Steps, Size;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var vectors = part.Of((Size + S.Width - 1) / S.Width);
            var one = S.Broadcast(1);
            for (var j = vectors.From * S.Width; j < Math.Min(Size, vectors.To * S.Width); j += S.Width)
            {
                var left = Size - j;
                var v = VectorMath.Load<S, V>(W + j, left);
                var total = S.Broadcast(0);
                for (var b = 0; b < Batch; b++)
                {
                    var ofRow = S.Broadcast(0);
                    for (var m = 0; m < Queries; m++)
                    {
                        var at = (((nint)b * Queries) + m) * Size + j;
                        var query = VectorMath.Load<S, V>(Query + at, left);
                        var dScores = DScores + ((((nint)b * Queries) + m) * Steps);
                        V dQuery = S.Broadcast(0), ofQuery = dQuery;
                        for (var step = 0; step < Steps; step++)
                        {
                            var keyAt = ((((nint)b * Steps) + step) * Size) + j;
                            var t = VectorMath.Tanh<S, V>(S.Add(query, VectorMath.Load<S, V>(Keys + keyAt, left)));
                            var d = S.Broadcast(dScores[step]);
                            ofQuery = S.Fma(d, t, ofQuery);
                            d = S.Multiply(S.Multiply(d, v), S.Subtract(one, S.Multiply(t, t)));
                            dQuery = S.Add(dQuery, d);
                            if (DKeys is not null) VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(DKeys + keyAt, left), d), DKeys + keyAt, left);
                        }

                        if (DQuery is not null) VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(DQuery + at, left), dQuery), DQuery + at, left);
                        ofRow = S.Add(ofRow, ofQuery);
                    }

                    total = S.Add(total, ofRow);
                }

                if (DV is not null) VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(DV + j, left), total), DV + j, left);
            }
        }
    }
}

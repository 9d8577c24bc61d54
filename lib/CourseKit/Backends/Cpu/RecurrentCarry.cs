using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// How a hidden state gets from one time step of a recurrent cell to the next where a mask, dropout of the recurrent product or zoneout stand in between.
/// Without them a plain cell's carry is off: its states lie in the output. Each part handles the units and rows it owns, between the cell and the product.
/// </summary>
internal unsafe struct RecurrentCarry
{
    // mask [B, T], dropout [B, H], zoneout [B, T, H], each or null; before [B, T, H]: the h_{t-1} of each step; seen [B, T, H]: m·h_{t-1}, before itself without dropout:
    // h_t = z·h_{t-1} + (1 − z)·h~_t; where the mask is 0, h_t = h_{t-1} and y = 0.
    internal float* Mask, Dropout, Zoneout, Before, Seen;

    // Backward: dY, dStates [B, T, H], each or null; past [B, H] scratch: what of dh_t goes past the cell; dH [B, H] in and out.
    internal float* DY, DStates, Past, DH;
    internal int T, H;
    internal bool Reverse;

    /// <summary>Whether the states lie here and not in the output.</summary>
    internal readonly bool IsOn => Before is not null;

    /// <summary>Buffers of [B, T, H] in the reserve.</summary>
    internal static int Buffers(in RecurrentSequence s) =>
        s.Mask is null && s.HiddenDropout is null && s.HiddenZoneout is null ? 0 : s.HiddenDropout is null ? 1 : 2;

    internal readonly bool Takes(long row) => Mask is null || Mask[row] != 0;

    /// <summary>The s-th step's row of [B, T].</summary>
    internal readonly long Row(int b, int s) => ((long)b * T) + Recurrent.At(s, T, Reverse);

    // h0 [B, H] or null: puts it before the first step of this share's rows.
    internal readonly void Begin<S, V>(in RecurrentShare share, float* h0)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var b = share.FirstRow; b < share.FirstRow + share.Rows; b++) Put<S, V>(h0 is null ? null : h0 + ((long)b * H), b, 0, null, share.FirstUnit, share.EndUnit);
    }

    // fresh, y, last [H]: what the cell made of the s-th step of row b becomes y and the next step's h_{t-1}, or last after the last step. fresh may be y.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly void Forward<S, V>(int b, int s, float* fresh, float* y, float* last, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var row = Row(b, s);
        var before = Before + (row * H);
        if (!Takes(row))
        {
            new Span<float>(y + from, to - from).Clear();
            Put<S, V>(before, b, s + 1, last, from, to);
            return;
        }

        var zoneout = Zoneout is null ? null : Zoneout + (row * H);
        for (var j = from; j < to && zoneout is not null; j += S.Width)
        {
            var left = to - j;
            var z = VectorMath.Load<S, V>(zoneout + j, left);
            var made = S.Multiply(S.Subtract(S.Broadcast(1), z), VectorMath.Load<S, V>(fresh + j, left));
            VectorMath.Store<S, V>(S.Fma(z, VectorMath.Load<S, V>(before + j, left), made), y + j, left);
        }

        Put<S, V>(y, b, s + 1, last, from, to);
    }

    /// <summary>
    /// Begins a step of example b, which lies at a row of [B, T], backward: records what reaches h_t where that is wanted. A carry that is on then parts it: dH keeps what goes through the cell,
    /// past what goes by it, all of it where the step is passed over.
    /// </summary>
    /// <returns>The dY, [H], that the cell still has to add to dH, or null.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly float* Arrive<S, V>(int b, long row, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var dY = DY is null || !Takes(row) ? null : DY + (row * H);
        if (DStates is not null) Record<S, V>(DH + ((long)b * H), dY, DStates + (row * H), from, to);
        if (!IsOn) return dY;
        Split<S, V>(b, row, dY, from, to);
        return null;
    }

    /// <summary>past += dH, dH = 0: what a cell hands to h_{t-1} other than by the recurrent product, which comes next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly void SetAside<S, V>(int b, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        float* dH = DH + ((long)b * H), past = Past + ((long)b * H);
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(past + j, left), VectorMath.Load<S, V>(dH + j, left)), past + j, left);
            VectorMath.Store<S, V>(S.Broadcast(0), dH + j, left);
        }
    }

    /// <summary>dH = m·dH + past, after the recurrent product: what reaches h_{t-1} from this step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal readonly void Join<S, V>(in RecurrentShare share)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var b = (long)share.FirstRow; b < share.FirstRow + share.Rows; b++)
        {
            float* dH = DH + (b * H), past = Past + (b * H), dropout = Dropout is null ? null : Dropout + (b * H);
            for (var j = share.FirstUnit; j < share.EndUnit; j += S.Width)
            {
                var left = share.EndUnit - j;
                V product = VectorMath.Load<S, V>(dH + j, left), by = VectorMath.Load<S, V>(past + j, left);
                var all = dropout is null ? S.Add(product, by) : S.Fma(VectorMath.Load<S, V>(dropout + j, left), product, by);
                VectorMath.Store<S, V>(all, dH + j, left);
            }
        }
    }

    // dH, dY, dState [H], dY may be null: dState = dH + dY.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Record<S, V>(float* dH, float* dY, float* dState, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            VectorMath.Store<S, V>(S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left)), dState + j, left);
        }
    }

    // dY [H] or null: past = z·(dH + dY), or all of it where the step is passed over; dH = the rest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Split<S, V>(int b, long row, float* dY, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var takes = Takes(row);
        float* dH = DH + ((long)b * H), past = Past + ((long)b * H), zoneout = Zoneout is null ? null : Zoneout + (row * H);
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            var dh = S.Add(VectorMath.Load<S, V>(dH + j, left), VectorMath.LoadOrZero<S, V>(dY, j, left));
            var by = takes ? S.Multiply(dh, VectorMath.LoadOrZero<S, V>(zoneout, j, left)) : dh;
            VectorMath.Store<S, V>(by, past + j, left);
            VectorMath.Store<S, V>(S.Subtract(dh, by), dH + j, left);
        }
    }

    // state [H] or null for zeros: becomes the h_{t-1} of the s-th step, or last [H] when there is none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Put<S, V>(float* state, int b, int s, float* last, int from, int to)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var row = Row(b, s) * H;
        var target = s < T ? Before + row : last;
        for (var j = from; j < to; j += S.Width)
        {
            var left = to - j;
            var h = VectorMath.LoadOrZero<S, V>(state, j, left);
            VectorMath.Store<S, V>(h, target + j, left);
            if (s < T && Dropout is not null) VectorMath.Store<S, V>(S.Multiply(h, VectorMath.Load<S, V>(Dropout + ((long)b * H) + j, left)), Seen + row + j, left);
        }
    }
}

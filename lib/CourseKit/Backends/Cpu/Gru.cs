using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>The forward pass of a gated recurrent unit (Cho et al., 2014) over a whole sequence, with the reset gate behind the recurrent product, as cuDNN, PyTorch and Keras have it.</summary>
internal static unsafe class Gru
{
    internal const int Gates = 3;

    // x [B, T, I], h0 [B, H] or null, weights [3H, I], [3H, H], biases [3H] or null, y [B, T, H], hN [B, H]; kept for the way back or null: gates [B, T, 3H], inner [B, T, H];
    // scratch, rows Stride apart: bias [4], states [2, B]; ahead [B, T, 4·H, to whole vectors] or null: the input products of all steps, so that far weights are read once:
    // r, z = σ(·) of W_i·x_t + b_i + W_h·h_{t-1} + b_h; inner = W_hn·h_{t-1} + b_hn; n = tanh(W_in·x_t + b_in + r·inner); h_t = (1 − z)·n + z·h_{t-1}; what the carry says comes behind.
    internal struct Forward : IKernel
    {
        public UnitWeights Input, Hidden;
        public RecurrentCarry Carry;
        public float* X, H0, BiasIh, BiasHh, Y, HN, Kept, Inner, Bias, States, Ahead;
        public int B, T, H, Stride;
        public bool Reverse;

        [SkipLocalsInit]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            Input.Pack(part, S.Width);
            Hidden.Pack(part, S.Width);
            var n = (Gates - 1) * H;
            Recurrent.AddBiases(part, BiasIh, BiasHh, Bias, Gates - 1, H, Stride);
            Recurrent.AddBiases(part, BiasIh is null ? null : BiasIh + n, null, Bias + (2 * Stride), 1, H, Stride);
            Recurrent.AddBiases(part, BiasHh is null ? null : BiasHh + n, null, Bias + (3 * Stride), 1, H, Stride);
            var share = RecurrentShare.OfUnits(part, B, H, S.Width, Gates * (Input.K + H));
            Recurrent.Start(share, H0, States, H, Stride);
            if (Carry.IsOn) Carry.Begin<S, V>(share, H0);
            part.Meet();

            float* room = stackalloc float[(MatMulTile.Rows * (Gates + 1) * S.Width) + Recurrent.Line];
            var near = Recurrent.Align(room);
            var columns = (Gates + 1L) * ((H + S.Width - 1) / S.Width * S.Width);
            if (Ahead is not null) Input.MultiplyAhead<S, V>(share, S.Width, X, T, Ahead, columns, Gates + 1);
            for (var s = 0; s < T; s++)
            {
                var at = Recurrent.At(s, T, Reverse);
                for (var first = share.FirstUnit; first < share.EndUnit; first += S.Width)
                {
                    for (var firstRow = share.FirstRow; firstRow < share.EndRow; firstRow += MatMulTile.Rows)
                    {
                        // A tile holds n's input product, r, z, and n's recurrent product.
                        var (row, rows) = (((long)firstRow * T) + at, Math.Min(MatMulTile.Rows, share.EndRow - firstRow));
                        var sums = Ahead is null ? near : Ahead + (row * columns) + (first * (Gates + 1));
                        var step = Ahead is null ? (Gates + 1) * S.Width : (nint)(T * columns);
                        var (seen, seenStep) = Carry.IsOn ? ((nint)(Carry.Seen + (row * H)), (nint)T * H) : ((nint)(States + (((s % 2 * (long)B) + firstRow) * Stride)), Stride);
                        if (Ahead is null) Input.Multiply<S, V>(first, S.Width, X + (row * Input.K), (nint)T * Input.K, rows, sums, step, false);
                        for (var r = 0; r < rows; r++) S.Store(S.Broadcast(0), sums + (r * step) + (Gates * S.Width));
                        if (s > 0 || H0 is not null) Hidden.Multiply<S, V>(first, S.Width, (float*)seen, seenStep, rows, sums + S.Width, step, true);
                        Units<S, V>(s, first, firstRow, rows, sums, step);
                        if (Carry.IsOn) Pass<S, V>(s, first, firstRow, rows);
                    }
                }

                if (share.Meets) part.Meet();
            }

            if (!Carry.IsOn) Recurrent.End(share, States + (T % 2 * (long)B * Stride), HN, H, Stride);
        }

        // sums [rows, 4·width], rows step apart: n's input product, r, z, n's recurrent product, without biases; a vector of units, from first on, of some rows.
        // What is not kept, or would not end with the row, is written where it does no harm.
        [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
        private readonly void Units<S, V>(int s, int first, int firstRow, int rows, float* sums, nint step)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var row = ((long)firstRow * T) + Recurrent.At(s, T, Reverse);
            var (whole, width) = (H - first >= S.Width, S.Width);
            var state = States + ((((s + 1) % 2 * (long)B) + firstRow) * Stride) + first;
            var (before, beforeStep) = Carry.IsOn ? ((nint)(Carry.Before + (row * H) + first), (nint)T * H) : ((nint)(States + (((s % 2 * (long)B) + firstRow) * Stride) + first), Stride);
            var (y, yStep) = whole ? ((nint)(Y + (row * H) + first), (nint)T * H) : ((nint)state, Stride);
            var (kept, keptStep, gate) = whole && Kept is not null ? ((nint)(Kept + (row * Gates * H) + first), (nint)T * Gates * H, (nint)H) : ((nint)sums, step, width);
            var (inner, innerStep) = whole && Kept is not null ? ((nint)(Inner + (row * H) + first), (nint)T * H) : ((nint)(sums + (3 * width)), step);
            V br = S.Load(Bias + first), bz = S.Load(Bias + Stride + first), bn = S.Load(Bias + (2 * Stride) + first), bi = S.Load(Bias + (3 * Stride) + first);
            for (var i = 0; i < rows; i++)
            {
                var sum = sums + (i * step);
                var r = VectorMath.Sigmoid<S, V>(S.Add(S.Load(sum + width), br));
                var z = VectorMath.Sigmoid<S, V>(S.Add(S.Load(sum + (2 * width)), bz));
                var product = S.Add(S.Load(sum + (3 * width)), bi);
                var n = VectorMath.Tanh<S, V>(S.Fma(r, product, S.Add(S.Load(sum), bn)));
                var h = S.Fma(z, S.Subtract(S.Load((float*)before + (i * beforeStep)), n), n);
                S.Store(h, state + ((nint)i * Stride));
                S.Store(h, (float*)y + (i * yStep));
                var gates = (float*)kept + (i * keptStep);
                S.Store(r, gates);
                S.Store(z, gates + gate);
                S.Store(n, gates + (2 * gate));
                S.Store(product, (float*)inner + (i * innerStep));
            }

            for (var i = 0; i < rows && !whole; i++)
            {
                var (left, at) = (H - first, row + ((long)i * T));
                Recurrent.Start(state + ((nint)i * Stride), Y + (at * H) + first, left);
                if (Kept is null) continue;
                for (var k = 0; k < Gates; k++) Recurrent.Start(sums + (i * step) + (k * width), Kept + (((at * Gates) + k) * H) + first, left);
                Recurrent.Start(sums + (i * step) + (Gates * width), Inner + (at * H) + first, left);
            }
        }

        // What the carry makes of these units' new states; nothing is kept of steps that it passes over.
        private readonly void Pass<S, V>(int s, int first, int firstRow, int rows)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var end = Math.Min(H, first + S.Width);
            for (var b = firstRow; b < firstRow + rows; b++)
            {
                var row = Carry.Row(b, s);
                for (var k = 0; k < Gates && Kept is not null && !Carry.Takes(row); k++) Recurrent.Start(null, Kept + (((row * Gates) + k) * H) + first, end - first);
                if (Kept is not null && !Carry.Takes(row)) Recurrent.Start(null, Inner + (row * H) + first, end - first);
                Carry.Forward<S, V>(b, s, Y + (row * H), Y + (row * H), s == T - 1 ? HN + ((long)b * H) : null, first, end);
            }
        }
    }
}

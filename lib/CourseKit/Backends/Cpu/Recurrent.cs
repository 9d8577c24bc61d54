using System.Runtime.CompilerServices;

namespace CourseKit.Backends.Cpu;

/// <summary>
/// What the recurrent layers share. A layer's sequence is one parallel region: each part owns some batch rows and some hidden units through all time.
/// Parts that own whole rows never wait for each other; parts that share rows meet once for each product over time.
/// </summary>
internal static unsafe class Recurrent
{
    // Input weights up to 1 MB stay in the second-level cache from one time step to the next.
    private const long StaysNear = 1 << 18;

    // Multiply-adds of one time step that pay for a meeting of threads in each.
    private const long WorthMeeting = 1 << 18;

    /// <summary>The time step that the s-th iteration handles.</summary>
    internal static int At(int s, int steps, bool reverse) => reverse ? steps - 1 - s : s;

    /// <summary>Whether a forward pass over so many rows uses packed weights.</summary>
    internal static bool Packs(int rows) => rows > MatMulFewRows.Most;

    /// <summary>Whether the input product is taken time step by time step, while its sums are near, or at once, so that far weights are read once. The bits are the same.</summary>
    internal static bool ByStep(int gates, in GateWeights input) => input.Packed is not null && (long)gates * input.H * input.K <= StaysNear;

    /// <summary>Scratch for one gate's packed weights.</summary>
    internal static long PackedGate(int k, int H, int width) => MatMulPack.Length(k, H, width);

    /// <summary>How many parts a sequence is worth. Batch rows are shared out freely, at least two a part; hidden units only when a time step is long enough to meet in each.</summary>
    /// <param name="B">batchSize.</param>
    /// <param name="T">steps.</param>
    /// <param name="stepWork">Multiply-adds of one time step.</param>
    /// <param name="packs">Whether weights are packed; unpacked ones wait for memory, which more threads bring sooner.</param>
    internal static long Parts(int B, int T, long stepWork, bool packs)
    {
        var (worthwhile, meeting) = packs ? (MatMul.Worthwhile, WorthMeeting) : (MatMulFewRows.Worthwhile, MatMulFewRows.Worthwhile);
        return Math.Min(stepWork * T / worthwhile, Math.Max(B / 2, stepWork / meeting));
    }

    // d [rows, G] with rows dStride apart, operand [rows, columns], dWeight [G, columns]: dW += dᵀ·operand.
    internal static void WeightGradient(CpuDevice device, float* d, int dStride, float* operand, float* dWeight, int rows, int G, int columns)
    {
        if (dWeight is not null) MatMul.Run(device, d, dStride, true, operand, columns, false, dWeight, columns, G, columns, rows, true);
    }

    // d [rows, G], weight [G, I], dX [rows, I]: dX += d·W.
    internal static void InputGradient(CpuDevice device, float* d, float* weight, float* dX, int rows, int G, int I)
    {
        if (dX is not null) MatMul.Run(device, d, G, false, weight, I, false, dX, I, rows, I, G, true);
    }

    // y [B, T, H], h0 [B, H] or null, previous [B, T, H]: the state that each time step started from.
    internal static void PreviousStates(CpuDevice device, float* y, float* h0, float* previous, int B, int T, int H, bool reverse)
    {
        if (T == 0) return;
        var kernel = new Shift { Y = y, H0 = h0, Previous = previous, B = B, T = T, H = H, Reverse = reverse };
        device.Run(ref kernel, (long)B * T * H, Elementwise.Worthwhile);
    }

    // x [rows, columns], mask [rows], taken [rows, columns]: x with zeros in the rows that the mask passes over, whatever they hold.
    internal static void TakenRows(float* x, float* mask, float* taken, int rows, int columns)
    {
        for (var row = 0; row < rows; row++) Start(mask[row] == 0 ? null : x + ((long)row * columns), taken + ((long)row * columns), columns);
    }

    /// <summary>to = from, or 0 when there is none.</summary>
    internal static void Start(float* from, float* to, int n)
    {
        if (from is null) new Span<float>(to, n).Clear();
        else new Span<float>(from, n).CopyTo(new Span<float>(to, n));
    }

    /// <summary>Zeros in this share's units of a row.</summary>
    internal static void Clear(float* row, in RecurrentShare share) => new Span<float>(row + share.FirstUnit, share.EndUnit - share.FirstUnit).Clear();

    private struct Shift : IKernel
    {
        public float* Y, H0, Previous;
        public int B, T, H;
        public bool Reverse;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<S, V>(Part part)
            where S : struct, ISimd<V>
            where V : unmanaged
        {
            var (from, to) = part.Of(B);
            for (var b = from; b < to; b++)
            {
                var (y, previous) = ((nint)(Y + ((long)b * T * H)), (nint)(Previous + ((long)b * T * H)));
                var first = (float*)previous + ((long)At(0, T, Reverse) * H);
                Start(H0 is null ? null : H0 + ((long)b * H), first, H);
                var rest = (uint)(T - 1) * (uint)H * sizeof(float);
                if (Reverse) Unsafe.CopyBlockUnaligned((float*)previous, (float*)y + H, rest);
                else Unsafe.CopyBlockUnaligned((float*)previous + H, (float*)y, rest);
            }
        }
    }
}

/// <summary>The batch rows and the hidden units, in panels of packed weights, that one part of a sequence owns.</summary>
internal readonly struct RecurrentShare
{
    internal RecurrentShare(Part part, int B, int H, int width)
    {
        var panels = MatMulPack.Panels(H, width);
        var (down, across) = MatMul.Grid(part.Count, (B + MatMulTile.Rows - 1) / MatMulTile.Rows, panels);
        var rows = new Part(part.Index / across, down, null).Of(B);
        var columns = new Part(part.Index % across, across, null);
        this = new RecurrentShare(rows.From, rows.To - rows.From, columns, H, width);
    }

    /// <summary>A share of all units of some rows.</summary>
    internal static RecurrentShare WholeRows(Part part, int B, int H, int width)
    {
        var rows = part.Of(B);
        return new(rows.From, rows.To - rows.From, new Part(0, 1, null), H, width);
    }

    private RecurrentShare(int firstRow, int rows, Part columns, int units, int width)
    {
        var (from, to) = columns.Of(MatMulPack.Panels(units, width));
        (FirstRow, Rows, Columns, FromPanel, ToPanel) = (firstRow, rows, columns, from, to);
        FirstUnit = Math.Min(units, from * MatMulPack.PanelColumns(width));
        EndUnit = Math.Min(units, to * MatMulPack.PanelColumns(width));
    }

    internal int FirstRow { get; }

    internal int Rows { get; }

    internal int FromPanel { get; }

    internal int ToPanel { get; }

    internal int FirstUnit { get; }

    internal int EndUnit { get; }

    /// <summary>Whether another part owns other units of the same rows.</summary>
    internal bool Meets => Columns.Count > 1;

    private Part Columns { get; }

    /// <summary>The share of the same rows' other units, such as those of a projection.</summary>
    internal RecurrentShare Over(int units, int width) => new(FirstRow, Rows, Columns, units, width);
}

/// <summary>The weights of a layer's gates, [gates·H, K], each gate packed on its own so that a part can take the same units of all; or unpacked for few rows.</summary>
internal unsafe struct GateWeights
{
    internal float* Weight;
    internal float* Packed;
    internal int K;
    internal int H;

    /// <summary>Packs this part's panels of all gates.</summary>
    internal readonly void Pack(Part part, int gates, int width)
    {
        if (Packed is null) return;
        var panels = MatMulPack.Panels(H, width);
        var (from, to) = part.Of(panels * gates);
        for (var i = from; i < to; i++)
        {
            var gate = i / panels;
            MatMulPack.Run(Weight + ((long)gate * H * K), K, true, Packed + (gate * Recurrent.PackedGate(K, H, width)), K, H, width, i % panels, (i % panels) + 1);
        }
    }

    // a [rows, K] with rows aStride apart; c [rows, H] with rows cStride apart: this share's units of c (+)= a·W_gateᵀ.
    internal readonly void Multiply<S, V>(in RecurrentShare share, int gate, float* a, nint aStride, float* c, nint cStride, int rows, bool accumulate)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        if (Packed is null)
            MatMulFewRows.Run<S, V>(a, aStride, Weight + ((long)gate * H * K), K, c, cStride, rows, K, share.FirstUnit, share.EndUnit, accumulate);
        else
            MatMul.Panels<S, V>(a, aStride, 1, Packed + (gate * Recurrent.PackedGate(K, H, S.Width)), c, cStride, rows, H, K, share.FromPanel, share.ToPanel, accumulate);
    }
}

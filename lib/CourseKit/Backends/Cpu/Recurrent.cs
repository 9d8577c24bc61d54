using System.Numerics.Tensors;
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

    // d [rows, G], weight [G, I], dX [rows, I]: dX (+)= d·W.
    internal static void InputGradient(CpuDevice device, float* d, float* weight, Accumulator dX, int rows, int G, int I)
    {
        if (!dX.IsNone) MatMul.Run(device, d, G, false, weight, I, false, dX.Pointer, I, rows, I, G, dX.Adds);
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

    /// <summary>Numbers of a cache line.</summary>
    internal const int Line = 16;

    /// <summary>How far apart the rows of scratch lie: whole lines, and not at the same place of the cache's pages.</summary>
    internal static int Stride(int columns) => ((columns + Line - 1) / Line * Line) + Line;

    /// <summary>The first place at a cache line's beginning.</summary>
    internal static float* Align(float* p) => (float*)(((nuint)p + ((Line * sizeof(float)) - 1)) & ~(nuint)((Line * sizeof(float)) - 1));

    // first, second [gates·H] or null; sums [gates], rows stride apart: their sum, in this part's share of the gates' units.
    internal static void AddBiases(Part part, float* first, float* second, float* sums, int gates, int H, int stride)
    {
        var (from, to) = part.Of(H);
        for (var gate = 0; gate < gates; gate++)
        {
            var at = (gate * H) + from;
            var sum = new Span<float>(sums + (gate * stride) + from, to - from);
            if (first is null) sum.Clear();
            else new Span<float>(first + at, to - from).CopyTo(sum);
            if (second is not null) TensorPrimitives.Add(sum, new ReadOnlySpan<float>(second + at, to - from), sum);
        }
    }

    // state [B, H] or null for zeros; scratch [B], rows stride apart: this share's units and rows.
    internal static void Start(in RecurrentShare share, float* state, float* scratch, int H, int stride)
    {
        for (var b = (long)share.FirstRow; b < share.EndRow; b++)
            Start(state is null ? null : state + (b * H) + share.FirstUnit, scratch + (b * stride) + share.FirstUnit, share.EndUnit - share.FirstUnit);
    }

    // The way back: scratch [B], rows stride apart; state [B, H].
    internal static void End(in RecurrentShare share, float* scratch, float* state, int H, int stride)
    {
        for (var b = (long)share.FirstRow; b < share.EndRow; b++)
            Start(scratch + (b * stride) + share.FirstUnit, state + (b * H) + share.FirstUnit, share.EndUnit - share.FirstUnit);
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
    // Weights up to 1 MB stay in the second-level cache from one time step to the next; so many rows are worth reading farther ones.
    private const long StaysNear = 1 << 18;
    private const int Many = 24;

    internal RecurrentShare(Part part, int B, int H, int width)
        : this(part, B, H, MatMulPack.PanelColumns(width), false)
    {
    }

    private RecurrentShare(Part part, int B, int units, int panel, bool fewColumns)
    {
        var (down, across) = MatMul.Grid(part.Count, (B + MatMulTile.Rows - 1) / MatMulTile.Rows, (units + panel - 1) / panel, fewColumns);
        var rows = new Part(part.Index / across, down, null).Of(B);
        this = new RecurrentShare(rows.From, rows.To - rows.From, new Part(part.Index % across, across, null), units, panel);
    }

    private RecurrentShare(int firstRow, int rows, Part columns, int units, int panel)
    {
        var (from, to) = columns.Of((units + panel - 1) / panel);
        (FirstRow, Rows, Columns, FromPanel, ToPanel) = (firstRow, rows, columns, from, to);
        FirstUnit = Math.Min(units, from * panel);
        EndUnit = Math.Min(units, to * panel);
    }

    internal int FirstRow { get; }

    internal int Rows { get; }

    internal int EndRow => FirstRow + Rows;

    internal int FromPanel { get; }

    internal int ToPanel { get; }

    internal int FirstUnit { get; }

    internal int EndUnit { get; }

    /// <summary>Whether another part owns other units of the same rows.</summary>
    internal bool Meets => Columns.Count > 1;

    private Part Columns { get; }

    /// <summary>Whether there are few rows a part to read far weights for, so many a unit, in each time step.</summary>
    internal static bool ReadsFar(int parts, int B, int H, int weights) => B / parts < Many && (long)H * weights > StaysNear;

    /// <summary>A share of units in panels of so many, each with so many weights: parts divide up the units rather than the rows when these are few and the weights far.</summary>
    internal static RecurrentShare OfUnits(Part part, int B, int H, int panel, int weights) => new(part, B, H, panel, ReadsFar(part.Count, B, H, weights));

    /// <summary>A share of all units of some rows.</summary>
    internal static RecurrentShare WholeRows(Part part, int B, int H, int width)
    {
        var rows = part.Of(B);
        return new(rows.From, rows.To - rows.From, new Part(0, 1, null), H, MatMulPack.PanelColumns(width));
    }

    /// <summary>The share of the same rows' other units, such as those of a projection.</summary>
    internal RecurrentShare Over(int units, int width) => new(FirstRow, Rows, Columns, units, MatMulPack.PanelColumns(width));
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

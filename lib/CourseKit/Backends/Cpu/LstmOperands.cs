namespace CourseKit.Backends.Cpu;

/// <summary>
/// What both directions of <see cref="LstmFormed"/> read, and the parts of its reserve; null where there is none. P is the size of the hidden state: H without a projection.
/// </summary>
internal unsafe struct LstmOperands
{
    // How h gets from step to step; always on, with P for its H.
    internal RecurrentCarry Carry;

    // x [B, T, I], h0 [B, P], c0 [B, H], biases [Weighed·H], zoneout [B, T, H].
    internal float* X, H0, C0, BiasIh, BiasHh, CellZoneout;

    // peepholes [H] each, below [B, T, H], the depth gate's bias and weights [H].
    internal float* PeepholeI, PeepholeF, PeepholeO, CellBelow, DepthBias, DepthFromCell, DepthFromBelow;

    // The reserve: gates [B, T, 4H], cells [B, T, H], the carry's buffers [B, T, P]; fresh [B, T, H]: cells before zoneout, the cells
    // themselves without; shown [B, T, H]: o∘tanh(c) before the projection; depth [B, T, H]: the depth gate.
    internal float* Gates, Cells, Fresh, Shown, Depth;

    // Layer norm: gains [Weighed·H], [Weighed·H], [H], the cell's bias [H]; in the reserve the raw sums of the input and of the state [B, T, Weighed·H], the normalised cell [B, T, H],
    // and the mean and 1/deviation of each of the three [B, T, 2].
    internal float* GainIh, GainHh, GainCell, BiasCell, RawX, RawH, Normal, StatisticsX, StatisticsH, StatisticsC;

    internal int B, T, I, H, P;

    /// <summary>The gates that the weights stack: 4, or 3 when coupled.</summary>
    internal int Weighed;

    internal bool Coupled;

    /// <summary>Numbers in the reserve.</summary>
    internal static long Length(in RecurrentSequence s)
    {
        var rows = (long)s.B * s.T;
        if (!Needs(s)) return rows * s.H * 5;
        var (form, gates) = (s.LstmForm, s.LstmForm.Coupled ? 3 : 4);
        return rows * ((StateSize(s) * Buffers(s)) + (s.H * (5 + One(s.CellZoneout) + One(form.Projection) + One(form.CellBelow))) + (One(form.NormGainIh) * ((((2 * gates) + 1) * s.H) + 6)));
    }

    /// <summary>Whether the sequence needs more than the plain kernel.</summary>
    internal static bool Needs(in RecurrentSequence s) =>
        !s.LstmForm.IsPlain || s.LstmForm.Cells is not null || s.CellZoneout is not null || RecurrentCarry.Buffers(s) > 0;

    /// <summary>Numbers in a hidden state.</summary>
    internal static int StateSize(in RecurrentSequence s) => s.LstmForm.Projection is null ? s.H : s.LstmForm.ProjectionSize;

    /// <summary>Lays the reserve's parts behind one another.</summary>
    internal void Place(float* reserve, bool projects, int buffers)
    {
        var rows = (long)B * T;
        Gates = reserve;
        Cells = Gates + (rows * 4 * H);
        Carry.Before = Cells + (rows * H);
        Carry.Seen = Carry.Before + ((buffers - 1) * rows * P);
        var next = Carry.Seen + (rows * P);
        Fresh = CellZoneout is null ? Cells : Take(ref next, rows * H);
        Shown = projects ? Take(ref next, rows * H) : null;
        Depth = CellBelow is null ? null : Take(ref next, rows * H);
        if (GainIh is null) return;
        RawX = Take(ref next, rows * Weighed * H);
        RawH = Take(ref next, rows * Weighed * H);
        Normal = Take(ref next, rows * H);
        StatisticsX = Take(ref next, rows * 2);
        StatisticsH = Take(ref next, rows * 2);
        StatisticsC = Take(ref next, rows * 2);
    }

    /// <summary>Buffers of [B, T, P] in the reserve.</summary>
    internal static int Buffers(in RecurrentSequence s) => Math.Max(1, RecurrentCarry.Buffers(s));

    internal readonly bool Taken(long row) => Carry.Takes(row);

    /// <summary>c before the s-th step of row b, [H]; null for zeros.</summary>
    internal readonly float* CellBefore(int b, int s) =>
        s > 0 ? Cells + (Row(b, s - 1) * H) : C0 is null ? null : C0 + ((long)b * H);

    /// <summary>Where a gate of the weights is stored among i, f, g, o: a coupled forget gate has no weights, but a place.</summary>
    internal readonly int Stored(int gate) => Coupled && gate > 0 ? gate + 1 : gate;

    /// <summary>One part's share: layer norm needs whole rows.</summary>
    internal readonly RecurrentShare Share(Part part, int width) => GainIh is null ? new RecurrentShare(part, B, H, width) : RecurrentShare.WholeRows(part, B, H, width);

    /// <summary>The s-th step's row of [B, T].</summary>
    internal readonly long Row(int b, int s) => Carry.Row(b, s);

    private static float* Take(ref float* next, long length)
    {
        var here = next;
        next += length;
        return here;
    }

    private static int One(Storage? storage) => storage is null ? 0 : 1;
}

namespace CourseKit.Backends.Cpu;

// Both weight gradients of a layer, in one region, over all rows of [B, T]. x [B, T, I], mask [B, T] or null; seen [B, T, H], or null for h_{t-1} out of y [B, T, H] and h0 [B, H] or null;
// d [B, T, G] and what of it the products take: dWeightIh [G, I] (+)= dᵀ·x, dWeightHh [G, H] (+)= dᵀ·h_{t-1}, without the steps that the mask passes over.
// dLast [B, T, H] or null: what stands for the last H of d on the hidden side.
internal unsafe struct RecurrentWeightGradients : IKernel
{
    public float* X, Mask, Seen, Y, H0, D, DLast, PackedX, PackedH, Tiles;
    public Accumulator Ih, Hh;
    public int B, T, I, H, G;
    public bool Reverse;

    public readonly void Run<S, V>(Part part)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var (forX, forH) = (Ih.IsNone ? 0 : MatMulPack.Panels(I, S.Width), Hh.IsNone ? 0 : MatMulPack.Panels(H, S.Width));
        var mine = part.Of(forX + forH);
        for (var panel = mine.From; panel < mine.To; panel++)
        {
            if (panel < forX) PackInput(panel, S.Width);
            else PackStates(panel - forX, S.Width);
        }

        part.Meet();
        var own = DLast is null ? G : G - H;
        Multiply<S, V>(part, D, G, own, new(PackedX, Ih, I, 0, forX), new(PackedH, Hh, H, 0, forH));
        if (DLast is null) return;
        Multiply<S, V>(part, D + own, G, H, new(PackedX, Ih.Skip((long)own * I), I, 0, forX), default);
        Multiply<S, V>(part, DLast, H, H, default, new(PackedH, Hh.Skip((long)own * H), H, 0, forH));
    }

    // d: some columns, with rows stride apart: this part's share of the products.
    private readonly void Multiply<S, V>(Part part, float* d, int stride, int columns, in MatMulColumns input, in MatMulColumns hidden)
        where S : struct, ISimd<V>
        where V : unmanaged
    {
        var panels = input.To + hidden.To;
        if (panels == 0) return;
        var tiles = (columns + MatMulTile.Rows - 1) / MatMulTile.Rows;
        var (down, across) = MatMul.Grid(part.Count, tiles, panels);
        var rows = new Part(part.Index / across, down, null).Of(tiles);
        var (from, to) = new Part(part.Index % across, across, null).Of(panels);
        var first = rows.From * MatMulTile.Rows;
        var count = Math.Min(columns, rows.To * MatMulTile.Rows) - first;
        if (count <= 0) return;
        var scratch = Tiles is null ? null : Tiles + (part.Index * MatMul.TilesLength(S.Width));
        MatMul.Panels<S, V>(
            d + first, 1, stride, input.Share(first, Math.Min(from, input.To), Math.Min(to, input.To)), hidden.Share(first, Math.Max(0, from - input.To), Math.Max(0, to - input.To)), count, B * T, scratch);
    }

    private readonly void PackInput(int panel, int width)
    {
        if (Mask is null)
        {
            MatMulPack.Run(X, I, false, PackedX, B * T, I, width, panel, panel + 1);
            return;
        }

        for (var row = 0; row < B * T; row++) MatMulPack.Row(Mask[row] == 0 ? null : X + ((long)row * I), PackedX, row, B * T, I, width, panel);
    }

    private readonly void PackStates(int panel, int width)
    {
        if (Seen is not null)
        {
            MatMulPack.Run(Seen, H, false, PackedH, B * T, H, width, panel, panel + 1);
            return;
        }

        var (first, back) = (Recurrent.At(0, T, Reverse), Reverse ? 1 : -1);
        for (var b = 0; b < B; b++)
        {
            for (var t = 0; t < T; t++)
            {
                var row = ((long)b * T) + t;
                MatMulPack.Row(t != first ? Y + ((row + back) * H) : H0 is null ? null : H0 + ((long)b * H), PackedH, (int)row, B * T, H, width, panel);
            }
        }
    }
}

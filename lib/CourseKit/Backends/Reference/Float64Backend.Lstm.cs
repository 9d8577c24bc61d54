namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    // Reserve: gates i, f, g, o, [B, T, 4H], cells, [B, T, H], depth gates, [B, T, H], then states, [B, T, P]. A step passed over holds cells and states; its gates are 0.

    /// <inheritdoc/>
    public int LstmReserve(in RecurrentSequence s) => checked(s.B * s.T * ((6 * s.H) + (s.LstmForm.Projection is null ? s.H : s.LstmForm.ProjectionSize)));

    /// <inheritdoc/>
    public void LstmForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        var (q, form) = (new Float64Sequence(s, OfOptional), new Float64LstmForm(s, default, OfOptional));
        var (H, P, all) = (q.H, q.P, q.B * q.T * q.H);
        var kept = OfOptional(reserve) ?? new double[LstmReserve(s)];
        for (var b = 0; b < q.B; b++)
        {
            var (h, c) = (q.Start(q.H0, b, P), q.Start(q.C0, b));
            for (var step = 0; step < q.T; step++)
            {
                var t = q.At(step);
                var (gates, depth) = (new double[4 * H], new double[H]);
                if (q.Takes(b, t)) (h, c) = LstmStep(q, form, b, t, h, c, gates, depth);
                gates.CopyTo(kept, ((b * q.T) + t) * 4 * H);
                q.Write(c, kept, 4 * all, b, t);
                q.Write(depth, kept, 5 * all, b, t);
                q.Write(h, kept, 6 * all, b, t);
                q.Write(q.Takes(b, t) ? h : new double[P], Of(y), 0, b, t);
            }

            h.CopyTo(Of(hN), b * P);
            c.CopyTo(Of(cN), b * H);
        }

        if (s.LstmForm.Cells is { } cells) kept.AsSpan(4 * all, all).CopyTo(Of(cells));
    }

    // gates [4H] and depth [H] out.
    private static (double[] H, double[] C) LstmStep(Float64Sequence q, Float64LstmForm form, int b, int t, double[] h, double[] c, double[] gates, double[] depth)
    {
        var (H, row, dropped) = (q.H, (b * q.T) + t, q.Dropped(b, h));
        var (fromX, fromH) = LstmSums(q, form, b, t, dropped);
        (fromX, fromH) = (form.NormIh?.Forward(fromX) ?? fromX, form.NormHh?.Forward(fromH) ?? fromH);
        for (var r = 0; r < form.Gates * H; r++)
            gates[(form.Stored(r / H) * H) + (r % H)] = fromX[r] + q.InputBias(r) + fromH[r] + q.StateBias(r);

        var (fresh, nextC) = (new double[H], new double[H]);
        for (var j = 0; j < H; j++)
        {
            var i = Through(Activation.Sigmoid, gates[j] + form.Peephole(0, j, c[j]));
            var f = form.Coupled ? 1 - i : Through(Activation.Sigmoid, gates[H + j] + form.Peephole(1, j, c[j]));
            var g = Math.Tanh(gates[(2 * H) + j]);
            if (form.HasDepth) depth[j] = Through(Activation.Sigmoid, form.DepthSum(row, j, c[j]));
            var candidate = (f * c[j]) + (i * g) + (form.HasDepth ? depth[j] * form.CellBelow(row, j) : 0);
            var o = Through(Activation.Sigmoid, gates[(3 * H) + j] + form.Peephole(form.LastPeephole, j, candidate));
            (gates[j], gates[H + j], gates[(2 * H) + j], gates[(3 * H) + j]) = (i, f, g, o);
            (fresh[j], nextC[j]) = (candidate, Mixed(q.CellKept(b, t, j), c[j], candidate));
        }

        fresh = form.NormCell?.Forward(fresh) ?? fresh;
        var projected = form.Projected([.. fresh.Select((cell, j) => gates[(3 * H) + j] * Math.Tanh(cell))]);
        return ([.. projected.Select((value, p) => Mixed(q.HiddenKept(b, t, p), h[p], value))], nextC);
    }

    // W_ih·x_t and W_hh·h, [gates·H] each.
    private static (double[] FromX, double[] FromH) LstmSums(Float64Sequence q, Float64LstmForm form, int b, int t, double[] h)
    {
        var rows = Enumerable.Range(0, form.Gates * q.H).ToArray();
        return ([.. rows.Select(row => q.InputProduct(row, b, t))], [.. rows.Select(row => q.StateProduct(row, h))]);
    }
}

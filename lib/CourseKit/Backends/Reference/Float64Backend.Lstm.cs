namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    // Reserve: gates i, f, g, o, [B, T, 4H], cells, [B, T, H], then states, [B, T, H]. A step passed over holds the last two; its gates are 0.

    /// <inheritdoc/>
    public int LstmReserve(in RecurrentSequence s) => checked(6 * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void LstmForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        var q = new Float64Sequence(s, OfOptional);
        var (H, all) = (q.H, q.B * q.T * q.H);
        var kept = OfOptional(reserve) ?? new double[LstmReserve(s)];
        for (var b = 0; b < q.B; b++)
        {
            var (h, c) = (q.Start(q.H0, b), q.Start(q.C0, b));
            for (var step = 0; step < q.T; step++)
            {
                var t = q.At(step);
                var takes = q.Takes(b, t);
                var gates = new double[4 * H];
                if (takes)
                {
                    var dropped = q.Dropped(b, h);
                    for (var row = 0; row < 4 * H; row++)
                        gates[row] = Through(row / H == 2 ? Activation.Tanh : Activation.Sigmoid, q.FromInput(row, b, t) + q.FromState(row, dropped));
                    var (nextH, nextC) = (new double[H], new double[H]);
                    for (var j = 0; j < H; j++)
                    {
                        var (i, f, g, o) = Gates(gates, 0, j, H);
                        var candidate = (f * c[j]) + (i * g);
                        nextC[j] = Mixed(q.CellKept(b, t, j), c[j], candidate);
                        nextH[j] = Mixed(q.HiddenKept(b, t, j), h[j], o * Math.Tanh(candidate));
                    }

                    (h, c) = (nextH, nextC);
                }

                gates.CopyTo(kept, ((b * q.T) + t) * 4 * H);
                q.Write(c, kept, 4 * all, b, t);
                q.Write(h, kept, 5 * all, b, t);
                q.Write(takes ? h : new double[H], Of(y), 0, b, t);
            }

            h.CopyTo(Of(hN), b * H);
            c.CopyTo(Of(cN), b * H);
        }
    }

    /// <inheritdoc/>
    public void LstmBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (q, grad, kept) = (new Float64Sequence(s, OfOptional), new Float64Gradients(d, OfOptional), Of(reserve));
        var (H, all) = (q.H, q.B * q.T * q.H);
        for (var b = 0; b < q.B; b++)
        {
            var (dH, dC) = (q.Start(grad.HN, b), q.Start(grad.CN, b));
            for (var step = q.T - 1; step >= 0; step--)
            {
                var t = q.At(step);
                var at = ((b * q.T) + t) * 4 * H;
                var dGates = new double[4 * H];
                var dCells = dC;
                if (q.Takes(b, t)) grad.AddOutput(dH, at / 4);
                q.Write(dH, grad.States, 0, b, t);
                if (q.Takes(b, t))
                {
                    var (h, c) = (q.Dropped(b, q.Before(kept, 5 * all, q.H0, b, step)), q.Before(kept, 4 * all, q.C0, b, step));
                    var (dBefore, dCBefore, dDropped) = (new double[H], new double[H], new double[H]);
                    dCells = new double[H];
                    for (var j = 0; j < H; j++)
                    {
                        var (hiddenStays, cellStays) = (q.HiddenKept(b, t, j), q.CellKept(b, t, j));
                        var (i, f, g, o) = Gates(kept, at, j, H);
                        var tanh = Math.Tanh((f * c[j]) + (i * g));
                        var dOut = (1 - hiddenStays) * dH[j];
                        var dThroughH = dOut * o * (1 - (tanh * tanh));
                        var dCandidate = ((1 - cellStays) * dC[j]) + dThroughH;

                        // Where zoneout put the old cell in its place, the new one reached h_t but not c_t.
                        dCells[j] = dC[j] + ((1 - cellStays) * dThroughH);
                        dGates[j] = dCandidate * g * i * (1 - i);
                        dGates[H + j] = dCandidate * c[j] * f * (1 - f);
                        dGates[(2 * H) + j] = dCandidate * i * (1 - (g * g));
                        dGates[(3 * H) + j] = dOut * tanh * o * (1 - o);
                        dCBefore[j] = (cellStays * dC[j]) + (dCandidate * f);
                        dBefore[j] = hiddenStays * dH[j];
                    }

                    for (var row = 0; row < 4 * H; row++)
                    {
                        q.BackToInput(grad, row, b, t, dGates[row]);
                        q.BackToState(grad, row, h, dGates[row], dDropped);
                    }

                    for (var j = 0; j < H; j++) dBefore[j] += dDropped[j] * q.Dropout(b, j);
                    (dH, dC) = (dBefore, dCBefore);
                }

                q.Write(dCells, grad.Cells, 0, b, t);
                if (grad.Gates is not null) dGates.CopyTo(grad.Gates, at);
            }

            Float64Gradients.AddStart(dH, grad.H0, b);
            Float64Gradients.AddStart(dC, grad.C0, b);
        }
    }

    private static (double I, double F, double G, double O) Gates(double[] gates, int at, int j, int H) =>
        (gates[at + j], gates[at + H + j], gates[at + (2 * H) + j], gates[at + (3 * H) + j]);
}

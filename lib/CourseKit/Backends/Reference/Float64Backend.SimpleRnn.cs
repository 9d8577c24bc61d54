namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    // Reserve: f(·), [B, T, H], then the states, [B, T, H]; zoneout makes the two differ.

    /// <inheritdoc/>
    public int SimpleRnnReserve(in RecurrentSequence s) => checked(2 * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var q = new Float64Sequence(s, OfOptional);
        var kept = OfOptional(reserve) ?? new double[SimpleRnnReserve(s)];
        for (var b = 0; b < q.B; b++)
        {
            var h = q.Start(q.H0, b);
            for (var step = 0; step < q.T; step++)
            {
                var t = q.At(step);
                var (candidate, next) = (new double[q.H], h);
                if (q.Takes(b, t))
                {
                    var dropped = q.Dropped(b, h);
                    next = new double[q.H];
                    for (var j = 0; j < q.H; j++)
                    {
                        candidate[j] = Through(function, q.FromInput(j, b, t) + q.FromState(j, dropped));
                        next[j] = Mixed(q.HiddenKept(b, t, j), h[j], candidate[j]);
                    }
                }

                h = next;
                q.Write(candidate, kept, 0, b, t);
                q.Write(h, kept, q.B * q.T * q.H, b, t);
                q.Write(q.Takes(b, t) ? h : new double[q.H], Of(y), 0, b, t);
            }

            h.CopyTo(Of(hN), b * q.H);
        }
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (q, g, kept) = (new Float64Sequence(s, OfOptional), new Float64Gradients(d, OfOptional), Of(reserve));
        for (var b = 0; b < q.B; b++)
        {
            var dH = q.Start(g.HN, b);
            for (var step = q.T - 1; step >= 0; step--)
            {
                var t = q.At(step);
                var at = ((b * q.T) + t) * q.H;
                if (q.Takes(b, t)) g.AddOutput(dH, at);
                q.Write(dH, g.States, 0, b, t);
                var dSum = new double[q.H];
                if (q.Takes(b, t))
                {
                    var h = q.Dropped(b, q.Before(kept, q.B * q.T * q.H, q.H0, b, step));
                    var (dBefore, dDropped) = (new double[q.H], new double[q.H]);
                    for (var j = 0; j < q.H; j++)
                    {
                        var stays = q.HiddenKept(b, t, j);
                        dSum[j] = (1 - stays) * dH[j] * Slope(function, kept[at + j]);
                        dBefore[j] = stays * dH[j];
                        q.BackToInput(g, j, b, t, dSum[j]);
                        q.BackToState(g, j, h, dSum[j], dDropped);
                    }

                    for (var j = 0; j < q.H; j++) dBefore[j] += dDropped[j] * q.Dropout(b, j);
                    dH = dBefore;
                }

                q.Write(dSum, g.Gates, 0, b, t);
            }

            Float64Gradients.AddStart(dH, g.H0, b);
        }
    }

    // Zoneout: how much of the old stays.
    private static double Mixed(double stays, double old, double candidate) => (stays * old) + ((1 - stays) * candidate);
}

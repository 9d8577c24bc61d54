namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public void LstmBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (q, grad, kept, form) = (new Float64Sequence(s, OfOptional), new Float64Gradients(d, OfOptional), Of(reserve), new Float64LstmForm(s, d.LstmForm, OfOptional));
        var (H, P, all) = (q.H, q.P, q.B * q.T * q.H);
        for (var b = 0; b < q.B; b++)
        {
            var (dH, dC) = (q.Start(grad.HN, b, P), q.Start(grad.CN, b));
            for (var step = q.T - 1; step >= 0; step--)
            {
                var t = q.At(step);
                var row = (b * q.T) + t;
                var dGates = new double[form.Gates * H];
                for (var j = 0; j < H; j++) dC[j] += form.FromOutside(row, j);
                if (q.Takes(b, t)) grad.AddOutput(dH, row * P);
                q.Write(dH, grad.States, 0, b, t);
                var dCells = dC;
                if (q.Takes(b, t))
                {
                    var (h, c) = (q.Before(kept, 6 * all, q.H0, b, step, P), q.Before(kept, 4 * all, q.C0, b, step));
                    (dH, dC, dCells) = LstmStepBackward(q, form, grad, b, t, h, c, kept.AsSpan(row * 4 * H, 4 * H), kept.AsSpan((5 * all) + (row * H), H), dH, dC, dGates);
                }

                q.Write(dCells, grad.Cells, 0, b, t);
                if (grad.Gates is not null) dGates.CopyTo(grad.Gates, row * form.Gates * H);
            }

            Float64Gradients.AddStart(dH, grad.H0, b);
            Float64Gradients.AddStart(dC, grad.C0, b);
        }
    }

    // gates [4H], depth [H], h, c before the step, dH [P], dC [H] after it, dGates [gates·H] out. Gives dH and dC before it, and what reaches c_t.
    private static (double[] DH, double[] DC, double[] DCells) LstmStepBackward(
        Float64Sequence q, Float64LstmForm form, Float64Gradients grad, int b, int t, double[] h, double[] c, ReadOnlySpan<double> gates, ReadOnlySpan<double> depth, double[] dH, double[] dC, double[] dGates)
    {
        var (H, row) = (q.H, (b * q.T) + t);
        var candidate = new double[H];
        for (var j = 0; j < H; j++)
            candidate[j] = (gates[H + j] * c[j]) + (gates[j] * gates[(2 * H) + j]) + (form.HasDepth ? depth[j] * form.CellBelow(row, j) : 0);
        var normal = form.NormCell?.Forward(candidate) ?? candidate;
        var (shown, dNormal) = (new double[H], new double[H]);
        for (var j = 0; j < H; j++) shown[j] = gates[(3 * H) + j] * Math.Tanh(normal[j]);
        var dShown = form.BackProjected(shown, [.. dH.Select((value, p) => (1 - q.HiddenKept(b, t, p)) * value)]);
        for (var j = 0; j < H; j++) dNormal[j] = dShown[j] * gates[(3 * H) + j] * (1 - (Math.Tanh(normal[j]) * Math.Tanh(normal[j])));
        dNormal = form.NormCell?.Backward(candidate, dNormal) ?? dNormal;
        var (dBefore, dCBefore, dCells) = (new double[q.P], new double[H], new double[H]);
        for (var j = 0; j < H; j++)
        {
            var (i, f, g, o, cellStays) = (gates[j], gates[H + j], gates[(2 * H) + j], gates[(3 * H) + j], q.CellKept(b, t, j));
            var dOut = dShown[j] * Math.Tanh(normal[j]) * o * (1 - o);
            var dThroughH = dNormal[j] + form.BackPeephole(form.LastPeephole, j, candidate[j], dOut);
            var dCandidate = ((1 - cellStays) * dC[j]) + dThroughH;

            // Where zoneout put the old cell in its place, the new one reached h_t but not c_t.
            dCells[j] = dC[j] + ((1 - cellStays) * dThroughH);
            var dIn = dCandidate * (form.Coupled ? g - c[j] : g) * i * (1 - i);
            dGates[j] = dIn;
            dGates[((form.Gates - 2) * H) + j] = dCandidate * i * (1 - (g * g));
            dGates[((form.Gates - 1) * H) + j] = dOut;
            dCBefore[j] = (cellStays * dC[j]) + (dCandidate * f) + form.BackPeephole(0, j, c[j], dIn);
            if (!form.Coupled)
            {
                var dForget = dCandidate * c[j] * f * (1 - f);
                dGates[H + j] = dForget;
                dCBefore[j] += form.BackPeephole(1, j, c[j], dForget);
            }

            if (form.HasDepth) dCBefore[j] += form.BackDepth(row, j, c[j], depth[j], dCandidate, grad.X);
        }

        var dDropped = new double[q.P];
        var dropped = q.Dropped(b, h);
        var (fromX, fromH) = LstmSums(q, form, b, t, dropped);
        var (dFromX, dFromH) = (form.NormIh?.Backward(fromX, dGates) ?? dGates, form.NormHh?.Backward(fromH, dGates) ?? dGates);
        for (var r = 0; r < dGates.Length; r++)
        {
            q.BackToInput(grad, r, b, t, dGates[r], dFromX[r]);
            q.BackToState(grad, r, dropped, dGates[r], dDropped, dFromH[r]);
        }

        for (var p = 0; p < q.P; p++) dBefore[p] = (q.HiddenKept(b, t, p) * dH[p]) + (dDropped[p] * q.Dropout(b, p));
        return (dBefore, dCBefore, dCells);
    }
}

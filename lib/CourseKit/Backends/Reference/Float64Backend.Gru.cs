namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    // Reserve: gates, [B, T, gates·H], inner, [B, T, H], then states, [B, T, H]. A step passed over holds the last; its gates are 0.
    // inner: W_hn·h + b_hn when the reset comes after the product, gate·h when one comes before it, h when there is none; h after its dropout.

    /// <inheritdoc/>
    public int GruReserve(GruForm form, in RecurrentSequence s) => checked((form.Gates() + 2) * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void GruForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        var q = new Float64Sequence(s, OfOptional);
        var (H, all, G) = (q.H, q.B * q.T * q.H, form.Gates());
        var kept = OfOptional(reserve) ?? new double[GruReserve(form, s)];
        for (var b = 0; b < q.B; b++)
        {
            var h = q.Start(q.H0, b);
            for (var step = 0; step < q.T; step++)
            {
                var t = q.At(step);
                var takes = q.Takes(b, t);
                var (gates, inner) = (new double[G * H], new double[H]);
                if (takes)
                {
                    var dropped = q.Dropped(b, h);
                    for (var row = 0; row < (G - 1) * H; row++) gates[row] = Sigmoid(q.FromInput(row, b, t) + q.FromState(row, dropped));
                    for (var j = 0; j < H; j++)
                        inner[j] = form switch { GruForm.ResetAfter => q.FromState((2 * H) + j, dropped), GruForm.UpdateOnly => dropped[j], _ => gates[j] * dropped[j] };

                    var next = new double[H];
                    for (var j = 0; j < H; j++)
                    {
                        var row = ((G - 1) * H) + j;
                        var n = Math.Tanh(q.FromInput(row, b, t) + (form == GruForm.ResetAfter ? gates[j] * inner[j] : q.FromState(row, inner)));
                        gates[row] = n;
                        next[j] = Mixed(q.HiddenKept(b, t, j), h[j], Mixed(OldShare(form, gates, j, H), h[j], n));
                    }

                    h = next;
                }

                gates.CopyTo(kept, ((b * q.T) + t) * G * H);
                q.Write(inner, kept, G * all, b, t);
                q.Write(h, kept, (G + 1) * all, b, t);
                q.Write(takes ? h : new double[H], Of(y), 0, b, t);
            }

            h.CopyTo(Of(hN), b * H);
        }
    }

    /// <inheritdoc/>
    public void GruBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (q, grad, kept) = (new Float64Sequence(s, OfOptional), new Float64Gradients(d, OfOptional), Of(reserve));
        var (H, all, G) = (q.H, q.B * q.T * q.H, form.Gates());
        for (var b = 0; b < q.B; b++)
        {
            var dH = q.Start(grad.HN, b);
            for (var step = q.T - 1; step >= 0; step--)
            {
                var t = q.At(step);
                var row = (b * q.T) + t;
                var dGates = new double[G * H];
                if (q.Takes(b, t)) grad.AddOutput(dH, row * H);
                q.Write(dH, grad.States, 0, b, t);
                if (q.Takes(b, t))
                {
                    var h = q.Before(kept, (G + 1) * all, q.H0, b, step);
                    var at = (G * all) + (row * H);
                    dH = GruStepBack(form, q, grad, b, t, kept[(row * G * H)..((row + 1) * G * H)], kept[at..(at + H)], h, dH, dGates);
                }

                if (grad.Gates is not null) dGates.CopyTo(grad.Gates, row * G * H);
            }

            Float64Gradients.AddStart(dH, grad.H0, b);
        }
    }

    // gates [gates·H], inner, h = h_{t-1}, dH = ∂L/∂h_t [H]; dGates [gates·H] out; returns ∂L/∂h_{t-1}.
    private static double[] GruStepBack(GruForm form, Float64Sequence q, Float64Gradients grad, int b, int t, double[] gates, double[] inner, double[] h, double[] dH, double[] dGates)
    {
        var (H, G) = (q.H, form.Gates());
        var last = (G - 1) * H;
        var (dropped, dBefore, dDropped, dInner) = (q.Dropped(b, h), new double[H], new double[H], new double[H]);
        for (var j = 0; j < H; j++)
        {
            var (stays, old, n) = (q.HiddenKept(b, t, j), OldShare(form, gates, j, H), gates[last + j]);
            var dOut = (1 - stays) * dH[j];
            dBefore[j] = (stays * dH[j]) + (dOut * old);
            dGates[last + j] = dOut * (1 - old) * (1 - (n * n));

            // ∂h_t/∂z = h − n; Minimal's f is 1 − z. These are gradients of gates until Slope below takes them back to their sums.
            dGates[form is GruForm.UpdateOnly or GruForm.Minimal ? j : H + j] = dOut * (form == GruForm.Minimal ? n - h[j] : h[j] - n);
        }

        // What multiplies W_hn, and the gradient that n's recurrent sum gets.
        for (var j = 0; j < H; j++)
        {
            var dN = dGates[last + j];
            if (form == GruForm.ResetAfter)
            {
                dGates[j] = dN * inner[j];
                q.BackToState(grad, last + j, dropped, dN * gates[j], dDropped);
            }
            else q.BackToState(grad, last + j, inner, dN, dInner);
        }

        for (var j = 0; j < H && form != GruForm.ResetAfter; j++)
        {
            if (form != GruForm.UpdateOnly) dGates[j] = (form == GruForm.Minimal ? dGates[j] : 0) + (dInner[j] * dropped[j]);
            dDropped[j] += dInner[j] * (form == GruForm.UpdateOnly ? 1 : gates[j]);
        }

        for (var row = 0; row < last; row++)
        {
            dGates[row] *= Slope(Activation.Sigmoid, gates[row]);
            q.BackToState(grad, row, dropped, dGates[row], dDropped);
        }

        for (var row = 0; row < G * H; row++) q.BackToInput(grad, row, b, t, dGates[row]);
        for (var j = 0; j < H; j++) dBefore[j] += dDropped[j] * q.Dropout(b, j);
        return dBefore;
    }

    // How much of h_{t-1} the gates keep: z, or Minimal's 1 − f.
    private static double OldShare(GruForm form, double[] gates, int j, int H) => form switch
    {
        GruForm.Minimal => 1 - gates[j],
        GruForm.UpdateOnly => gates[j],
        _ => gates[H + j],
    };
}

using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    // Reserve: gates, [B, T, G·H], inner, [B, T, H], what the products see, [B, T, H], and with dropout the states before it, [B, T, H].

    /// <inheritdoc/>
    public int GruReserve(GruForm form, in RecurrentSequence s) => checked((GatesOf(form) + 2 + (s.HiddenDropout is null ? 0 : 1)) * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void GruForward(GruForm form, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        using var scratch = reserve is null ? Rented(GruReserve(form, s)) : default(Scratch?);
        var kept = scratch?.View ?? Into(reserve!);
        var carry = GruCarry(form, s, kept, out var inner);
        (carry.State, carry.Y) = (Into(hN), Into(y));
        InputProducts(s, s.WeightIh, kept.SubView(0, GatesOf(form) * s.B * s.T * s.H), GatesOf(form) * s.H);
        if (form != GruForm.ResetAfter)
        {
            GruFormsForward(form, s, carry, kept, inner);
            return;
        }

        var cell = new Gru { Carry = carry, Kept = kept.SubView(0, 3 * inner.IntLength), Inner = inner, BiasIh = OfOptional(s.BiasIh), BiasHh = OfOptional(s.BiasHh) };
        Forward(cell, Of(s.WeightHh), carry.Seen, s.B, s.H0 is not null, s.Reverse);
    }

    /// <inheritdoc/>
    public void GruBackward(GruForm form, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var (kept, G) = (Of(reserve), GatesOf(form) * s.H);
        var carry = GruCarry(form, s, kept, out var inner);
        using var past = Rented(s.B * s.H);
        using var scratch = d.DGates is null ? Rented(s.B * s.T * G) : default(Scratch?);
        Start(past.View, d.DHN);
        BackCarry(ref carry, past.View, d);
        var dGates = scratch?.View ?? Into(d.DGates!);
        if (form != GruForm.ResetAfter)
        {
            GruFormsBackward(form, s, carry, kept, inner, dGates, d);
            return;
        }

        using var dState = Rented(s.B * s.T * G);
        var cell = new Gru { Carry = carry, Kept = kept.SubView(0, 3 * inner.IntLength), Inner = inner, D = dGates, DState = dState.View };
        Backward(cell, Of(s.WeightHh), dState.View, s.B, s.Reverse);
        BiasGradients(dGates, s.B * s.T, G, d.DBiasIh, null);
        BiasGradients(dState.View, s.B * s.T, G, null, d.DBiasHh);
        StateWeightGradients(s, dState.View, carry.Seen, G, s.H, d.DWeightHh);
        InputGradients(s, dGates, s.WeightIh, G, d.DWeightIh, d.DX);
    }

    private RecurrentCarry GruCarry(GruForm form, in RecurrentSequence s, ArrayView<float> kept, out ArrayView<float> inner)
    {
        var (all, gates, carry) = (s.B * s.T * s.H, GatesOf(form), Carry(s, s.H));
        inner = kept.SubView(gates * all, all);
        carry.Seen = kept.SubView((gates + 1) * all, all);
        if (s.HiddenDropout is not null) carry.Before = kept.SubView((gates + 2) * all, all);
        return carry;
    }

    private static int GatesOf(GruForm form) => form is GruForm.ResetAfter or GruForm.ResetBefore ? 3 : 2;
}

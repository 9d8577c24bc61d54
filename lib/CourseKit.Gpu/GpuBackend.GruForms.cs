using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    private void GruFormsForward(GruForm form, in RecurrentSequence s, RecurrentCarry carry, ArrayView<float> kept, ArrayView<float> inner)
    {
        var (B, T, H, K) = (s.B, s.T, s.H, GatesOf(form) - 1);
        var of = new GruForms { Carry = carry, Kept = kept, Inner = inner, BiasIh = OfOptional(s.BiasIh), BiasHh = OfOptional(s.BiasHh), Form = (int)form, K = K };
        using Scratch gates = Rented(B * K * H), candidate = Rented(B * H);
        var weight = Of(s.WeightHh);
        device.Each(new GruFormsStart { Of = of }, B * H, 2L * B * H);
        for (var step = 0; step < T; step++)
        {
            var at = (s.Reverse ? T - 1 - step : step) * H;
            Product(carry.Seen.SubView(at), T * H, false, weight, H, true, gates.View, K * H, B, K * H, H, adds: false);
            device.Each(new GruFormsGates { Of = of, Product = gates.View, Step = step }, B * H, (3L * K + 2) * B * H);
            Product(inner.SubView(at), T * H, false, weight.SubView(K * H * H), H, true, candidate.View, H, B, H, H, adds: false);
            device.Each(new GruFormsCandidate { Of = of, Product = candidate.View, Step = step }, B * H, 7L * B * H);
        }
    }

    private void GruFormsBackward(
        GruForm form, in RecurrentSequence s, RecurrentCarry carry, ArrayView<float> kept, ArrayView<float> inner, ArrayView<float> dGates, in RecurrentGradients to)
    {
        var (B, T, H, K) = (s.B, s.T, s.H, GatesOf(form) - 1);
        var (G, weight) = ((K + 1) * H, Of(s.WeightHh));
        var of = new GruForms { Carry = carry, Kept = kept, Inner = inner, Form = (int)form, K = K };
        using Scratch dInner = Rented(B * H), product = Rented(B * H);
        for (var step = T - 1; step >= 0; step--)
        {
            var d = dGates.SubView((s.Reverse ? T - 1 - step : step) * G);
            device.Each(new GruFormsCandidateBackward { Of = of, D = dGates, Product = step == T - 1 ? ArrayView<float>.Empty : product.View, Step = step }, B * H, (2L * K + 8) * B * H);
            Product(d.SubView(K * H), T * G, false, weight.SubView(K * H * H), H, false, dInner.View, H, B, H, H, adds: false);
            device.Each(new GruFormsGatesBackward { Of = of, D = dGates, DInner = dInner.View, Product = product.View, Step = step }, B * H, 6L * B * H);
            Product(d, T * G, false, weight, H, false, product.View, H, B, H, K * H, adds: true);
        }

        device.Each(new GruFormsFinish { Of = of, Product = product.View }, B * H, 3L * B * H);
        BiasGradients(dGates, B * T, G, to.DBiasIh, to.DBiasHh);
        if (to.DWeightHh is { } dWeight)
        {
            var weights = Onto(dWeight, out var adds);
            Product(dGates, G, true, carry.Seen, H, false, weights, H, K * H, H, B * T, adds != 0);
            Product(dGates.SubView(K * H), G, true, inner, H, false, weights.SubView(K * H * H), H, H, H, B * T, adds != 0);
        }

        InputGradients(s, dGates, s.WeightIh, G, to.DWeightIh, to.DX);
    }
}

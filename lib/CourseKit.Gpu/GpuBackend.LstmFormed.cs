using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    private const float NormEpsilon = 1e-5f;

    private void LstmFormedForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        var (B, T, I, H) = (s.B, s.T, s.I, s.H);
        var (rows, form) = (B * T, s.LstmForm);
        using var kept = reserve is null ? Rented(LstmReserve(s)) : default(Scratch?);
        var of = FormedCell(s, kept?.View ?? Into(reserve!), out var norm);
        var (G, P, normal) = (of.Gates * H, of.Carry.P, form.NormGainIh is not null);
        using Scratch sums = Rented(rows * G), product = Rented(B * G), projected = Rented(form.Projection is null ? 0 : B * P);
        using var x = MaskedX(s);
        of.Sums = sums.View;
        (of.BiasIh, of.BiasHh) = (OfOptional(s.BiasIh), OfOptional(s.BiasHh));
        (of.Cell, of.Carry.State, of.Carry.Y) = (Into(cN), Into(hN), Into(y));
        Product(x.View, I, false, Of(s.WeightIh), I, true, normal ? norm.RawX : of.Sums, G, rows, G, I, adds: false);
        if (normal) Normalise(norm.RawX, G, Of(form.NormGainIh!), default, of.Sums, G, norm.StatisticsX, 2, rows, G);
        if (form.DepthWeightIh is { } depth) Product(x.View, I, false, Of(depth), I, true, of.Depth, H, rows, H, I, adds: false);

        device.Each(new LstmFormedStart { Of = of }, B * P, 2L * B * P);
        for (var step = 0; step < T; step++)
        {
            var t = s.Reverse ? T - 1 - step : step;
            var (to, ld) = normal ? (norm.RawH.SubView(t * G), T * G) : (product.View, G);
            Product(of.Carry.Seen.SubView(t * P), T * P, false, Of(s.WeightHh), P, true, to, ld, B, G, P, adds: false);
            if (normal) Normalise(to, ld, Of(form.NormGainHh!), default, product.View, G, norm.StatisticsH.SubView(t * 2), T * 2, B, G);
            device.Each(new LstmFormedGates { Of = of, Product = product.View, Step = step }, B * H, (2L * of.Gates + 9) * B * H);
            if (normal)
            {
                Normalise(of.Fresh.SubView(t * H), T * H, Of(form.NormGainCell!), Of(form.NormBiasCell!), of.Normal.SubView(t * H), T * H, norm.StatisticsC.SubView(t * 2), T * 2, B, H);
                device.Each(new LstmFormedShow { Of = of, Step = step }, B * H, 4L * B * H);
            }

            if (form.Projection is not { } projection) continue;
            Product(of.Shown.SubView(t * H), T * H, false, Of(projection), H, true, projected.View, P, B, P, H, adds: false);
            device.Each(new LstmFormedProject { Of = of, Product = projected.View, Step = step }, B * P, 4L * B * P);
        }

        if (form.Cells is { } cells) device.Copy(of.Cells, Into(cells));
    }

    private void LstmFormedBackward(in RecurrentSequence s, Storage reserve, in RecurrentGradients d)
    {
        var (B, T, H, form) = (s.B, s.T, s.H, s.LstmForm);
        var of = FormedCell(s, Of(reserve), out var norm);
        var (rows, G, P, normal, projects) = (B * T, of.Gates * H, of.Carry.P, form.NormGainIh is not null, form.Projection is not null);
        Scratch Wanted(bool wanted, int length) => Rented(wanted ? length : 0);
        using Scratch past = Rented(B * P), dC = Rented(B * H), product = Rented(B * P), dShown = Wanted(projects || normal, B * H), dFresh = Wanted(normal, B * H);
        using Scratch dGates = Wanted(d.DGates is null, rows * G), dOut = Wanted(projects, rows * P), dDepth = Wanted(form.CellBelow is not null, rows * H);
        using Scratch dNormal = Wanted(normal, rows * H), dRawH = Wanted(normal, rows * G);
        Start(past.View, d.DHN);
        Start(dC.View, d.DCN);
        BackCarry(ref of.Carry, past.View, d);
        var none = ArrayView<float>.Empty;
        var to = new LstmFormedGradients
        {
            D = d.DGates is null ? dGates.View : Into(d.DGates),
            DC = dC.View,
            DOut = dOut.View,
            DShown = dShown.View,
            DNormal = dNormal.View,
            DDepth = dDepth.View,
            DBelow = OfOptional(d.LstmForm.DCellBelow),
            DCells = IntoOptional(d.DCells),
            DCellsOut = OfOptional(d.LstmForm.DCellsOut),
        };
        var dState = normal ? dRawH.View : to.D;
        for (var step = T - 1; step >= 0; step--)
        {
            var (t, later) = (s.Reverse ? T - 1 - step : step, step == T - 1 ? none : product.View);
            if (projects)
            {
                device.Each(new LstmFormedReach { Of = of, To = to, Product = later, Step = step }, B * P, 4L * B * P);
                Product(to.DOut.SubView(t * P), T * P, false, Of(form.Projection!), H, false, dShown.View, H, B, H, P, adds: false);
            }

            if (normal)
            {
                device.Each(new LstmFormedNormal { Of = of, To = to, Product = later, Step = step }, B * H, 5L * B * H);
                NormaliseBackward(of.Fresh.SubView(t * H), T * H, Of(form.NormGainCell!), norm.StatisticsC.SubView(t * 2), T * 2, dNormal.View.SubView(t * H), T * H, dFresh.View, H, B, H);
            }

            device.Each(new LstmFormedGatesBackward { Of = of, To = to, Product = later, DFresh = dFresh.View, Step = step }, B * H, (of.Gates + 10L) * B * H);
            if (normal) NormaliseBackward(norm.RawH.SubView(t * G), T * G, Of(form.NormGainHh!), norm.StatisticsH.SubView(t * 2), T * 2, to.D.SubView(t * G), T * G, dState.SubView(t * G), T * G, B, G);
            Product(dState.SubView(t * G), T * G, false, Of(s.WeightHh), P, false, product.View, P, B, P, G, adds: false);
        }

        device.Each(new LstmFormedFinish { Of = of, Product = product.View }, B * P, 3L * B * P);
        if (d.DC0 is { } dC0) device.Each(new PlusScaled { A = Of(dC0), B = dC.View, Scale = 1, Y = Of(dC0) }, B * H, 3L * B * H);
        BiasGradients(to.D, rows, G, d.DBiasIh, d.DBiasHh);
        StateWeightGradients(s, dState, of.Carry.Seen, G, P, d.DWeightHh);
        FormGradients(s, of, norm, to, d);
    }

    // What goes to the form's own parameters, and to the input.
    private void FormGradients(in RecurrentSequence s, in LstmFormed of, in FormedNorm norm, in LstmFormedGradients to, in RecurrentGradients d)
    {
        var (rows, H, G, P, form, own, none) = (s.B * s.T, s.H, of.Gates * s.H, of.Carry.P, s.LstmForm, d.LstmForm, ArrayView<float>.Empty);
        using var dRawX = Rented(form.NormGainIh is null ? 0 : rows * G);
        var dInput = to.D;
        if (form.NormGainIh is { } gain)
        {
            dInput = dRawX.View;
            NormaliseBackward(norm.RawX, G, Of(gain), norm.StatisticsX, 2, to.D, G, dInput, G, rows, G);
            if (own.DNormGainIh is { } dIh) ColumnSums(new NormalTerm { X = norm.RawX, Statistics = norm.StatisticsX, DY = to.D, Columns = G }, Of(dIh), none, rows, G);
            if (own.DNormGainHh is { } dHh) ColumnSums(new NormalTerm { X = norm.RawH, Statistics = norm.StatisticsH, DY = to.D, Columns = G }, Of(dHh), none, rows, G);
            if (own.DNormGainCell is { } dCell) ColumnSums(new NormalTerm { X = of.Fresh, Statistics = norm.StatisticsC, DY = to.DNormal, Columns = H }, Of(dCell), none, rows, H);
            if (own.DNormBiasCell is { } dBias) ColumnSums(new Plain { X = to.DNormal, Columns = H }, Of(dBias), none, rows, H);
        }

        InputGradients(s, dInput, s.WeightIh, G, d.DWeightIh, d.DX);
        if (own.DProjection is { } dProjection) Product(to.DOut, P, true, of.Shown, H, false, Onto(dProjection, out var adds), H, P, H, rows, adds != 0);
        if (own.DPeephole is { } dPeephole)
        {
            var peepholes = Of(dPeephole);
            for (var which = 0; which < of.Gates - 1; which++)
            {
                var last = which == of.Gates - 2;
                var term = new ProductTerm { A = to.D, First = (last ? which + 1 : which) * H, Columns = G, B = last ? of.Fresh : of.CellsBefore, BColumns = H };
                ColumnSums(term, peepholes.SubView(which * H, H), none, rows, H);
            }
        }

        if (form.CellBelow is not { } below) return;
        InputGradients(s, to.DDepth, form.DepthWeightIh!, H, own.DDepthWeightIh, d.DX);
        if (own.DDepthBias is { } dDepthBias) ColumnSums(new Plain { X = to.DDepth, Columns = H }, Of(dDepthBias), none, rows, H);
        if (own.DDepthFromCell is { } dFromCell) ColumnSums(new ProductTerm { A = to.DDepth, Columns = H, B = of.CellsBefore, BColumns = H }, Of(dFromCell), none, rows, H);
        if (own.DDepthFromBelow is not { } dFromBelow) return;
        using var clean = MaskedCopy(s, below, H);
        ColumnSums(new ProductTerm { A = to.DDepth, Columns = H, B = clean.View, BColumns = H }, Of(dFromBelow), none, rows, H);
    }

    // The reserve's parts behind one another: gates, cells, what products see, cells before, candidates, then what the form needs.
    private LstmFormed FormedCell(in RecurrentSequence s, ArrayView<float> reserve, out FormedNorm norm)
    {
        var (rows, H, P, form) = (s.B * s.T, s.H, LstmFormed.StateSize(s), s.LstmForm);
        var next = 0;
        ArrayView<float> Take(int columns)
        {
            var view = reserve.SubView(next, rows * columns);
            next += rows * columns;
            return view;
        }

        var of = new LstmFormed { Carry = Carry(s, P), H = H, Coupled = form.Coupled ? 1 : 0, Kept = Take(4 * H), Cells = Take(H) };
        of.Carry.Seen = Take(P);
        (of.CellsBefore, of.Fresh) = (Take(H), Take(H));
        (of.Peephole, of.C0, of.CellZoneout) = (OfOptional(form.Peephole), OfOptional(s.C0), OfOptional(s.CellZoneout));
        (of.Below, of.DepthBias, of.DepthFromCell, of.DepthFromBelow) = (OfOptional(form.CellBelow), OfOptional(form.DepthBias), OfOptional(form.DepthFromCell), OfOptional(form.DepthFromBelow));
        if (form.CellBelow is not null) of.Depth = Take(H);
        if (form.Projection is not null) of.Shown = Take(H);
        norm = default;
        if (form.NormGainIh is null) return of;
        of.Normal = Take(H);
        norm = new FormedNorm { RawX = Take(of.Gates * H), RawH = Take(of.Gates * H), StatisticsX = Take(2), StatisticsH = Take(2), StatisticsC = Take(2) };
        return of;
    }

    // What stands where the mask passes over may be anything: zeros for it.
    private Scratch MaskedX(in RecurrentSequence s) => MaskedCopy(s, s.X, s.I);

    private Scratch MaskedCopy(in RecurrentSequence s, Storage x, int columns)
    {
        if (s.Mask is null) return new Scratch(Of(x));
        var n = s.B * s.T * columns;
        var copy = Rented(n);
        device.Each(new MaskedRows { From = Of(x), Mask = Of(s.Mask), To = copy.View, Columns = columns }, n, 2L * n);
        return copy;
    }

    private void Normalise(
        ArrayView<float> x, int xRow, ArrayView<float> gain, ArrayView<float> bias, ArrayView<float> y, int yRow, ArrayView<float> statistics, int statisticsRow, int rows, int columns) =>
        device.Grouped(
            new LayerNorm { X = x, XRow = xRow, Gain = gain, Bias = bias, Y = y, YRow = yRow, Statistics = statistics, StatisticsRow = statisticsRow, Columns = columns, Epsilon = NormEpsilon },
            rows, RowThreads(columns), 2L * rows * columns);

    private void NormaliseBackward(
        ArrayView<float> x, int xRow, ArrayView<float> gain, ArrayView<float> statistics, int statisticsRow, ArrayView<float> dY, int dYRow, ArrayView<float> dX, int dXRow, int rows, int columns) =>
        device.Grouped(
            new LayerNormBackward { X = x, XRow = xRow, Gain = gain, Statistics = statistics, StatisticsRow = statisticsRow, DY = dY, DYRow = dYRow, DX = dX, DXRow = dXRow, Columns = columns },
            rows, RowThreads(columns), 3L * rows * columns);

    // Layer norm's part of the reserve: raw products [B, T, G·H] and the statistics of the three norms [B, T, 2].
    private struct FormedNorm
    {
        internal ArrayView<float> RawX, RawH, StatisticsX, StatisticsH, StatisticsC;
    }
}

using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    // One group walks through all steps of an example where its states fit the group's memory and all groups together read no more weights a step than this:
    // beyond it, a product for all examples at once reads them more cheaply. 2^21 numbers are the H² times B at which 8 MB a step from a second-level cache take about as long as two launches.
    private const int MostUnits = LoopForward<Lstm>.MostUnits;
    private const long MostLoopedWeights = 1 << 21;

    /// <summary>Whether sequences go through one kernel in one loop (true), step by step (false), or as their sizes say (null), which is the default.</summary>
    internal bool? Loops { get; set; }

    // Whether one kernel takes all steps.
    private bool LoopsOver(int B, int H) => H <= MostUnits && (Loops ?? ((long)B * H * H <= MostLoopedWeights));

    // all steps forward; the cell's input products are made. weight [gates·H, H]; hasState: the first state is not all 0.
    private void Forward<TCell>(in TCell cell, ArrayView<float> weight, ArrayView<float> seen, int B, bool hasState, bool reverse)
        where TCell : struct, IRecurrentCell
    {
        var (T, H, G) = (cell.Steps, cell.Units, cell.Gates * cell.Units);
        if (LoopsOver(B, H))
        {
            using var transposed = Rented(G * H);
            device.Each(new Transposed { From = weight, To = transposed.View, Rows = G, Columns = H }, G * H, 2L * G * H);
            device.Grouped(new LoopForward<TCell> { Cell = cell, Weights = transposed.View }, B, RowThreads(H), StepNumbers(cell, B) * T + ((long)B * T * G * H), 2L * B * T * G * H);
            return;
        }

        using var product = Rented(B * G);
        device.Each(new StepStart<TCell> { Cell = cell }, B * H, 2L * B * H);
        for (var step = 0; step < T; step++)
        {
            var sums = step == 0 && !hasState ? ArrayView<float>.Empty : product.View;
            if (sums.Length > 0) Product(seen.SubView((reverse ? T - 1 - step : step) * H), T * H, false, weight, H, true, sums, G, B, G, H, adds: false);
            device.Each(new StepForward<TCell> { Cell = cell, Product = sums, Step = step }, B * H, StepNumbers(cell, B));
        }
    }

    // all steps back; d [B, T, gates·H] is where the cell writes the gradients of its state's sums.
    private void Backward<TCell>(in TCell cell, ArrayView<float> weight, ArrayView<float> d, int B, bool reverse)
        where TCell : struct, IRecurrentCell
    {
        var (T, H, G) = (cell.Steps, cell.Units, cell.Gates * cell.Units);
        using var product = Rented(B * H);
        if (LoopsOver(B, H))
        {
            device.Grouped(new LoopBackward<TCell> { Cell = cell, Weights = weight, Product = product.View }, B, RowThreads(H), (StepNumbers(cell, B) * T) + ((long)B * T * G * H), 2L * B * T * G * H);
            return;
        }

        for (var step = T - 1; step >= 0; step--)
        {
            device.Each(new StepBackward<TCell> { Cell = cell, Product = step == T - 1 ? ArrayView<float>.Empty : product.View, Step = step }, B * H, StepNumbers(cell, B));
            Product(d.SubView((reverse ? T - 1 - step : step) * G), T * G, false, weight, H, false, product.View, H, B, H, G, adds: false);
        }

        device.Each(new StepFinish<TCell> { Cell = cell, Product = product.View }, B * H, 3L * B * H);
    }

    // The input's product of all steps at once, [B·T, G], without biases.
    private void InputProducts(in RecurrentSequence s, Storage weight, ArrayView<float> to, int G) =>
        Product(Of(s.X), s.I, false, Of(weight), s.I, true, to, G, s.B * s.T, G, s.I, adds: false);

    // What the sums' gradients d [B, T, G] give, which are the same on the input's side and on the state's; seen [B, T, H].
    private void Gradients(in RecurrentSequence s, ArrayView<float> d, ArrayView<float> seen, int G, in RecurrentGradients to)
    {
        BiasGradients(d, s.B * s.T, G, to.DBiasIh, to.DBiasHh);
        StateWeightGradients(s, d, seen, G, s.H, to.DWeightHh);
        InputGradients(s, d, s.WeightIh, G, to.DWeightIh, to.DX);
    }

    // Both biases get the same where the sums of both sides do.
    private void BiasGradients(ArrayView<float> d, int rows, int G, Storage? ih, Storage? hh)
    {
        if (ih is not null || hh is not null) ColumnSums(new Plain { X = d, Columns = G }, OfOptional(ih), OfOptional(hh), rows, G);
    }

    private void StateWeightGradients(in RecurrentSequence s, ArrayView<float> dState, ArrayView<float> seen, int G, int P, Storage? dWeightHh)
    {
        if (dWeightHh is null) return;
        Product(dState, G, true, seen, P, false, Onto(dWeightHh, out var adds), P, G, P, s.B * s.T, adds != 0);
    }

    private void InputGradients(in RecurrentSequence s, ArrayView<float> d, Storage weight, int G, Storage? dWeight, Storage? dX)
    {
        var (rows, I) = (s.B * s.T, s.I);
        if (dWeight is not null)
        {
            // 0 times what stands where the mask passes over is not always 0.
            using var x = MaskedX(s);
            Product(d, G, true, x.View, I, false, Onto(dWeight, out var adds), I, G, I, rows, adds != 0);
        }

        if (dX is not null) Product(d, G, false, Of(weight), I, false, Onto(dX, out var adds), I, rows, I, G, adds != 0);
    }

    private RecurrentCarry Carry(in RecurrentSequence s, int P) => new()
    {
        Mask = OfOptional(s.Mask),
        Dropout = OfOptional(s.HiddenDropout),
        Zoneout = OfOptional(s.HiddenZoneout),
        H0 = OfOptional(s.H0),
        T = s.T,
        P = P,
        Reverse = s.Reverse ? 1 : 0,
    };

    // past [B, P]: the gradient of the final state first.
    private void Start(ArrayView<float> past, Storage? dFinal)
    {
        if (dFinal is null) device.Fill(past, 0);
        else device.Copy(Of(dFinal), past);
    }

    // What a step's cell reads and writes: its gates, its cell or inner product, the state twice, y.
    private static long StepNumbers<TCell>(in TCell cell, int B)
        where TCell : struct, IRecurrentCell => (2L * cell.Gates + 4) * B * cell.Units;
}

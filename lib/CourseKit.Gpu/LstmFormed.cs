using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// An LSTM with what its form adds: i = σ(a_i + p_i∘c_{t-1}); f = σ(a_f + p_f∘c_{t-1}), or 1 − i; g = tanh(a_g); d = σ(W_d·x_t + b_d + w_c∘c_{t-1} + w_b∘below_t); c~ = f∘c_{t-1} + i∘g + d∘below_t;
/// o = σ(a_o + p_o∘c~); h_t = W_hr·(o∘tanh(LN(c~))); c_t by zoneout from c~. Empty views are parts that the form lacks.
/// </summary>
internal struct LstmFormed
{
    // How h gets from step to step, of P numbers.
    public RecurrentCarry Carry;

    // Sums [B, T, G·H]: the input's product, normalised where the form is; biases [G·H]; peepholes [(G − 1)·H]; c0, cell [B, H]; zoneout [B, T, H].
    public ArrayView<float> Sums, BiasIh, BiasHh, Peephole, C0, Cell, CellZoneout;

    // below, depth [B, T, H]: the depth gate's sum, then the gate; its bias and weights [H].
    public ArrayView<float> Below, Depth, DepthBias, DepthFromCell, DepthFromBelow;

    // Kept for the way back: gates i, f, g, o [B, T, 4H], cells, the cells before and the candidates c~ [B, T, H], their normal form and what the projection sees [B, T, H].
    public ArrayView<float> Kept, Cells, CellsBefore, Fresh, Normal, Shown;

    public int H, Coupled;

    /// <summary>Gates that the weights stack.</summary>
    public readonly int Gates => Coupled != 0 ? 3 : 4;

    /// <summary>Whether h_t takes more than this unit's cell.</summary>
    public readonly bool Waits => Normal.Length > 0 || Shown.Length > 0;

    public static bool Needs(in RecurrentSequence s)
    {
        var form = s.LstmForm;
        return form.Coupled || form.Peephole is not null || form.Projection is not null || form.CellBelow is not null || form.NormGainIh is not null || form.Cells is not null || s.CellZoneout is not null;
    }

    /// <summary>P.</summary>
    public static int StateSize(in RecurrentSequence s) => s.LstmForm.Projection is null ? s.H : s.LstmForm.ProjectionSize;

    /// <summary>Numbers in the reserve.</summary>
    public static int Reserve(in RecurrentSequence s)
    {
        var (form, gates) = (s.LstmForm, s.LstmForm.Coupled ? 3 : 4);
        var each = (7 * s.H) + StateSize(s) + (form.CellBelow is null ? 0 : s.H) + (form.Projection is null ? 0 : s.H) + (form.NormGainIh is null ? 0 : (2 * gates * s.H) + s.H + 6);
        return checked(s.B * s.T * each);
    }

    /// <summary>p∘c for one of the gates that see the cell.</summary>
    public readonly float Peep(int which, int j, float c) => Peephole.Length > 0 ? Peephole[(which * H) + j] * c : 0;
}

/// <summary>The hidden states before the first step.</summary>
internal struct LstmFormedStart : IEach
{
    public LstmFormed Of;

    public readonly void At(int i) => Of.Carry.Start(i / Of.Carry.P, i % Of.Carry.P);
}

/// <summary>Gates and cell of a step, and its hidden state where that takes nothing else. Product [B, G·H], normalised where the form is.</summary>
internal struct LstmFormedGates : IEach
{
    public LstmFormed Of;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.H;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var (gate, here) = ((row * 4 * H) + j, (row * H) + j);
        var c = Step > 0 ? Of.Cell[i] : Of.C0.Length > 0 ? Of.C0[i] : 0;
        Of.CellsBefore[here] = c;
        if (!Of.Carry.Takes(row))
        {
            (Of.Kept[gate], Of.Kept[gate + H], Of.Kept[gate + (2 * H)], Of.Kept[gate + (3 * H)]) = (0, 0, 0, 0);
            (Of.Cell[i], Of.Cells[here], Of.Fresh[here]) = (c, c, 0);
            if (Of.Depth.Length > 0) Of.Depth[here] = 0;
            if (Of.Shown.Length > 0) Of.Shown[here] = 0;
            if (!Of.Waits) Of.Carry.Hold(b, j, Step);
            return;
        }

        var coupled = Of.Coupled != 0;
        var last = Of.Gates - 1;
        var input = VectorMath.Sigmoid(Sum(b, row, 0, j) + Of.Peep(0, j, c));
        var forget = coupled ? 1 - input : VectorMath.Sigmoid(Sum(b, row, 1, j) + Of.Peep(1, j, c));
        var g = VectorMath.Tanh(Sum(b, row, last - 1, j));
        var fresh = (forget * c) + (input * g);
        if (Of.Below.Length > 0)
        {
            var sum = Of.Depth[here] + (Of.DepthFromCell[j] * c) + (Of.DepthFromBelow[j] * Of.Below[here]);
            if (Of.DepthBias.Length > 0) sum += Of.DepthBias[j];
            var depth = VectorMath.Sigmoid(sum);
            Of.Depth[here] = depth;
            fresh += depth * Of.Below[here];
        }

        var o = VectorMath.Sigmoid(Sum(b, row, last, j) + Of.Peep(last - 1, j, fresh));
        (Of.Kept[gate], Of.Kept[gate + H], Of.Kept[gate + (2 * H)], Of.Kept[gate + (3 * H)], Of.Fresh[here]) = (input, forget, g, o, fresh);
        c = Of.CellZoneout.Length > 0 ? (Of.CellZoneout[here] * c) + ((1 - Of.CellZoneout[here]) * fresh) : fresh;
        (Of.Cell[i], Of.Cells[here]) = (c, c);
        if (Of.Normal.Length > 0) return;
        var shown = o * VectorMath.Tanh(fresh);
        if (Of.Shown.Length > 0) Of.Shown[here] = shown;
        else Of.Carry.Take(b, j, Step, shown);
    }

    private readonly float Sum(int b, int row, int gate, int j)
    {
        var at = (gate * Of.H) + j;
        var sum = Of.Sums[(row * Of.Gates * Of.H) + at] + Product[(b * Of.Gates * Of.H) + at];
        if (Of.BiasIh.Length > 0) sum += Of.BiasIh[at];
        if (Of.BiasHh.Length > 0) sum += Of.BiasHh[at];
        return sum;
    }
}

/// <summary>o∘tanh of the normal cell, to the projection or into the state.</summary>
internal struct LstmFormedShow : IEach
{
    public LstmFormed Of;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.H;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var takes = Of.Carry.Takes(row);
        var shown = takes ? Of.Kept[(row * 4 * H) + (3 * H) + j] * VectorMath.Tanh(Of.Normal[(row * H) + j]) : 0;
        if (Of.Shown.Length > 0) Of.Shown[(row * H) + j] = shown;
        else if (takes) Of.Carry.Take(b, j, Step, shown);
        else Of.Carry.Hold(b, j, Step);
    }
}

/// <summary>The projection into the state. Product [B, P].</summary>
internal struct LstmFormedProject : IEach
{
    public LstmFormed Of;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var (b, p) = (i / Of.Carry.P, i % Of.Carry.P);
        if (Of.Carry.Takes(Of.Carry.Row(b, Step))) Of.Carry.Take(b, p, Step, Product[i]);
        else Of.Carry.Hold(b, p, Step);
    }
}

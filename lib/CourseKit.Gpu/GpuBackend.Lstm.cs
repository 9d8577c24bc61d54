using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    // Reserve of the plain LSTM: gates, [B, T, 4H], cells, [B, T, H], then what the products see, [B, T, H].

    /// <inheritdoc/>
    public int LstmReserve(in RecurrentSequence s) => LstmFormed.Needs(s) ? LstmFormed.Reserve(s) : checked(6 * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void LstmForward(in RecurrentSequence s, Storage y, Storage hN, Storage cN, Storage? reserve)
    {
        if (LstmFormed.Needs(s))
        {
            LstmFormedForward(s, y, hN, cN, reserve);
            return;
        }

        using var scratch = reserve is null ? Rented(LstmReserve(s)) : default(Scratch?);
        var cell = LstmCell(s, scratch?.View ?? Into(reserve!));
        (cell.BiasIh, cell.BiasHh) = (OfOptional(s.BiasIh), OfOptional(s.BiasHh));
        (cell.Cell, cell.Carry.State, cell.Carry.Y) = (Into(cN), Into(hN), Into(y));
        InputProducts(s, s.WeightIh, cell.Kept, 4 * s.H);
        Forward(cell, Of(s.WeightHh), cell.Carry.Seen, s.B, s.H0 is not null, s.Reverse);
    }

    /// <inheritdoc/>
    public void LstmBackward(in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        if (LstmFormed.Needs(s))
        {
            LstmFormedBackward(s, reserve, d);
            return;
        }

        var G = 4 * s.H;
        var cell = LstmCell(s, Of(reserve));
        using Scratch past = Rented(s.B * s.H), dC = Rented(s.B * s.H);
        using var scratch = d.DGates is null ? Rented(s.B * s.T * G) : default(Scratch?);
        Start(past.View, d.DHN);
        Start(dC.View, d.DCN);
        BackCarry(ref cell.Carry, past.View, d);
        cell.Back = new LstmBackward { D = scratch?.View ?? Into(d.DGates!), DC = dC.View, DCells = IntoOptional(d.DCells), DC0 = OfOptional(d.DC0) };
        Backward(cell, Of(s.WeightHh), cell.Back.D, s.B, s.Reverse);
        Gradients(s, cell.Back.D, cell.Carry.Seen, G, d);
    }

    private Lstm LstmCell(in RecurrentSequence s, ArrayView<float> kept)
    {
        var all = s.B * s.T * s.H;
        var cell = new Lstm { Carry = Carry(s, s.H), Kept = kept.SubView(0, 4 * all), Cells = kept.SubView(4 * all, all), C0 = OfOptional(s.C0) };
        cell.Carry.Seen = kept.SubView(5 * all, all);
        return cell;
    }
}

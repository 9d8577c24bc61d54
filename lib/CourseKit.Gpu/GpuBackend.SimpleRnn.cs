using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

public sealed partial class GpuBackend
{
    // Reserve: f(·), [B, T, H], then what the products see, [B, T, H].

    /// <inheritdoc/>
    public int SimpleRnnReserve(in RecurrentSequence s) => checked(2 * s.B * s.T * s.H);

    /// <inheritdoc/>
    public void SimpleRnnForward(Activation function, in RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        using var scratch = reserve is null ? Rented(SimpleRnnReserve(s)) : default(Scratch?);
        var kept = scratch?.View ?? Into(reserve!);
        var all = s.B * s.T * s.H;
        var cell = RnnCell(function, s, kept);
        (cell.BiasIh, cell.BiasHh) = (OfOptional(s.BiasIh), OfOptional(s.BiasHh));
        (cell.Carry.State, cell.Carry.Y) = (Into(hN), Into(y));
        InputProducts(s, s.WeightIh, kept.SubView(0, all), s.H);
        Forward(cell, Of(s.WeightHh), cell.Carry.Seen, s.B, s.H0 is not null, s.Reverse);
    }

    /// <inheritdoc/>
    public void SimpleRnnBackward(Activation function, in RecurrentSequence s, Storage y, Storage reserve, in RecurrentGradients d)
    {
        var cell = RnnCell(function, s, Of(reserve));
        using var past = Rented(s.B * s.H);
        using var scratch = d.DGates is null ? Rented(s.B * s.T * s.H) : default(Scratch?);
        cell.D = scratch?.View ?? Into(d.DGates!);
        Start(past.View, d.DHN);
        BackCarry(ref cell.Carry, past.View, d);
        Backward(cell, Of(s.WeightHh), cell.D, s.B, s.Reverse);
        Gradients(s, cell.D, cell.Carry.Seen, s.H, d);
    }

    private SimpleRnn RnnCell(Activation function, in RecurrentSequence s, ArrayView<float> kept)
    {
        var all = s.B * s.T * s.H;
        var cell = new SimpleRnn { Carry = Carry(s, s.H), Sums = kept.SubView(0, all), Function = (int)function };
        cell.Carry.Seen = kept.SubView(all, all);
        return cell;
    }

    private void BackCarry(ref RecurrentCarry carry, ArrayView<float> past, in RecurrentGradients d)
    {
        carry.Past = past;
        carry.DY = OfOptional(d.DY);
        carry.DStates = IntoOptional(d.DStates);
        carry.DH0 = OfOptional(d.DH0);
    }
}

using ILGPU;

namespace CourseKit.Gpu;

/// <summary>h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh); backward dSum = dh·f'. Sums [B, T, H]: the input's product, then f(·); biases [H] or empty; D [B, T, H].</summary>
internal struct SimpleRnn : IRecurrentCell
{
    public RecurrentCarry Carry;
    public ArrayView<float> Sums, BiasIh, BiasHh, D;
    public int Function;

    public readonly int Units => Carry.P;

    public readonly int Steps => Carry.T;

    public readonly int Gates => 1;

    public readonly float Start(int b, int j) => Carry.Start(b, j);

    public readonly float Forward(int b, int j, int step, GateSums state)
    {
        var row = Carry.Row(b, step);
        var at = (row * Units) + j;
        if (!Carry.Takes(row))
        {
            Sums[at] = 0;
            return Carry.Hold(b, j, step);
        }

        var sum = Sums[at] + state.A;
        if (BiasIh.Length > 0) sum += BiasIh[j];
        if (BiasHh.Length > 0) sum += BiasHh[j];
        var h = VectorMath.Activate(Function, sum);
        Sums[at] = h;
        return Carry.Take(b, j, step, h);
    }

    public readonly GateSums Backward(int b, int j, int step, float product)
    {
        var at = (Carry.Row(b, step) * Units) + j;
        var d = Carry.Reach(b, j, step, product) * VectorMath.Slope(Function, Sums[at]);
        if (!Carry.Takes(Carry.Row(b, step))) d = 0;
        D[at] = d;
        return new GateSums { A = d };
    }

    public readonly void Finish(int b, int j, float product) => Carry.Finish(b, j, product);
}

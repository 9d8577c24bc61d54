using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// i, f, o = σ(·), g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
/// Kept [B, T, 4H]: the input's product, then i, f, g, o; cells [B, T, H]; biases [4H] or empty; c0 [B, H] or empty; cell [B, H], running.
/// </summary>
internal struct Lstm : IRecurrentCell
{
    public RecurrentCarry Carry;
    public LstmBackward Back;
    public ArrayView<float> Kept, Cells, BiasIh, BiasHh, C0, Cell;

    public readonly int Units => Carry.P;

    public readonly int Steps => Carry.T;

    public readonly int Gates => 4;

    public readonly float Start(int b, int j)
    {
        var at = (b * Units) + j;
        Cell[at] = C0.Length > 0 ? C0[at] : 0;
        return Carry.Start(b, j);
    }

    public readonly float Forward(int b, int j, int step, GateSums state)
    {
        var (row, H, at) = (Carry.Row(b, step), Units, (b * Units) + j);
        var gate = (row * 4 * H) + j;
        var c = Cell[at];
        if (!Carry.Takes(row))
        {
            (Kept[gate], Kept[gate + H], Kept[gate + (2 * H)], Kept[gate + (3 * H)]) = (0, 0, 0, 0);
            Cells[(row * H) + j] = c;
            return Carry.Hold(b, j, step);
        }

        var i = VectorMath.Sigmoid(Sum(gate, j, state.A));
        var f = VectorMath.Sigmoid(Sum(gate + H, H + j, state.B));
        var g = VectorMath.Tanh(Sum(gate + (2 * H), (2 * H) + j, state.C));
        var o = VectorMath.Sigmoid(Sum(gate + (3 * H), (3 * H) + j, state.D));
        (Kept[gate], Kept[gate + H], Kept[gate + (2 * H)], Kept[gate + (3 * H)]) = (i, f, g, o);
        c = (f * c) + (i * g);
        Cell[at] = c;
        Cells[(row * H) + j] = c;
        return Carry.Take(b, j, step, o * VectorMath.Tanh(c));
    }

    public readonly GateSums Backward(int b, int j, int step, float product)
    {
        var (row, H) = (Carry.Row(b, step), Units);
        var gate = (row * 4 * H) + j;
        var d = Carry.Reach(b, j, step, product);
        var before = step > 0 ? Cells[(Carry.Row(b, step - 1) * H) + j] : C0.Length > 0 ? C0[(b * H) + j] : 0;
        var sums = Back.Step(row, (b * H) + j, (row * H) + j, Carry.Takes(row), d, before, Kept[gate], Kept[gate + H], Kept[gate + (2 * H)], Kept[gate + (3 * H)]);
        Back.Write(gate, H, sums);
        return sums;
    }

    public readonly void Finish(int b, int j, float product)
    {
        Carry.Finish(b, j, product);
        Back.Finish((b * Units) + j);
    }

    private readonly float Sum(int at, int row, float state)
    {
        var sum = Kept[at] + state;
        if (BiasIh.Length > 0) sum += BiasIh[row];
        if (BiasHh.Length > 0) sum += BiasHh[row];
        return sum;
    }
}

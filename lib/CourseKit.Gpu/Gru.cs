using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// r, z = σ(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; n = tanh(W_in·x_t + b_in + r·(W_hn·h_{t-1} + b_hn)); h_t = (1 − z)·n + z·h_{t-1}: the form of PyTorch, cuDNN and Keras.
/// Kept [B, T, 3H]: the input's product, then r, z, n; inner [B, T, H]: W_hn·h + b_hn; biases [3H] or empty. Backward: D [B, T, 3H], the gradients of the input's sums, and DState [B, T, 3H], those of the state's.
/// </summary>
internal struct Gru : IRecurrentCell
{
    public RecurrentCarry Carry;
    public ArrayView<float> Kept, Inner, BiasIh, BiasHh, D, DState;

    public readonly int Units => Carry.P;

    public readonly int Steps => Carry.T;

    public readonly int Gates => 3;

    public readonly float Start(int b, int j) => Carry.Start(b, j);

    public readonly float Forward(int b, int j, int step, GateSums state)
    {
        var (row, H) = (Carry.Row(b, step), Units);
        var gate = (row * 3 * H) + j;
        if (!Carry.Takes(row))
        {
            (Kept[gate], Kept[gate + H], Kept[gate + (2 * H)], Inner[(row * H) + j]) = (0, 0, 0, 0);
            return Carry.Hold(b, j, step);
        }

        var h = Carry.Now(b, j);
        var r = VectorMath.Sigmoid(Kept[gate] + Of(BiasIh, j) + state.A + Of(BiasHh, j));
        var z = VectorMath.Sigmoid(Kept[gate + H] + Of(BiasIh, H + j) + state.B + Of(BiasHh, H + j));
        var inner = state.C + Of(BiasHh, (2 * H) + j);
        var n = VectorMath.Tanh(Kept[gate + (2 * H)] + Of(BiasIh, (2 * H) + j) + (r * inner));
        (Kept[gate], Kept[gate + H], Kept[gate + (2 * H)], Inner[(row * H) + j]) = (r, z, n, inner);
        return Carry.Take(b, j, step, n + (z * (h - n)));
    }

    public readonly GateSums Backward(int b, int j, int step, float product)
    {
        var (row, H) = (Carry.Row(b, step), Units);
        var gate = (row * 3 * H) + j;
        var d = Carry.Reach(b, j, step, product);
        var sums = default(GateSums);
        var dN = 0f;
        if (Carry.Takes(row))
        {
            var (r, z, n) = (Kept[gate], Kept[gate + H], Kept[gate + (2 * H)]);
            Carry.Pass(b, j, d * z);
            dN = d * (1 - z) * (1 - (n * n));
            sums = new GateSums { A = dN * Inner[(row * H) + j] * r * (1 - r), B = d * (Carry.Old(row, j) - n) * z * (1 - z), C = dN * r };
        }

        (D[gate], D[gate + H], D[gate + (2 * H)]) = (sums.A, sums.B, dN);
        (DState[gate], DState[gate + H], DState[gate + (2 * H)]) = (sums.A, sums.B, sums.C);
        return sums;
    }

    public readonly void Finish(int b, int j, float product) => Carry.Finish(b, j, product);

    private static float Of(ArrayView<float> bias, int row) => bias.Length > 0 ? bias[row] : 0;
}

namespace CourseKit.Backends.Cpu;

internal static unsafe class SimpleRnn
{
    // x [B, T, I], h0 [B, H] or null, weights [H, I], [H, H], biases [H] or null, y [B, T, H], hN, previous [B, H]:
    // h_t = f(W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh).
    internal static void Forward(Activation function, float* x, float* h0, float* weightIh, float* weightHh, float* biasIh, float* biasHh,
        float* y, float* hN, float* previous, int B, int T, int I, int H, bool reverse)
    {
        Recurrent.InputProduct(x, weightIh, biasIh, y, B * T, I, H);
        if (biasHh is not null) Rows.AddBias(biasHh, y, B * T, H);
        Recurrent.Start(h0, previous, B * H);
        for (var s = 0; s < T; s++)
        {
            var now = y + ((long)Recurrent.At(s, T, reverse) * H);
            MatMul.Run(previous, H, false, weightHh, H, true, now, T * H, B, H, H, true);
            for (var b = 0; b < B; b++)
            {
                Elementwise.Activate(function, now + ((long)b * T * H), now + ((long)b * T * H), H);
                new Span<float>(now + ((long)b * T * H), H).CopyTo(new Span<float>(previous + (b * H), H));
            }
        }

        new Span<float>(previous, B * H).CopyTo(new Span<float>(hN, B * H));
    }

    // y, dY [B, T, H], gates [B, T, H] out, dH [B, H] in and out: dGates = dh·f'; dh_{t-1} = dGates·W_hh.
    internal static void Backward(Activation function, float* weightHh, float* y, float* dY, float* gates, float* dH, int B, int T, int H, bool reverse)
    {
        for (var s = T - 1; s >= 0; s--)
        {
            var at = (long)Recurrent.At(s, T, reverse) * H;
            for (var b = 0; b < B; b++)
            {
                var start = ((long)b * T * H) + at;
                for (var j = 0; j < H; j++)
                {
                    var d = dH[(b * H) + j] + (dY is null ? 0 : dY[start + j]);
                    gates[start + j] = d * Elementwise.Slope(function, y[start + j]);
                }
            }

            MatMul.Run(gates + at, T * H, false, weightHh, H, false, dH, H, B, H, H, false);
        }
    }
}

namespace CourseKit.Backends.Cpu;

internal static unsafe class Lstm
{
    // x [B, T, I], h0, c0 [B, H] or null, weights [4H, I], [4H, H], biases [4H] or null, y, cells [B, T, H], gates [B, T, 4H], hN, cN [B, H]:
    // i, f, o = σ(·), g = tanh(·) of W_ih·x_t + b_ih + W_hh·h_{t-1} + b_hh; c_t = f·c_{t-1} + i·g; h_t = o·tanh(c_t).
    internal static void Forward(float* x, float* h0, float* c0, float* weightIh, float* weightHh, float* biasIh, float* biasHh,
        float* y, float* hN, float* cN, float* gates, float* cells, int B, int T, int I, int H, bool reverse)
    {
        Recurrent.InputProduct(x, weightIh, biasIh, gates, B * T, I, 4 * H);
        if (biasHh is not null) Rows.AddBias(biasHh, gates, B * T, 4 * H);
        Recurrent.Start(h0, hN, B * H);
        Recurrent.Start(c0, cN, B * H);
        for (var s = 0; s < T; s++)
        {
            var at = Recurrent.At(s, T, reverse);
            MatMul.Run(hN, H, false, weightHh, H, true, gates + ((long)at * 4 * H), T * 4 * H, B, 4 * H, H, true);
            for (var b = 0; b < B; b++)
            {
                var row = ((long)b * T) + at;
                var i = gates + (row * 4 * H);
                for (var j = 0; j < H; j++)
                {
                    i[j] = Elementwise.Sigmoid(i[j]);
                    i[j + H] = Elementwise.Sigmoid(i[j + H]);
                    i[j + (2 * H)] = MathF.Tanh(i[j + (2 * H)]);
                    i[j + (3 * H)] = Elementwise.Sigmoid(i[j + (3 * H)]);
                    var c = (i[j + H] * cN[(b * H) + j]) + (i[j] * i[j + (2 * H)]);
                    cN[(b * H) + j] = cells[(row * H) + j] = c;
                    hN[(b * H) + j] = y[(row * H) + j] = i[j + (3 * H)] * MathF.Tanh(c);
                }
            }
        }
    }

    // c0 [B, H] or null, weightHh [4H, H], dY [B, T, H] or null, gates [B, T, 4H], cells [B, T, H], dGates [B, T, 4H] out, dH, dC [B, H] in and out:
    // do = dh·tanh(c); dc += dh·o·(1 − tanh²(c)); di = dc·g, df = dc·c_{t-1}, dg = dc·i; dc_{t-1} = dc·f; dh_{t-1} = dGates·W_hh.
    internal static void Backward(float* c0, float* weightHh, float* dY, float* gates, float* cells, float* dGates, float* dH, float* dC,
        int B, int T, int H, bool reverse)
    {
        for (var s = T - 1; s >= 0; s--)
        {
            var at = Recurrent.At(s, T, reverse);
            for (var b = 0; b < B; b++)
            {
                var row = ((long)b * T) + at;
                var g = gates + (row * 4 * H);
                var d = dGates + (row * 4 * H);
                var before = s > 0 ? cells + ((((long)b * T) + Recurrent.At(s - 1, T, reverse)) * H) : c0 is null ? null : c0 + (b * H);
                for (var j = 0; j < H; j++)
                {
                    var (input, forget, candidate, output) = (g[j], g[j + H], g[j + (2 * H)], g[j + (3 * H)]);
                    var squashed = MathF.Tanh(cells[(row * H) + j]);
                    var dh = dH[(b * H) + j] + (dY is null ? 0 : dY[(row * H) + j]);
                    var dc = dC[(b * H) + j] + (dh * output * (1 - (squashed * squashed)));
                    d[j] = dc * candidate * input * (1 - input);
                    d[j + H] = before is null ? 0 : dc * before[j] * forget * (1 - forget);
                    d[j + (2 * H)] = dc * input * (1 - (candidate * candidate));
                    d[j + (3 * H)] = dh * squashed * output * (1 - output);
                    dC[(b * H) + j] = dc * forget;
                }
            }

            MatMul.Run(dGates + ((long)at * 4 * H), T * 4 * H, false, weightHh, H, false, dH, H, B, H, 4 * H, false);
        }
    }
}

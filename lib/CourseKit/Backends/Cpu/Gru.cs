namespace CourseKit.Backends.Cpu;

internal static unsafe class Gru
{
    // x [B, T, I], h0 [B, H] or null, weights [3H, I], [3H, H], biases [3H] or null, y, inner [B, T, H], gates [B, T, 3H], hN [B, H]:
    // r, z = σ(·); after: inner = W_hn·h + b_hn, n = tanh(x_n + r·inner); before: inner = r·h, n = tanh(x_n + W_hn·inner + b_hn); h' = (1 − z)·n + z·h.
    internal static void Forward(bool resetAfter, float* x, float* h0, float* weightIh, float* weightHh, float* biasIh, float* biasHh,
        float* y, float* hN, float* gates, float* inner, int B, int T, int I, int H, bool reverse)
    {
        var G = 3 * H;
        Recurrent.InputProduct(x, weightIh, biasIh, gates, B * T, I, G);
        Recurrent.Start(h0, hN, B * H);
        for (var row = 0; row < B * T && biasHh is not null; row++)
        {
            var biased = resetAfter ? 2 * H : G;
            for (var j = 0; j < biased; j++) gates[((long)row * G) + j] += biasHh[j];
        }

        if (resetAfter) Rows.Spread(biasHh is null ? null : biasHh + (2 * H), inner, B * T, H);
        for (var s = 0; s < T; s++)
        {
            var at = Recurrent.At(s, T, reverse);
            var now = gates + ((long)at * G);
            var nowInner = inner + ((long)at * H);
            MatMul.Run(hN, H, false, weightHh, H, true, now, T * G, B, 2 * H, H, true);
            if (resetAfter) MatMul.Run(hN, H, false, weightHh + ((long)2 * H * H), H, true, nowInner, T * H, B, H, H, true);
            for (var b = 0; b < B; b++)
            {
                var r = now + ((long)b * T * G);
                var q = nowInner + ((long)b * T * H);
                Elementwise.Activate(Activation.Sigmoid, r, r, 2 * H);
                for (var j = 0; j < H; j++)
                {
                    if (resetAfter) r[j + (2 * H)] += r[j] * q[j];
                    else q[j] = r[j] * hN[(b * H) + j];
                }
            }

            if (!resetAfter) MatMul.Run(nowInner, T * H, false, weightHh + ((long)2 * H * H), H, true, now + (2 * H), T * G, B, H, H, true);
            for (var b = 0; b < B; b++)
            {
                var r = now + ((long)b * T * G);
                Elementwise.Activate(Activation.Tanh, r + (2 * H), r + (2 * H), H);
                for (var j = 0; j < H; j++)
                {
                    var z = r[j + H];
                    hN[(b * H) + j] = y[((((long)b * T) + at) * H) + j] = ((1 - z) * r[j + (2 * H)]) + (z * hN[(b * H) + j]);
                }
            }
        }
    }

    // weightHh [3H, H], dY [B, T, H] or null, previous, inner [B, T, H], gates [B, T, 3H], dInput, dHidden [B, T, 3H] out, dH [B, H] in and out, dInner [B, H]:
    // dn = dh·(1 − z)·(1 − n²); dz = dh·(h − n)·z(1 − z); after: dr = dn·inner·r(1 − r), the hidden side of n gets dn·r;
    // before: dInner = dn·W_hn, dr = dInner·h·r(1 − r), dh += dInner·r; dh_{t-1} = dh·z + dHidden·W_hh.
    internal static void Backward(bool resetAfter, float* weightHh, float* dY, float* previous, float* gates, float* inner,
        float* dInput, float* dHidden, float* dH, float* dInner, int B, int T, int H, bool reverse)
    {
        var G = 3 * H;
        for (var s = T - 1; s >= 0; s--)
        {
            var at = Recurrent.At(s, T, reverse);
            for (var b = 0; b < B; b++)
            {
                var row = ((long)b * T) + at;
                var g = gates + (row * G);
                var d = dInput + (row * G);
                for (var j = 0; j < H; j++)
                {
                    var (r, z, n) = (g[j], g[j + H], g[j + (2 * H)]);
                    var dh = dH[(b * H) + j] + (dY is null ? 0 : dY[(row * H) + j]);
                    var dn = dh * (1 - z) * (1 - (n * n));
                    d[j + H] = dh * (previous[(row * H) + j] - n) * z * (1 - z);
                    d[j + (2 * H)] = dn;
                    if (resetAfter) d[j] = dn * inner[(row * H) + j] * r * (1 - r);
                    dH[(b * H) + j] = dh * z;
                }
            }

            var nowHidden = dHidden + ((long)at * G);
            if (resetAfter)
            {
                for (var b = 0; b < B; b++)
                {
                    var row = ((long)b * T) + at;
                    for (var j = 0; j < H; j++)
                    {
                        dHidden[(row * G) + j] = dInput[(row * G) + j];
                        dHidden[(row * G) + j + H] = dInput[(row * G) + j + H];
                        dHidden[(row * G) + j + (2 * H)] = dInput[(row * G) + j + (2 * H)] * gates[(row * G) + j];
                    }
                }

                MatMul.Run(nowHidden, T * G, false, weightHh, H, false, dH, H, B, H, G, true);
                continue;
            }

            MatMul.Run(dInput + ((long)at * G) + (2 * H), T * G, false, weightHh + ((long)2 * H * H), H, false, dInner, H, B, H, H, false);
            for (var b = 0; b < B; b++)
            {
                var row = ((long)b * T) + at;
                for (var j = 0; j < H; j++)
                {
                    var r = gates[(row * G) + j];
                    dInput[(row * G) + j] = dInner[(b * H) + j] * previous[(row * H) + j] * r * (1 - r);
                    dH[(b * H) + j] += dInner[(b * H) + j] * r;
                }
            }

            MatMul.Run(dInput + ((long)at * G), T * G, false, weightHh, H, false, dH, H, B, H, 2 * H, true);
        }
    }
}

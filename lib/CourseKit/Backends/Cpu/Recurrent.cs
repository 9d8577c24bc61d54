namespace CourseKit.Backends.Cpu;

/// <summary>What the three recurrent layers share: the order of time and the products before and after the loop over time.</summary>
internal static unsafe class Recurrent
{
    // The time step that the s-th iteration handles.
    internal static int At(int s, int steps, bool reverse) => reverse ? steps - 1 - s : s;

    // x [B·T, I], weight [G, I], bias [G] or null, gates [B·T, G]: gates = x·Wᵀ + b.
    internal static void InputProduct(float* x, float* weight, float* bias, float* gates, int rows, int I, int G)
    {
        Rows.Spread(bias, gates, rows, G);
        MatMul.Run(x, I, false, weight, I, true, gates, G, rows, G, I, true);
    }

    // y [B, T, H], h0 [B, H] or null, previous [B, T, H]: the state that each time step started from.
    internal static void PreviousStates(float* y, float* h0, float* previous, int B, int T, int H, bool reverse)
    {
        for (var b = 0; b < B; b++)
        {
            for (var s = 0; s < T; s++)
            {
                var target = new Span<float>(previous + ((((long)b * T) + At(s, T, reverse)) * H), H);
                if (s > 0) new Span<float>(y + ((((long)b * T) + At(s - 1, T, reverse)) * H), H).CopyTo(target);
                else if (h0 is not null) new Span<float>(h0 + ((long)b * H), H).CopyTo(target);
                else target.Clear();
            }
        }
    }

    // d [rows, G], operand [rows, columns], dWeight [G, columns], dBias [G]: dW += dᵀ·operand; dB += Σ_row d.
    internal static void WeightGradients(float* d, float* operand, float* dWeight, float* dBias, int rows, int G, int columns)
    {
        if (dWeight is not null) MatMul.Run(d, G, true, operand, columns, false, dWeight, columns, G, columns, rows, true);
        if (dBias is not null) Rows.Sum(d, dBias, rows, G);
    }

    // d [rows, G], weight [G, I], dX [rows, I]: dX += d·W.
    internal static void InputGradient(float* d, float* weight, float* dX, int rows, int G, int I)
    {
        if (dX is not null) MatMul.Run(d, G, false, weight, I, false, dX, I, rows, I, G, true);
    }

    internal static void Start(float* from, float* to, int n)
    {
        if (from is null) new Span<float>(to, n).Clear();
        else new Span<float>(from, n).CopyTo(new Span<float>(to, n));
    }
}

using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// A plain LSTM's gates and cell on the way back: dc = dc_t + dh·o·(1 − tanh²(c_t)); di = dc·g·i(1 − i); df = dc·c_{t-1}·f(1 − f); dg = dc·i·(1 − g²); do = dh·tanh(c_t)·o(1 − o); dc_{t-1} = dc·f.
/// D [B, T, 4H]; dC [B, H], running; dCells [B, T, H] or empty; dC0 [B, H] or empty.
/// </summary>
internal struct LstmBackward
{
    public ArrayView<float> D, DC, DCells, DC0;

    /// <summary>at is the unit's place in [B, H], here in [B, T, H]; d is the gradient of h, before c_{t-1}.</summary>
    public readonly GateSums Step(int row, int at, int here, bool takes, float d, float before, float i, float f, float g, float o)
    {
        var dC = DC[at];
        if (!takes)
        {
            if (DCells.Length > 0) DCells[here] = dC;
            return default;
        }

        var shown = VectorMath.Tanh((f * before) + (i * g));
        dC += d * o * (1 - (shown * shown));
        if (DCells.Length > 0) DCells[here] = dC;
        DC[at] = dC * f;
        return new GateSums { A = dC * g * i * (1 - i), B = dC * before * f * (1 - f), C = dC * i * (1 - (g * g)), D = d * shown * o * (1 - o) };
    }

    public readonly void Write(int gate, int H, GateSums sums) => (D[gate], D[gate + H], D[gate + (2 * H)], D[gate + (3 * H)]) = (sums.A, sums.B, sums.C, sums.D);

    public readonly void Finish(int at)
    {
        if (DC0.Length > 0) DC0[at] += DC[at];
    }
}

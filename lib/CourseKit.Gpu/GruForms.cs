using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// The forms whose candidate has a product of its own: n = tanh(W_in·x + b_in + W_hn·inner + b_hn), inner = gate·h, or h where no gate comes before it. K is 2 (r, z), or 1 (z, or f); G = K + 1.
/// Kept [B, T, G·H]: the input's product, then the gates, n last; inner [B, T, H]; biases [G·H] or empty; h as the products see it, after its dropout.
/// </summary>
internal struct GruForms
{
    public RecurrentCarry Carry;
    public ArrayView<float> Kept, Inner, BiasIh, BiasHh;
    public int Form, K;

    /// <summary>Whether a gate multiplies the state before the candidate's product.</summary>
    public readonly bool Resets => Form != (int)GruForm.UpdateOnly;

    public readonly int Gate(int row) => row * (K + 1) * Carry.P;

    /// <summary>How much of h_{t-1} the gates keep: z, or Minimal's 1 − f.</summary>
    public readonly float OldShare(int row, int j)
    {
        var gate = Kept[Gate(row) + ((K - 1) * Carry.P) + j];
        return Form == (int)GruForm.Minimal ? 1 - gate : gate;
    }

    public readonly float Bias(int row) => (BiasIh.Length > 0 ? BiasIh[row] : 0) + (BiasHh.Length > 0 ? BiasHh[row] : 0);
}

/// <summary>The states before the first step.</summary>
internal struct GruFormsStart : IEach
{
    public GruForms Of;

    public readonly void At(int i) => Of.Carry.Start(i / Of.Carry.P, i % Of.Carry.P);
}

/// <summary>The gates of a step, and what the candidate's product sees. Product [B, K·H].</summary>
internal struct GruFormsGates : IEach
{
    public GruForms Of;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.Carry.P;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var (takes, first) = (Of.Carry.Takes(row), Of.Gate(row) + j);
        for (var k = 0; k < Of.K; k++)
        {
            var at = first + (k * H);
            Of.Kept[at] = takes ? VectorMath.Sigmoid(Of.Kept[at] + Product[(((b * Of.K) + k) * H) + j] + Of.Bias((k * H) + j)) : 0;
        }

        var seen = Of.Carry.Seen[(row * H) + j];
        Of.Inner[(row * H) + j] = !takes ? 0 : Of.Resets ? Of.Kept[first] * seen : seen;
    }
}

/// <summary>The candidate and the new state of a step. Product [B, H].</summary>
internal struct GruFormsCandidate : IEach
{
    public GruForms Of;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.Carry.P;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var at = Of.Gate(row) + (Of.K * H) + j;
        if (!Of.Carry.Takes(row))
        {
            Of.Kept[at] = 0;
            Of.Carry.Hold(b, j, Step);
            return;
        }

        var n = VectorMath.Tanh(Of.Kept[at] + Product[i] + Of.Bias((Of.K * H) + j));
        Of.Kept[at] = n;
        Of.Carry.Take(b, j, Step, n + (Of.OldShare(row, j) * (Of.Carry.Now(b, j) - n)));
    }
}

using CourseKit.Backends;
using ILGPU;

namespace CourseKit.Gpu;

/// <summary>A step back to the candidate's sum: dn = dh·(1 − old)·(1 − n²), and the gradient of the gate that mixes. D [B, T, G·H]; product [B, H] of the later step, or empty.</summary>
internal struct GruFormsCandidateBackward : IEach
{
    public GruForms Of;
    public ArrayView<float> D, Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.Carry.P;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var first = Of.Gate(row) + j;
        var d = Of.Carry.Reach(b, j, Step, Product.Length > 0 ? Product[i] : 0);
        for (var k = 0; k <= Of.K; k++) D[first + (k * H)] = 0;
        if (!Of.Carry.Takes(row)) return;
        var (old, n, h) = (Of.OldShare(row, j), Of.Kept[first + (Of.K * H)], Of.Carry.Old(row, j));
        Of.Carry.Pass(b, j, d * old);
        D[first + (Of.K * H)] = d * (1 - old) * (1 - (n * n));

        // Minimal's gate waits for what comes through inner.
        D[first + ((Of.K - 1) * H)] = Of.Form == (int)GruForm.Minimal ? d * (n - h) : d * (h - n) * old * (1 - old);
    }
}

/// <summary>On to the gates' sums, through inner = gate·h: DInner [B, H] was made by the candidate's product; product [B, H] gets what reaches h there.</summary>
internal struct GruFormsGatesBackward : IEach
{
    public GruForms Of;
    public ArrayView<float> D, DInner, Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.Carry.P;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        if (!Of.Carry.Takes(row))
        {
            Product[i] = 0;
            return;
        }

        var first = Of.Gate(row) + j;
        var gate = Of.Resets ? Of.Kept[first] : 1;
        if (Of.Resets) D[first] = ((Of.Form == (int)GruForm.Minimal ? D[first] : 0) + (DInner[i] * Of.Carry.Seen[(row * H) + j])) * gate * (1 - gate);
        Product[i] = DInner[i] * gate;
    }
}

/// <summary>The gradients of the states before the first step.</summary>
internal struct GruFormsFinish : IEach
{
    public GruForms Of;
    public ArrayView<float> Product;

    public readonly void At(int i) => Of.Carry.Finish(i / Of.Carry.P, i % Of.Carry.P, Product[i]);
}

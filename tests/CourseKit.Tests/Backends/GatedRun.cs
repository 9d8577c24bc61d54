using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

/// <summary>The operands of one call of a simple recurrent layer or a GRU, and the call on any backend: results and all gradients by name.</summary>
internal sealed class GatedRun
{
    public static readonly string[] Cells = ["tanh", "relu", "gru after", "gru before", "gru update", "gru minimal"];
    private readonly string cell;
    private readonly Random random = new(5);

    public GatedRun(string cell, int B, int T, int I, int H, bool reverse = false, string what = "", bool full = true)
    {
        (this.cell, this.B, this.T, this.I, this.H, Reverse) = (cell, B, T, I, H, reverse);
        bool Has(string part) => what.Contains(part, StringComparison.Ordinal);
        (X, WeightIh, WeightHh) = (Draw(B * T * I), Draw(Gates * H * I, 0.7f), Draw(Gates * H * H, 1.5f / MathF.Sqrt(H)));
        if (full) (H0, BiasIh, BiasHh) = (Draw(B * H), Draw(Gates * H), Draw(Gates * H));
        (DY, DHN) = (Draw(B * T * H), full ? Draw(B * H) : null);
        if (Has("mask")) Mask = Choose(B * T, 0, 1);
        if (Has("dropout")) HiddenDropout = Choose(B * H, 0, 1.25f);
        if (Has("zoneout")) HiddenZoneout = full ? Choose(B * T * H, 0, 1) : Choose(B * T * H, 0.25f, 0.125f);
    }

    public int B, T, I, H;
    public bool Reverse;
    public float[] X, WeightIh, WeightHh, DY;
    public float[]? H0, BiasIh, BiasHh, DHN, Mask, HiddenDropout, HiddenZoneout;

    /// <summary>Whether the states' and the gates' gradients are asked for too.</summary>
    public bool Sees = true;

    public int Gates => cell switch { "tanh" or "relu" => 1, "gru update" or "gru minimal" => 2, _ => 3 };

    private GruForm Form => cell switch { "gru after" => GruForm.ResetAfter, "gru before" => GruForm.ResetBefore, "gru update" => GruForm.UpdateOnly, _ => GruForm.Minimal };

    private bool IsGru => cell.StartsWith("gru", StringComparison.Ordinal);

    private Activation Function => cell == "relu" ? Activation.Relu : Activation.Tanh;

    /// <summary>Forward alone: y and hN.</summary>
    public Dictionary<string, float[]> Forward(IBackend backend)
    {
        var (s, y, hN) = (Sequence(backend), Unwritten(backend, B * T * H), Unwritten(backend, B * H));
        Forward(backend, s, y, hN, null);
        return new() { ["y"] = Numbers(backend, y), ["hN"] = Numbers(backend, hN) };
    }

    /// <summary>Forward and backward. Gradients that are added to begin at 0.25; those of what is not given are missing.</summary>
    public Dictionary<string, float[]> Both(IBackend backend)
    {
        var s = Sequence(backend);
        Storage y = Unwritten(backend, B * T * H), hN = Unwritten(backend, B * H), reserve = Unwritten(backend, IsGru ? backend.GruReserve(Form, s) : backend.SimpleRnnReserve(s));
        Forward(backend, s, y, hN, reserve);

        var results = new Dictionary<string, Storage> { ["y"] = y, ["hN"] = hN };
        Storage? Start(string name, float[]? operand) => operand is null ? null : results[name] = Of(backend, [.. Enumerable.Repeat(0.25f, operand.Length)])!;
        Storage? Out(string name, int length) => Sees ? results[name] = Unwritten(backend, length) : null;
        var d = new RecurrentGradients
        {
            DY = Of(backend, DY),
            DHN = Of(backend, DHN),
            DX = Start("dX", X),
            DH0 = Start("dH0", H0),
            DWeightIh = Start("dWeightIh", WeightIh),
            DWeightHh = Start("dWeightHh", WeightHh),
            DBiasIh = Start("dBiasIh", BiasIh),
            DBiasHh = Start("dBiasHh", BiasHh),
            DStates = Out("dStates", B * T * H),
            DGates = Out("dGates", B * T * Gates * H),
        };
        if (IsGru) backend.GruBackward(Form, s, y, reserve, d);
        else backend.SimpleRnnBackward(Function, s, y, reserve, d);
        if (IsGru) results["gates"] = Of(backend, Numbers(backend, reserve)[..(B * T * Gates * H)])!;
        return results.ToDictionary(pair => pair.Key, pair => Numbers(backend, pair.Value));
    }

    private void Forward(IBackend backend, RecurrentSequence s, Storage y, Storage hN, Storage? reserve)
    {
        if (IsGru) backend.GruForward(Form, s, y, hN, reserve);
        else backend.SimpleRnnForward(Function, s, y, hN, reserve);
    }

    private RecurrentSequence Sequence(IBackend backend) => new()
    {
        B = B,
        T = T,
        I = I,
        H = H,
        Reverse = Reverse,
        X = Of(backend, X)!,
        H0 = Of(backend, H0),
        WeightIh = Of(backend, WeightIh)!,
        WeightHh = Of(backend, WeightHh)!,
        BiasIh = Of(backend, BiasIh),
        BiasHh = Of(backend, BiasHh),
        Mask = Of(backend, Mask),
        HiddenDropout = Of(backend, HiddenDropout),
        HiddenZoneout = Of(backend, HiddenZoneout),
    };

    // What the call must write whole: whatever it leaves shows as NaN.
    private static Storage Unwritten(IBackend backend, int length)
    {
        var storage = backend.Rent(length);
        backend.Fill(storage, float.NaN);
        return storage;
    }

    private static Storage? Of(IBackend backend, float[]? values)
    {
        if (values is null) return null;
        var storage = backend.Rent(values.Length);
        backend.Write(values, storage, 0);
        return storage;
    }

    private static float[] Numbers(IBackend backend, Storage storage)
    {
        var values = new float[storage.Length];
        backend.Read(storage, 0, values);
        return values;
    }

    private float[] Draw(int count, float scale = 1) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1) * scale)];

    private float[] Choose(int count, float one, float other) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < 0.4 ? one : other)];
}

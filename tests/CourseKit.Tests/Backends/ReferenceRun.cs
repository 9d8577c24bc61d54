using CourseKit.Backends;
using CourseKit.Backends.Reference;

namespace CourseKit.Tests.Backends;

/// <summary>One recurrent call on the reference: operands as doubles that a test may change, results and all gradients as doubles.</summary>
internal sealed class ReferenceRun
{
    public static readonly string[] Cells = ["tanh", "relu", "lstm", "gru after", "gru before", "gru update", "gru minimal"];
    private readonly Float64Backend _backend = new();
    private readonly string _cell;
    private readonly int _b, _t, _i, _h;
    private readonly bool _reverse;
    private readonly Random _random = new(11);

    public ReferenceRun(string cell, int B, int T, int I, int H, bool reverse)
    {
        (_cell, _b, _t, _i, _h, _reverse) = (cell, B, T, I, H, reverse);
        X = Draw(B * T * I);
        (WeightIh, WeightHh) = (Draw(Gates * H * I), Draw(Gates * H * H));
        (DY, DHN, DCN) = (Draw(B * T * H), Draw(B * H), Draw(B * H));
    }

    public double[] X, WeightIh, WeightHh;
    public double[]? H0, C0, BiasIh, BiasHh, Mask, HiddenDropout, HiddenZoneout, CellZoneout;
    public double[] DY, DHN, DCN;

    public double[] Y = [], HN = [], CN = [], Reserve = [];
    public double[] DX = [], DWeightIh = [], DStates = [], DCells = [], DGates = [];
    public double[]? DH0, DC0, DBiasIh;

    private int Gates => _cell switch { "lstm" => 4, "gru after" or "gru before" => 3, "gru update" or "gru minimal" => 2, _ => 1 };

    private GruForm Form => _cell switch { "gru after" => GruForm.ResetAfter, "gru before" => GruForm.ResetBefore, "gru update" => GruForm.UpdateOnly, _ => GruForm.Minimal };

    private Activation Function => _cell == "relu" ? Activation.Relu : Activation.Tanh;

    public ReferenceRun WithStates()
    {
        (H0, C0, BiasIh, BiasHh) = (Draw(_b * _h), _cell == "lstm" ? Draw(_b * _h) : null, Draw(Gates * _h), Draw(Gates * _h));
        return this;
    }

    public ReferenceRun WithMask(double[] mask)
    {
        Mask = mask;
        return this;
    }

    public ReferenceRun WithDropout()
    {
        HiddenDropout = [.. Enumerable.Range(0, _b * _h).Select(i => i % 3 == 1 ? 0.0 : 1.5)];
        return this;
    }

    /// <summary>Numbers between 0 and 1, where training has 0 and 1 alone: the equation holds for all.</summary>
    public ReferenceRun WithZoneout()
    {
        HiddenZoneout = [.. Draw(_b * _t * _h).Select(Math.Abs)];
        CellZoneout = [.. Draw(_b * _t * _h).Select(Math.Abs)];
        return this;
    }

    /// <summary>The same cell on some of the time steps, without mask and zoneout.</summary>
    public ReferenceRun At(int[] steps)
    {
        double[] Take(double[] all, int width) => [.. Enumerable.Range(0, _b).SelectMany(b => steps.SelectMany(t => all.Skip(((b * _t) + t) * width).Take(width)))];
        return new ReferenceRun(_cell, _b, steps.Length, _i, _h, _reverse)
        {
            X = Take(X, _i),
            WeightIh = [.. WeightIh],
            WeightHh = [.. WeightHh],
            BiasIh = BiasIh,
            BiasHh = BiasHh,
            H0 = H0,
            C0 = C0,
            DY = Take(DY, _h),
            DHN = DHN,
            DCN = DCN,
            HiddenDropout = HiddenDropout,
        };
    }

    public ReferenceRun From(ReferenceRun before)
    {
        (H0, C0) = (before.HN, _cell == "lstm" ? before.CN : null);
        return this;
    }

    public void Forward()
    {
        var s = Sequence();
        var (y, hN, cN) = (_backend.Rent(_b * _t * _h), _backend.Rent(_b * _h), _backend.Rent(_b * _h));
        var reserve = _backend.Rent(_cell switch { "lstm" => _backend.LstmReserve(s), "tanh" or "relu" => _backend.SimpleRnnReserve(s), _ => _backend.GruReserve(Form, s) });
        if (_cell == "lstm") _backend.LstmForward(s, y, hN, cN, reserve);
        else if (_cell is "tanh" or "relu") _backend.SimpleRnnForward(Function, s, y, hN, reserve);
        else _backend.GruForward(Form, s, y, hN, reserve);
        (Y, HN, CN, Reserve) = (Numbers(y), Numbers(hN), Numbers(cN), Numbers(reserve));
    }

    public List<(string Name, double[] Operand, double[] Gradient)> Backward()
    {
        var given = new List<(string Name, double[] Operand, Storage Gradient)>();
        Storage? Zeros(string name, double[]? operand)
        {
            if (operand is null) return null;
            var zeros = Of(new double[operand.Length])!;
            given.Add((name, operand, zeros));
            return zeros;
        }

        var d = new RecurrentGradients
        {
            DY = Of(DY),
            DHN = Of(DHN),
            DCN = _cell == "lstm" ? Of(DCN) : null,
            DX = Zeros("x", X),
            DH0 = Zeros("h0", H0),
            DC0 = Zeros("c0", C0),
            DWeightIh = Zeros("weightIh", WeightIh),
            DWeightHh = Zeros("weightHh", WeightHh),
            DBiasIh = Zeros("biasIh", BiasIh),
            DBiasHh = Zeros("biasHh", BiasHh),
            DStates = _backend.Rent(_b * _t * _h),
            DCells = _backend.Rent(_b * _t * _h),
            DGates = _backend.Rent(_b * _t * Gates * _h),
        };
        var (s, y, reserve) = (Sequence(), Of(Y)!, Of(Reserve)!);
        if (_cell == "lstm") _backend.LstmBackward(s, y, reserve, d);
        else if (_cell is "tanh" or "relu") _backend.SimpleRnnBackward(Function, s, y, reserve, d);
        else _backend.GruBackward(Form, s, y, reserve, d);
        (DX, DWeightIh, DStates, DCells, DGates) = (Numbers(d.DX!), Numbers(d.DWeightIh!), Numbers(d.DStates), Numbers(d.DCells), Numbers(d.DGates));
        (DH0, DC0, DBiasIh) = (d.DH0 is null ? null : Numbers(d.DH0), d.DC0 is null ? null : Numbers(d.DC0), d.DBiasIh is null ? null : Numbers(d.DBiasIh));
        return [.. given.Select(g => (g.Name, g.Operand, Numbers(g.Gradient)))];
    }

    /// <summary>Holds every gradient to the central difference of Σ y·DY + Σ hN·DHN + Σ cN·DCN.</summary>
    public void HoldsDifferences()
    {
        Forward();
        foreach (var (name, operand, gradient) in Backward())
        {
            for (var i = 0; i < operand.Length; i++)
            {
                const double Step = 1e-6;
                var kept = operand[i];
                operand[i] = kept + Step;
                var above = Loss();
                operand[i] = kept - Step;
                var slope = (above - Loss()) / (2 * Step);
                operand[i] = kept;
                Assert.True(Math.Abs(slope - gradient[i]) <= 1e-8 * (1 + Math.Abs(slope)), $"{_cell}, {name}[{i}]: the difference is {slope:R}, the gradient {gradient[i]:R}");
            }
        }
    }

    private double Loss()
    {
        Forward();
        return Dot(Y, DY) + Dot(HN, DHN) + (_cell == "lstm" ? Dot(CN, DCN) : 0);
    }

    private RecurrentSequence Sequence() => new()
    {
        B = _b,
        T = _t,
        I = _i,
        H = _h,
        Reverse = _reverse,
        X = Of(X)!,
        H0 = Of(H0),
        C0 = Of(C0),
        WeightIh = Of(WeightIh)!,
        WeightHh = Of(WeightHh)!,
        BiasIh = Of(BiasIh),
        BiasHh = Of(BiasHh),
        Mask = Of(Mask),
        HiddenDropout = Of(HiddenDropout),
        HiddenZoneout = Of(HiddenZoneout),
        CellZoneout = _cell == "lstm" ? Of(CellZoneout) : null,
    };

    private Storage? Of(double[]? values)
    {
        if (values is null) return null;
        var storage = _backend.Rent(values.Length);
        Float64Backend.Write(values, storage, 0);
        return storage;
    }

    private static double[] Numbers(Storage storage)
    {
        var values = new double[storage.Length];
        Float64Backend.Read(storage, 0, values);
        return values;
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();

    private double[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (_random.NextDouble() * 2) - 1)];
}

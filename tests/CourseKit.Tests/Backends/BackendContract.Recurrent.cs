using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    public static TheoryData<string, int, int, int, int, bool, bool> Sequences()
    {
        var cases = new TheoryData<string, int, int, int, int, bool, bool>();
        foreach (var cell in new[] { "tanh", "relu", "lstm", "gru after", "gru before" })
        {
            cases.Add(cell, 2, 3, 4, 5, false, true);
            cases.Add(cell, 2, 3, 4, 5, true, true);
            cases.Add(cell, 1, 1, 1, 1, false, true);
            cases.Add(cell, 1, 4, 3, 17, false, false);
            cases.Add(cell, 7, 2, 5, 3, true, false);
            cases.Add(cell, 3, 1, 2, 9, false, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Recurrent_ForwardAndEveryGradient_MatchOracle(string cell, int B, int T, int I, int H, bool reverse, bool full)
    {
        var oracle = Oracle(cell, B, T, I, H, reverse, full);
        var (lossY, lossH) = (full || H > 9 ? Draw(B * T * H) : null, full || H < 9 ? Draw(B * H) : null);
        var lossC = cell == "lstm" && full ? Draw(B * H) : null;
        var run = new RecurrentRun(Backend, cell, oracle, B, T, I, H, reverse);

        run.Forward(keep: true);
        var (y, hN, cN) = oracle.Run();
        Close(y, Numbers(run.Y));
        Close(hN, Numbers(run.HN));
        if (cell == "lstm") Close(cN, Numbers(run.CN!));

        const double Before = 0.25;
        run.Backward(lossY, lossH, lossC, Before);
        foreach (var (along, gradient) in run.Gradients)
        {
            if (gradient is null) continue;
            Close([.. oracle.Gradient(along!, lossY, lossH, lossC).Select(g => g + Before)], Numbers(gradient), 2e-5);
        }
    }

    [Theory]
    [InlineData("tanh")]
    [InlineData("lstm")]
    [InlineData("gru after")]
    [InlineData("gru before")]
    public void Recurrent_WithoutReserve_GivesTheSameBits(string cell)
    {
        var run = new RecurrentRun(Backend, cell, Oracle(cell, 3, 4, 5, 19, false, true), 3, 4, 5, 19, false);
        run.Forward(keep: true);
        var kept = Numbers(run.Y);
        run.Forward(keep: false);
        Assert.Equal(kept, Numbers(run.Y));
    }

    private RecurrentOracle Oracle(string cell, int B, int T, int I, int H, bool reverse, bool full)
    {
        var oracle = new RecurrentOracle(cell, B, T, I, H, reverse) { X = Draw(B * T * I) };
        var gates = oracle.Gates * H;
        (oracle.WeightIh, oracle.WeightHh) = (Draw(gates * I, 0.7), Draw(gates * H, 0.7));
        if (full) (oracle.H0, oracle.C0, oracle.BiasIh, oracle.BiasHh) = (Draw(B * H), cell == "lstm" ? Draw(B * H) : null, Draw(gates), Draw(gates));
        return oracle;
    }

    /// <summary>One recurrent call on a backend, with a gradient buffer for every operand that the oracle has.</summary>
    protected sealed class RecurrentRun
    {
        private readonly IBackend backend;
        private readonly string cell;
        private readonly RecurrentOracle operands;
        private readonly (int B, int T, int I, int H, bool Reverse) shape;
        private readonly Storage x, weightIh, weightHh;
        private readonly Storage? h0, c0, biasIh, biasHh;
        private Storage? reserve;

        internal RecurrentRun(IBackend backend, string cell, RecurrentOracle operands, int B, int T, int I, int H, bool reverse)
        {
            (this.backend, this.cell, this.operands, shape) = (backend, cell, operands, (B, T, I, H, reverse));
            (x, weightIh, weightHh) = (Of(operands.X)!, Of(operands.WeightIh)!, Of(operands.WeightHh)!);
            (h0, c0, biasIh, biasHh) = (Of(operands.H0), Of(operands.C0), Of(operands.BiasIh), Of(operands.BiasHh));
            (Y, HN, CN) = (backend.Rent(B * T * H), backend.Rent(B * H), cell == "lstm" ? backend.Rent(B * H) : null);
        }

        internal Storage Y { get; }

        internal Storage HN { get; }

        internal Storage? CN { get; }

        /// <summary>The oracle's operand and the backend's gradient of it.</summary>
        internal List<(double[]? Along, Storage? Gradient)> Gradients { get; } = [];

        internal void Forward(bool keep)
        {
            var s = Sequence;
            switch (cell)
            {
                case "lstm":
                    reserve = keep ? backend.Rent(backend.LstmReserve(s)) : null;
                    backend.LstmForward(s, Y, HN, CN!, reserve);
                    break;
                case "gru after" or "gru before":
                    reserve = keep ? backend.Rent(backend.GruReserve(Form, s)) : null;
                    backend.GruForward(Form, s, Y, HN, reserve);
                    break;
                default:
                    reserve = keep ? backend.Rent(backend.SimpleRnnReserve(s)) : null;
                    backend.SimpleRnnForward(Function, s, Y, HN, reserve);
                    break;
            }
        }

        internal void Backward(double[]? lossY, double[]? lossH, double[]? lossC, double before)
        {
            Gradients.Clear();
            Storage? Along(double[]? operand)
            {
                var gradient = operand is null ? null : Of(Enumerable.Repeat(before, operand.Length).ToArray());
                Gradients.Add((operand, gradient));
                return gradient;
            }

            var d = new RecurrentGradients
            {
                DY = Of(lossY),
                DHN = Of(lossH),
                DCN = Of(lossC),
                DX = Along(operands.X),
                DH0 = Along(operands.H0),
                DC0 = Along(operands.C0),
                DWeightIh = Along(operands.WeightIh),
                DWeightHh = Along(operands.WeightHh),
                DBiasIh = Along(operands.BiasIh),
                DBiasHh = Along(operands.BiasHh),
            };
            switch (cell)
            {
                case "lstm":
                    backend.LstmBackward(Sequence, Y, reserve!, d);
                    break;
                case "gru after" or "gru before":
                    backend.GruBackward(Form, Sequence, Y, reserve!, d);
                    break;
                default:
                    backend.SimpleRnnBackward(Function, Sequence, Y, reserve!, d);
                    break;
            }
        }

        private RecurrentSequence Sequence => new()
        {
            B = shape.B,
            T = shape.T,
            I = shape.I,
            H = shape.H,
            Reverse = shape.Reverse,
            X = x,
            H0 = h0,
            C0 = c0,
            WeightIh = weightIh,
            WeightHh = weightHh,
            BiasIh = biasIh,
            BiasHh = biasHh,
        };

        private GruForm Form => cell == "gru after" ? GruForm.ResetAfter : GruForm.ResetBefore;

        private Activation Function => cell == "relu" ? Activation.Relu : Activation.Tanh;

        private Storage? Of(double[]? values)
        {
            if (values is null) return null;
            var storage = backend.Rent(values.Length);
            backend.Write(values.Select(v => (float)v).ToArray(), storage, 0);
            return storage;
        }
    }
}

using CourseKit.Backends;

namespace CourseKit.Tests.Backends;

/// <summary>One LSTM call on a backend with an oracle's operands, and a gradient buffer for each.</summary>
internal sealed class LstmRun
{
    private readonly IBackend backend;
    private readonly LstmOracle operands;
    private Storage? reserve;

    internal LstmRun(IBackend backend, LstmOracle operands)
    {
        (this.backend, this.operands) = (backend, operands);
        var (B, T, I, H, P, reverse) = operands.Sizes;
        (Y, HN, CN) = (backend.Rent(B * T * P), backend.Rent(B * P), backend.Rent(B * H));
        var depth = operands.CellBelow is not null;
        Sequence = new RecurrentSequence
        {
            B = B,
            T = T,
            I = I,
            H = H,
            Reverse = reverse,
            X = Of(operands.X)!,
            H0 = Of(operands.H0),
            C0 = Of(operands.C0),
            WeightIh = Of(operands.WeightIh)!,
            WeightHh = Of(operands.WeightHh)!,
            BiasIh = Of(operands.BiasIh),
            BiasHh = Of(operands.BiasHh),
            Mask = Of(operands.Mask),
            HiddenDropout = Of(operands.HiddenDropout),
            HiddenZoneout = Of(operands.HiddenZoneout),
            CellZoneout = Of(operands.CellZoneout),
            LstmForm = new LstmForm
            {
                Coupled = operands.Coupled,
                Peephole = Of(operands.Peephole),
                Projection = Of(operands.Projection),
                ProjectionSize = operands.Projection is null ? 0 : P,
                CellBelow = Of(operands.CellBelow),
                DepthWeightIh = Of(operands.DepthWeightIh),
                DepthBias = Of(operands.DepthBias),
                DepthFromCell = Of(operands.DepthFromCell),
                DepthFromBelow = Of(operands.DepthFromBelow),
                NormGainIh = Of(operands.GainIh),
                NormGainHh = Of(operands.GainHh),
                NormGainCell = Of(operands.GainCell),
                NormBiasCell = Of(operands.BiasCell),
                Cells = depth ? backend.Rent(B * T * H) : null,
            },
        };
    }

    internal RecurrentSequence Sequence { get; }

    internal Storage Y { get; }

    internal Storage HN { get; }

    internal Storage CN { get; }

    /// <summary>The activated gates and the cells, behind one another.</summary>
    internal Storage Reserve => reserve!;

    /// <summary>The oracle's operand and the backend's gradient of it.</summary>
    internal List<(string Name, double[] Along, Storage Gradient)> Gradients { get; } = [];

    internal LstmRun Forward(bool keep = true)
    {
        reserve = keep ? backend.Rent(backend.LstmReserve(Sequence)) : null;

        // What a pass reads and has not written shows as NaN.
        foreach (var fresh in new[] { Y, HN, CN, reserve, Sequence.LstmForm.Cells }.OfType<Storage>()) backend.Fill(fresh, float.NaN);
        backend.LstmForward(Sequence, Y, HN, CN, reserve);
        return this;
    }

    internal LstmRun Backward(double[]? lossY, double[]? lossH, double[]? lossC, double[]? lossCells = null, double before = 0, Storage? dStates = null, Storage? dCells = null, Storage? dGates = null)
    {
        Gradients.Clear();
        Storage? Along(string name, double[]? operand)
        {
            if (operand is null) return null;
            var gradient = Of(Enumerable.Repeat(before, operand.Length).ToArray())!;
            Gradients.Add((name, operand, gradient));
            return gradient;
        }

        backend.LstmBackward(Sequence, Y, Reserve, new RecurrentGradients
        {
            DY = Of(lossY),
            DHN = Of(lossH),
            DCN = Of(lossC),
            DX = Along("x", operands.X),
            DH0 = Along("h0", operands.H0),
            DC0 = Along("c0", operands.C0),
            DWeightIh = Along("weightIh", operands.WeightIh),
            DWeightHh = Along("weightHh", operands.WeightHh),
            DBiasIh = Along("biasIh", operands.BiasIh),
            DBiasHh = Along("biasHh", operands.BiasHh),
            DStates = dStates,
            DCells = dCells,
            DGates = dGates,
            LstmForm = new LstmFormGradients
            {
                DCellsOut = Of(lossCells),
                DPeephole = Along("peephole", operands.Peephole),
                DProjection = Along("projection", operands.Projection),
                DCellBelow = Along("cellBelow", operands.CellBelow),
                DDepthWeightIh = Along("depthWeightIh", operands.DepthWeightIh),
                DDepthBias = Along("depthBias", operands.DepthBias),
                DDepthFromCell = Along("depthFromCell", operands.DepthFromCell),
                DDepthFromBelow = Along("depthFromBelow", operands.DepthFromBelow),
                DNormGainIh = Along("gainIh", operands.GainIh),
                DNormGainHh = Along("gainHh", operands.GainHh),
                DNormGainCell = Along("gainCell", operands.GainCell),
                DNormBiasCell = Along("biasCell", operands.BiasCell),
            },
        });
        return this;
    }

    internal float[] Numbers(Storage storage)
    {
        var values = new float[storage.Length];
        backend.Read(storage, 0, values);
        return values;
    }

    private Storage? Of(double[]? values)
    {
        if (values is null) return null;
        var storage = backend.Rent(values.Length);
        backend.Write(values.Select(v => (float)v).ToArray(), storage, 0);
        return storage;
    }
}

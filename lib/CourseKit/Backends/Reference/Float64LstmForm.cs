namespace CourseKit.Backends.Reference;

/// <summary>What an LSTM has beside its four gates, as arrays, with the gradients where they are wanted.</summary>
internal sealed class Float64LstmForm(RecurrentSequence s, LstmFormGradients d, Func<Storage?, double[]?> numbers)
{
    private readonly double[]? _peephole = numbers(s.LstmForm.Peephole), _projection = numbers(s.LstmForm.Projection), _cellBelow = numbers(s.LstmForm.CellBelow);
    private readonly double[]? _x = numbers(s.X), _depthWeightIh = numbers(s.LstmForm.DepthWeightIh), _depthBias = numbers(s.LstmForm.DepthBias);
    private readonly double[]? _depthFromCell = numbers(s.LstmForm.DepthFromCell), _depthFromBelow = numbers(s.LstmForm.DepthFromBelow);
    private readonly double[]? _dPeephole = numbers(d.DPeephole), _dProjection = numbers(d.DProjection), _dCellBelow = numbers(d.DCellBelow), _dCellsOut = numbers(d.DCellsOut);
    private readonly double[]? _dDepthWeightIh = numbers(d.DDepthWeightIh), _dDepthBias = numbers(d.DDepthBias);
    private readonly double[]? _dDepthFromCell = numbers(d.DDepthFromCell), _dDepthFromBelow = numbers(d.DDepthFromBelow);

    internal Float64LstmNorm? NormIh { get; } = Float64LstmNorm.Of(s.LstmForm.NormGainIh, null, d.DNormGainIh, null, numbers);

    internal Float64LstmNorm? NormHh { get; } = Float64LstmNorm.Of(s.LstmForm.NormGainHh, null, d.DNormGainHh, null, numbers);

    internal Float64LstmNorm? NormCell { get; } = Float64LstmNorm.Of(s.LstmForm.NormGainCell, s.LstmForm.NormBiasCell, d.DNormGainCell, d.DNormBiasCell, numbers);

    internal bool Coupled => s.LstmForm.Coupled;

    /// <summary>The gates that the weights stack.</summary>
    internal int Gates => Coupled ? 3 : 4;

    internal bool HasDepth => _cellBelow is not null;

    internal int LastPeephole => Gates - 2;

    /// <summary>Where a gate of the weights is stored among i, f, g, o.</summary>
    internal int Stored(int gate) => Coupled && gate > 0 ? gate + 1 : gate;

    /// <summary>p∘c for one of the gates that see the cell.</summary>
    internal double Peephole(int which, int j, double c) => _peephole is null ? 0 : _peephole[(which * s.H) + j] * c;

    /// <summary>Takes the gradient of a gate's sum through its peephole: what goes to the cell.</summary>
    internal double BackPeephole(int which, int j, double c, double dSum)
    {
        if (_dPeephole is not null) _dPeephole[(which * s.H) + j] += dSum * c;
        return Peephole(which, j, dSum);
    }

    internal double CellBelow(int row, int j) => _cellBelow![(row * s.H) + j];

    /// <summary>The depth gate's sum.</summary>
    internal double DepthSum(int row, int j, double c)
    {
        var sum = (_depthBias?[j] ?? 0) + (_depthFromCell![j] * c) + (_depthFromBelow![j] * CellBelow(row, j));
        for (var i = 0; i < s.I; i++) sum += _depthWeightIh![(j * s.I) + i] * _x![(row * s.I) + i];
        return sum;
    }

    /// <summary>Takes the gradient of the cell through d∘below: what goes to the cell before.</summary>
    internal double BackDepth(int row, int j, double c, double gate, double dCell, double[]? dX)
    {
        var below = CellBelow(row, j);
        var dSum = dCell * below * gate * (1 - gate);
        if (_dCellBelow is not null) _dCellBelow[(row * s.H) + j] += (dCell * gate) + (dSum * _depthFromBelow![j]);
        if (_dDepthBias is not null) _dDepthBias[j] += dSum;
        if (_dDepthFromCell is not null) _dDepthFromCell[j] += dSum * c;
        if (_dDepthFromBelow is not null) _dDepthFromBelow[j] += dSum * below;
        for (var i = 0; i < s.I; i++)
        {
            if (_dDepthWeightIh is not null) _dDepthWeightIh[(j * s.I) + i] += dSum * _x![(row * s.I) + i];
            if (dX is not null) dX[(row * s.I) + i] += dSum * _depthWeightIh![(j * s.I) + i];
        }

        return dSum * _depthFromCell![j];
    }

    /// <summary>W_hr·shown, or what is shown itself.</summary>
    internal double[] Projected(double[] shown)
    {
        if (_projection is null) return shown;
        var h = new double[s.LstmForm.ProjectionSize];
        for (var p = 0; p < h.Length; p++)
            for (var j = 0; j < s.H; j++) h[p] += _projection[(p * s.H) + j] * shown[j];
        return h;
    }

    /// <summary>Takes the gradient of <see cref="Projected"/> to what is shown.</summary>
    internal double[] BackProjected(double[] shown, double[] dH)
    {
        if (_projection is null) return dH;
        var dShown = new double[s.H];
        for (var p = 0; p < dH.Length; p++)
            for (var j = 0; j < s.H; j++)
            {
                dShown[j] += dH[p] * _projection[(p * s.H) + j];
                if (_dProjection is not null) _dProjection[(p * s.H) + j] += dH[p] * shown[j];
            }

        return dShown;
    }

    /// <summary>The gradient that came to a step's cell as an output.</summary>
    internal double FromOutside(int row, int j) => _dCellsOut?[(row * s.H) + j] ?? 0;
}

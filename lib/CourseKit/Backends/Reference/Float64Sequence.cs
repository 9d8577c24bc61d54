namespace CourseKit.Backends.Reference;

/// <summary>What a recurrent kernel reads, as arrays, and the sums that every cell begins with. A row is one gate's unit: gate·H + unit.</summary>
internal sealed class Float64Sequence(RecurrentSequence s, Func<Storage?, double[]?> numbers)
{
    private readonly double[] _x = numbers(s.X)!, _weightIh = numbers(s.WeightIh)!, _weightHh = numbers(s.WeightHh)!;
    private readonly double[]? _biasIh = numbers(s.BiasIh), _biasHh = numbers(s.BiasHh), _mask = numbers(s.Mask);
    private readonly double[]? _hiddenDropout = numbers(s.HiddenDropout), _hiddenZoneout = numbers(s.HiddenZoneout), _cellZoneout = numbers(s.CellZoneout);

    internal int B => s.B;

    internal int T => s.T;

    internal int I => s.I;

    internal int H => s.H;

    internal double[]? H0 { get; } = numbers(s.H0);

    internal double[]? C0 { get; } = numbers(s.C0);

    /// <summary>Numbers in a hidden state: H, or an LSTM's projection.</summary>
    internal int P => s.LstmForm.Projection is null ? s.H : s.LstmForm.ProjectionSize;

    /// <summary>The time step that the walk comes to as number <paramref name="step"/>.</summary>
    internal int At(int step) => s.Reverse ? T - 1 - step : step;

    /// <summary>Whether example b takes time step t.</summary>
    internal bool Takes(int b, int t) => _mask is null || _mask[(b * T) + t] != 0;

    /// <summary>How much of h_{t-1} stays in h_t.</summary>
    internal double HiddenKept(int b, int t, int j) => _hiddenZoneout?[(((b * T) + t) * P) + j] ?? 0;

    /// <summary>How much of c_{t-1} stays in c_t.</summary>
    internal double CellKept(int b, int t, int j) => _cellZoneout?[(((b * T) + t) * H) + j] ?? 0;

    /// <summary>What multiplies unit j of h_{t-1} in the recurrent product.</summary>
    internal double Dropout(int b, int j) => _hiddenDropout?[(b * P) + j] ?? 1;

    /// <summary>h_{t-1} as the recurrent product sees it, [P].</summary>
    internal double[] Dropped(int b, double[] h) => [.. h.Select((value, j) => value * Dropout(b, j))];

    /// <summary>W_ih·x_t + b_ih, one row.</summary>
    internal double FromInput(int row, int b, int t) => InputBias(row) + InputProduct(row, b, t);

    internal double InputBias(int row) => _biasIh?[row] ?? 0;

    internal double InputProduct(int row, int b, int t)
    {
        var sum = 0.0;
        for (var i = 0; i < I; i++) sum += _weightIh[(row * I) + i] * _x[(((b * T) + t) * I) + i];
        return sum;
    }

    /// <summary>W_hh·h + b_hh, one row.</summary>
    internal double FromState(int row, double[] h) => StateBias(row) + StateProduct(row, h);

    internal double StateBias(int row) => _biasHh?[row] ?? 0;

    internal double StateProduct(int row, double[] h)
    {
        var sum = 0.0;
        for (var j = 0; j < P; j++) sum += _weightHh[(row * P) + j] * h[j];
        return sum;
    }

    /// <summary>A state before the first step, [H], or [size] where that is given.</summary>
    internal double[] Start(double[]? initial, int b, int size = 0)
    {
        if (size == 0) size = H;
        return initial is null ? new double[size] : initial[(b * size)..((b + 1) * size)];
    }

    /// <summary>The state before step number <paramref name="step"/>, [H] or [size], from all states, [B, T, H] from <paramref name="first"/> on.</summary>
    internal double[] Before(double[] states, int first, double[]? initial, int b, int step, int size = 0)
    {
        if (size == 0) size = H;
        if (step == 0) return Start(initial, b, size);
        var at = first + (((b * T) + At(step - 1)) * size);
        return states[at..(at + size)];
    }

    /// <summary>Writes one state or its gradient, [H], into all of them, [B, T, H] from <paramref name="first"/> on.</summary>
    internal void Write(double[] state, double[]? states, int first, int b, int t)
    {
        if (states is not null) Array.Copy(state, 0, states, first + (((b * T) + t) * state.Length), state.Length);
    }

    /// <summary>Takes the gradient of one row's sum back through W_ih·x_t + b_ih; that of the product alone is given where it is another one.</summary>
    internal void BackToInput(Float64Gradients d, int row, int b, int t, double dSum, double? dProduct = null)
    {
        if (d.BiasIh is not null) d.BiasIh[row] += dSum;
        dSum = dProduct ?? dSum;
        for (var i = 0; i < I; i++)
        {
            var at = (((b * T) + t) * I) + i;
            if (d.WeightIh is not null) d.WeightIh[(row * I) + i] += dSum * _x[at];
            if (d.X is not null) d.X[at] += dSum * _weightIh[(row * I) + i];
        }
    }

    /// <summary>Takes the gradient of one row's sum back through W_hh·h + b_hh, adding to that of h, [P]; that of the product alone is given where it is another one.</summary>
    internal void BackToState(Float64Gradients d, int row, double[] h, double dSum, double[] dH, double? dProduct = null)
    {
        if (d.BiasHh is not null) d.BiasHh[row] += dSum;
        dSum = dProduct ?? dSum;
        for (var j = 0; j < P; j++)
        {
            if (d.WeightHh is not null) d.WeightHh[(row * P) + j] += dSum * h[j];
            dH[j] += dSum * _weightHh[(row * P) + j];
        }
    }
}

namespace CourseKit.Backends.Cpu;

public sealed unsafe partial class CpuBackend
{
    /// <inheritdoc/>
    public void Copy(Storage from, Storage to)
    {
        new Span<float>(Memory(from), to.Length).CopyTo(new Span<float>(Memory(to), to.Length));
        Keep(from, to);
    }

    /// <inheritdoc/>
    public void Fill(Storage x, double value)
    {
        if (value == 0) Own(x).Empty();
        else new Span<float>(Memory(x), x.Length).Fill((float)value);
        Keep(x);
    }

    /// <inheritdoc/>
    public void AddTo(Storage x, Storage y)
    {
        Elementwise.Run(device, new Elementwise.Plus(), Memory(y), Memory(x), Memory(y), y.Length);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void AddScaled(double scale, Storage x, Storage y)
    {
        Elementwise.Run(device, new Elementwise.PlusScaled((float)scale), Memory(x), Memory(x), Memory(y), y.Length);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void Add(Storage a, Storage b, Storage y)
    {
        Elementwise.Run(device, new Elementwise.Plus(), Memory(a), Memory(b), Memory(y), y.Length);
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Subtract(Storage a, Storage b, Storage y)
    {
        Elementwise.Run(device, new Elementwise.Minus(), Memory(a), Memory(b), Memory(y), y.Length);
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Multiply(Storage a, Storage b, Storage y)
    {
        Elementwise.Run(device, new Elementwise.Times(), Memory(a), Memory(b), Memory(y), y.Length);
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void MultiplyAdd(Storage a, Storage b, Storage y)
    {
        Elementwise.Run(device, new Elementwise.TimesPlus(), Memory(a), Memory(b), Memory(y), y.Length);
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Scale(Storage x, float scale, Storage y)
    {
        Elementwise.Run(device, new Elementwise.Scaled(scale), Memory(x), Memory(x), Memory(y), y.Length);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void Clip(Storage x, float limit)
    {
        Elementwise.Run(device, new Elementwise.Clipped(limit), Memory(x), Memory(x), Memory(x), x.Length);
        Keep(x);
    }

    /// <inheritdoc/>
    public void Activate(Activation function, Storage x, Storage y)
    {
        Elementwise.Activate(device, function, Memory(x), Memory(y), y.Length);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation function, Storage y, Storage dY, Storage dX)
    {
        Elementwise.ActivateBackward(device, function, Memory(y), Memory(dY), Memory(dX), dX.Length);
        Keep(y, dY, dX);
    }

    /// <inheritdoc/>
    public double Sum(Storage x)
    {
        var sum = Sums.Of(device, Memory(x), x.Length, squared: false);
        Keep(x);
        return sum;
    }

    /// <inheritdoc/>
    public double SumOfSquares(params ReadOnlySpan<Storage> xs)
    {
        var sum = 0.0;
        foreach (var x in xs)
        {
            sum += Sums.Of(device, Memory(x), x.Length, squared: true);
            Keep(x);
        }

        return sum;
    }

    /// <inheritdoc/>
    public void SumRows(Storage dY, Storage dB, int rows, int columns)
    {
        Rows.Sum(device, Memory(dY), columns, Memory(dB), null, rows, columns);
        Keep(dY, dB);
    }

    /// <inheritdoc/>
    public void CopyColumns(Storage from, int fromColumns, int fromColumn, Storage to, int toColumns, int toColumn, int rows, int count, bool accumulate)
    {
        Rows.CopyColumns(device, Memory(from), fromColumns, fromColumn, Memory(to), toColumns, toColumn, rows, count, accumulate);
        Keep(from, to);
    }

    /// <inheritdoc/>
    public void Softmax(Storage x, Storage y, int rows, int columns)
    {
        Cpu.Softmax.Forward(device, Memory(x), Memory(y), rows, columns);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(Storage y, Storage dY, Storage dX, int rows, int columns)
    {
        Cpu.Softmax.Backward(device, Memory(y), Memory(dY), Memory(dX), rows, columns);
        Keep(y, dY, dX);
    }

    /// <inheritdoc/>
    public void MatMul(Storage a, Storage b, Storage c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        var to = accumulate ? Accumulate(c) : new Accumulator(Memory(c), false);
        Cpu.MatMul.Run(device, Memory(a), transposeA ? m : k, transposeA, Memory(b), transposeB ? k : n, transposeB, to.Pointer, n, m, n, k, to.Adds);
        Keep(a, b, c);
    }

    /// <inheritdoc/>
    public void Linear(Storage x, Storage weight, Storage? bias, Storage y, int rows, int inputSize, int outputSize)
    {
        if (bias is not null) Rows.Spread(device, Memory(bias), Memory(y), rows, outputSize);
        Cpu.MatMul.Run(device, Memory(x), inputSize, false, Memory(weight), inputSize, true, Memory(y), outputSize, rows, outputSize, inputSize, accumulate: bias is not null);
        Keep(x, weight, bias, y);
    }

    /// <inheritdoc/>
    public void Embedding(Storage weight, ReadOnlySpan<int> ids, Storage y, int size)
    {
        Cpu.Embedding.Forward(device, Memory(weight), ids, Memory(y), size);
        Keep(weight, y);
    }

    /// <inheritdoc/>
    public void EmbeddingBackward(Storage dY, ReadOnlySpan<int> ids, Storage dWeight, int size)
    {
        Cpu.Embedding.Backward(device, Memory(dY), ids, Memory(dWeight), size);
        Keep(dY, dWeight);
    }

    /// <inheritdoc/>
    public void SgdStep(Storage weight, Storage gradient, Storage? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first)
    {
        var kernel = new Optimizers.Sgd
        {
            W = Memory(weight),
            G = Memory(gradient),
            Velocity = Memory(velocity),
            N = weight.Length,
            Rate = rate,
            Momentum = momentum,
            Decay = weightDecay,
            Nesterov = nesterov,
            First = first,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, velocity);
    }

    /// <inheritdoc/>
    public void RmsPropStep(Storage weight, Storage gradient, Storage square, Storage? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay)
    {
        var kernel = new Optimizers.RmsProp
        {
            W = Memory(weight),
            G = Memory(gradient),
            Square = Memory(square),
            Velocity = Memory(velocity),
            N = weight.Length,
            Rate = rate,
            Alpha = alpha,
            Epsilon = epsilon,
            Momentum = momentum,
            Decay = weightDecay,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, square, velocity);
    }

    /// <inheritdoc/>
    public void AdamStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step)
    {
        var kernel = new Optimizers.Adam
        {
            W = Memory(weight),
            G = Memory(gradient),
            M = Memory(firstMoment),
            Second = Memory(secondMoment),
            N = weight.Length,
            Beta1 = beta1,
            Beta2 = beta2,
            Epsilon = epsilon,
            StepSize = (float)(rate / (1 - Math.Pow(beta1, step))),
            RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
            Keep = decoupled ? 1 - (rate * weightDecay) : 1,
            Added = decoupled ? 0 : weightDecay,
        };
        device.Run(ref kernel, weight.Length, Optimizers.Worthwhile);
        Keep(weight, gradient, firstMoment, secondMoment);
    }
}

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
    public void Fill(Storage x, float value)
    {
        new Span<float>(Memory(x), x.Length).Fill(value);
        Keep(x);
    }

    /// <inheritdoc/>
    public void AddTo(Storage x, Storage y) => AddScaled(1, x, y);

    /// <inheritdoc/>
    public void AddScaled(float scale, Storage x, Storage y)
    {
        float* a = Memory(x), b = Memory(y);
        for (var i = 0; i < y.Length; i++) b[i] += scale * a[i];
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void Add(Storage a, Storage b, Storage y)
    {
        float* p = Memory(a), q = Memory(b), to = Memory(y);
        for (var i = 0; i < y.Length; i++) to[i] = p[i] + q[i];
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Subtract(Storage a, Storage b, Storage y)
    {
        float* p = Memory(a), q = Memory(b), to = Memory(y);
        for (var i = 0; i < y.Length; i++) to[i] = p[i] - q[i];
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Multiply(Storage a, Storage b, Storage y)
    {
        float* p = Memory(a), q = Memory(b), to = Memory(y);
        for (var i = 0; i < y.Length; i++) to[i] = p[i] * q[i];
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void MultiplyAdd(Storage a, Storage b, Storage y)
    {
        float* p = Memory(a), q = Memory(b), to = Memory(y);
        for (var i = 0; i < y.Length; i++) to[i] += p[i] * q[i];
        Keep(a, b, y);
    }

    /// <inheritdoc/>
    public void Scale(Storage x, float scale, Storage y)
    {
        float* a = Memory(x), b = Memory(y);
        for (var i = 0; i < y.Length; i++) b[i] = scale * a[i];
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void Activate(Activation function, Storage x, Storage y)
    {
        Elementwise.Activate(function, Memory(x), Memory(y), y.Length);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void ActivateBackward(Activation function, Storage y, Storage dY, Storage dX)
    {
        Elementwise.ActivateBackward(function, Memory(y), Memory(dY), Memory(dX), dX.Length);
        Keep(y, dY, dX);
    }

    /// <inheritdoc/>
    public double Sum(Storage x)
    {
        var a = Memory(x);
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += a[i];
        Keep(x);
        return sum;
    }

    /// <inheritdoc/>
    public double SumOfSquares(Storage x)
    {
        var a = Memory(x);
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++) sum += (double)a[i] * a[i];
        Keep(x);
        return sum;
    }

    /// <inheritdoc/>
    public void SumRows(Storage dY, Storage dB, int rows, int columns)
    {
        Rows.Sum(Memory(dY), Memory(dB), rows, columns);
        Keep(dY, dB);
    }

    /// <inheritdoc/>
    public void CopyColumns(Storage from, int fromColumns, int fromColumn, Storage to, int toColumns, int toColumn, int rows, int count, bool accumulate)
    {
        Rows.CopyColumns(Memory(from), fromColumns, fromColumn, Memory(to), toColumns, toColumn, rows, count, accumulate);
        Keep(from, to);
    }

    /// <inheritdoc/>
    public void Softmax(Storage x, Storage y, int rows, int columns)
    {
        Cpu.Softmax.Forward(Memory(x), Memory(y), rows, columns);
        Keep(x, y);
    }

    /// <inheritdoc/>
    public void SoftmaxBackward(Storage y, Storage dY, Storage dX, int rows, int columns)
    {
        Cpu.Softmax.Backward(Memory(y), Memory(dY), Memory(dX), rows, columns);
        Keep(y, dY, dX);
    }

    /// <inheritdoc/>
    public void MatMul(Storage a, Storage b, Storage c, int m, int n, int k, bool transposeA, bool transposeB, bool accumulate)
    {
        Cpu.MatMul.Run(Memory(a), transposeA ? m : k, transposeA, Memory(b), transposeB ? k : n, transposeB, Memory(c), n, m, n, k, accumulate);
        Keep(a, b, c);
    }

    /// <inheritdoc/>
    public void Linear(Storage x, Storage weight, Storage? bias, Storage y, int rows, int inputSize, int outputSize)
    {
        Recurrent.InputProduct(Memory(x), Memory(weight), Memory(bias), Memory(y), rows, inputSize, outputSize);
        Keep(x, weight, bias, y);
    }

    /// <inheritdoc/>
    public void Embedding(Storage weight, ReadOnlySpan<int> ids, Storage y, int size)
    {
        Cpu.Embedding.Forward(Memory(weight), ids, Memory(y), size);
        Keep(weight, y);
    }

    /// <inheritdoc/>
    public void EmbeddingBackward(Storage dY, ReadOnlySpan<int> ids, Storage dWeight, int size)
    {
        Cpu.Embedding.Backward(Memory(dY), ids, Memory(dWeight), size);
        Keep(dY, dWeight);
    }

    /// <inheritdoc/>
    public double CrossEntropy(Storage logits, ReadOnlySpan<int> targets, int ignoreIndex, Storage? dLogits, int rows, int classes)
    {
        var loss = Cpu.Softmax.CrossEntropy(Memory(logits), targets, ignoreIndex, Memory(dLogits), rows, classes);
        Keep(logits, dLogits);
        return loss;
    }

    /// <inheritdoc/>
    public double BinaryCrossEntropyWithLogits(Storage logits, Storage targets, Storage? dLogits)
    {
        var loss = Losses.BinaryCrossEntropyWithLogits(Memory(logits), Memory(targets), Memory(dLogits), logits.Length);
        Keep(logits, targets, dLogits);
        return loss;
    }

    /// <inheritdoc/>
    public double MeanSquaredError(Storage prediction, Storage targets, Storage? dPrediction)
    {
        var loss = Losses.MeanSquaredError(Memory(prediction), Memory(targets), Memory(dPrediction), prediction.Length);
        Keep(prediction, targets, dPrediction);
        return loss;
    }

    /// <inheritdoc/>
    public void SgdStep(Storage weight, Storage gradient, Storage? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first)
    {
        Optimizers.Sgd(Memory(weight), Memory(gradient), Memory(velocity), weight.Length, rate, momentum, nesterov, weightDecay, first);
        Keep(weight, gradient, velocity);
    }

    /// <inheritdoc/>
    public void RmsPropStep(Storage weight, Storage gradient, Storage square, Storage? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay)
    {
        Optimizers.RmsProp(Memory(weight), Memory(gradient), Memory(square), Memory(velocity), weight.Length, rate, alpha, epsilon, momentum, weightDecay);
        Keep(weight, gradient, square, velocity);
    }

    /// <inheritdoc/>
    public void AdamStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step)
    {
        Optimizers.Adam(Memory(weight), Memory(gradient), Memory(firstMoment), Memory(secondMoment), weight.Length, rate, beta1, beta2, epsilon, weightDecay, decoupled, step);
        Keep(weight, gradient, firstMoment, secondMoment);
    }
}

namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public void Copy(Storage from, Storage to) => Each(to, Of(from), (a, _) => a);

    /// <inheritdoc/>
    public void Fill(Storage x, double value) => Array.Fill(Of(x), value);

    /// <inheritdoc/>
    public void AddTo(Storage x, Storage y) => Each(y, Of(x), (a, old) => old + a);

    /// <inheritdoc/>
    public void AddScaled(double scale, Storage x, Storage y) => Each(y, Of(x), (a, old) => old + (scale * a));

    /// <inheritdoc/>
    public void Add(Storage a, Storage b, Storage y) => Each(y, Of(a), Of(b), (p, q, _) => p + q);

    /// <inheritdoc/>
    public void Subtract(Storage a, Storage b, Storage y) => Each(y, Of(a), Of(b), (p, q, _) => p - q);

    /// <inheritdoc/>
    public void Multiply(Storage a, Storage b, Storage y) => Each(y, Of(a), Of(b), (p, q, _) => p * q);

    /// <inheritdoc/>
    public void MultiplyAdd(Storage a, Storage b, Storage y) => Each(y, Of(a), Of(b), (p, q, old) => old + (p * q));

    /// <inheritdoc/>
    public void Scale(Storage x, float scale, Storage y) => Each(y, Of(x), (a, _) => scale * a);

    /// <inheritdoc/>
    public void Activate(Activation function, Storage x, Storage y) => Each(y, Of(x), (a, _) => Through(function, a));

    /// <inheritdoc/>
    public void ActivateBackward(Activation function, Storage y, Storage dY, Storage dX) => Each(dX, Of(y), Of(dY), (value, d, old) => function == Activation.Relu && value <= 0 ? old : old + (d * Slope(function, value)));

    /// <inheritdoc/>
    public void Clip(Storage x, float limit) => Each(x, Of(x), (a, _) => Math.Clamp(a, -limit, limit));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Through(Activation function, double x) => function switch
    {
        Activation.Tanh => Math.Tanh(x),
        Activation.Relu => Math.Max(0, x),
        Activation.Sigmoid => Sigmoid(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    // f'(x) from y = f(x).
    private static double Slope(Activation function, double y) => function switch
    {
        Activation.Tanh => 1 - (y * y),
        Activation.Relu => y > 0 ? 1 : 0,
        Activation.Sigmoid => y * (1 - y),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    // y[i] = f(a[i], y[i]).
    private static void Each(Storage y, double[] a, Func<double, double, double> f)
    {
        var numbers = Of(y);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = f(a[i], numbers[i]);
    }

    // y[i] = f(a[i], b[i], y[i]).
    private static void Each(Storage y, double[] a, double[] b, Func<double, double, double, double> f)
    {
        var numbers = Of(y);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = f(a[i], b[i], numbers[i]);
    }
}

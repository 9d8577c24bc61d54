namespace CourseKit.Backends.Cpu;

internal static unsafe class Elementwise
{
    // f = tanh, relu or the logistic function; x, y [n]: y = f(x).
    internal static void Activate(Activation function, float* x, float* y, int n)
    {
        for (var i = 0; i < n; i++) y[i] = Apply(function, x[i]);
    }

    // y, dY, dX [n]: dX += dY·f'(x), f' from y.
    internal static void ActivateBackward(Activation function, float* y, float* dY, float* dX, int n)
    {
        for (var i = 0; i < n; i++) dX[i] += dY[i] * Slope(function, y[i]);
    }

    internal static float Sigmoid(float x) => 1 / (1 + MathF.Exp(-x));

    internal static float Apply(Activation function, float x) => function switch
    {
        Activation.Tanh => MathF.Tanh(x),
        Activation.Relu => x < 0 ? 0 : x,
        Activation.Sigmoid => Sigmoid(x),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };

    internal static float Slope(Activation function, float y) => function switch
    {
        Activation.Tanh => 1 - (y * y),
        Activation.Relu => y > 0 ? 1 : 0,
        Activation.Sigmoid => y * (1 - y),
        _ => throw new ArgumentOutOfRangeException(nameof(function)),
    };
}

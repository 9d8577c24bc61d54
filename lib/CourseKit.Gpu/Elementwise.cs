using ILGPU;

namespace CourseKit.Gpu;

/// <summary>x = value.</summary>
internal struct Fill : IEach
{
    public ArrayView<float> X;
    public float Value;

    public readonly void At(int i) => X[i] = Value;
}

/// <summary>to = from.</summary>
internal struct Copy : IEach
{
    public ArrayView<float> From, To;

    public readonly void At(int i) => To[i] = From[i];
}

/// <summary>y = a + scale·b.</summary>
internal struct PlusScaled : IEach
{
    public ArrayView<float> A, B, Y;
    public float Scale;

    public readonly void At(int i) => Y[i] = A[i] + (Scale * B[i]);
}

/// <summary>y = a·b, or y += a·b.</summary>
internal struct Times : IEach
{
    public ArrayView<float> A, B, Y;
    public int Adds;

    public readonly void At(int i) => Y[i] = Adds != 0 ? Y[i] + (A[i] * B[i]) : A[i] * B[i];
}

/// <summary>y = scale·x.</summary>
internal struct Scaled : IEach
{
    public ArrayView<float> X, Y;
    public float Scale;

    public readonly void At(int i) => Y[i] = Scale * X[i];
}

/// <summary>x = min(max(x, −limit), limit); NaN stays NaN.</summary>
internal struct Clipped : IEach
{
    public ArrayView<float> X;
    public float Limit;

    public readonly void At(int i)
    {
        var x = X[i];
        X[i] = x > Limit ? Limit : x < -Limit ? -Limit : x;
    }
}

/// <summary>y = f(x).</summary>
internal struct Activate : IEach
{
    public ArrayView<float> X, Y;
    public int Function;

    public readonly void At(int i) => Y[i] = VectorMath.Activate(Function, X[i]);
}

/// <summary>dX += dY·f'(x), written by y = f(x).</summary>
internal struct ActivateBackward : IEach
{
    public ArrayView<float> Y, DY, DX;
    public int Function, Adds;

    public readonly void At(int i)
    {
        var d = DY[i] * VectorMath.Slope(Function, Y[i]);
        DX[i] = Adds != 0 ? DX[i] + d : d;
    }
}

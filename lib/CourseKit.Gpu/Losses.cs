using ILGPU;

namespace CourseKit.Gpu;

/// <summary>loss = max(x, 0) − x·t + log(1 + e^−|x|); dX = (σ(x) − t)/n. All [n], dX or empty.</summary>
internal struct BinaryCrossEntropy : IEach
{
    public ArrayView<float> X, T, Losses, DX;
    public float One;

    public readonly void At(int i)
    {
        var (x, t) = (X[i], T[i]);
        Losses[i] = (x > 0 ? x : 0) - (x * t) + VectorMath.Log(1 + VectorMath.Exp(x < 0 ? x : -x));
        if (DX.Length > 0) DX[i] = (VectorMath.Sigmoid(x) - t) * One;
    }
}

/// <summary>loss = (p − t)²; dP = 2(p − t)/n. All [n], dP or empty.</summary>
internal struct SquaredError : IEach
{
    public ArrayView<float> P, T, Losses, DP;
    public float One;

    public readonly void At(int i)
    {
        var d = P[i] - T[i];
        Losses[i] = d * d;
        if (DP.Length > 0) DP[i] = 2 * d * One;
    }
}

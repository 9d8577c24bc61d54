using ILGPU;

namespace CourseKit.Gpu;

/// <summary>g += decay·w; s += g²; w −= rate·g/(√s + ε). All [n].</summary>
internal struct Adagrad : IEach
{
    public ArrayView<float> W, G, Square;
    public float Rate, Epsilon, Decay;

    public readonly void At(int i)
    {
        var (w, d) = (W[i], G[i] + (Decay * W[i]));
        var s = Square[i] + (d * d);
        Square[i] = s;
        W[i] = w - (Rate * d / (MathF.Sqrt(s) + Epsilon));
    }
}

/// <summary>g += decay·w; s = ρ·s + (1 − ρ)·g²; d = g·√(u + ε)/√(s + ε); u = ρ·u + (1 − ρ)·d²; w −= rate·d. All [n].</summary>
internal struct Adadelta : IEach
{
    public ArrayView<float> W, G, Square, Change;
    public float Rate, Rho, Epsilon, Decay;

    public readonly void At(int i)
    {
        var (w, u, d) = (W[i], Change[i], G[i] + (Decay * W[i]));
        var s = (Rho * Square[i]) + ((1 - Rho) * (d * d));
        Square[i] = s;
        d *= MathF.Sqrt(u + Epsilon) / MathF.Sqrt(s + Epsilon);
        Change[i] = (Rho * u) + ((1 - Rho) * (d * d));
        W[i] = w - (Rate * d);
    }
}

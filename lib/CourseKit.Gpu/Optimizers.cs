using ILGPU;

namespace CourseKit.Gpu;

/// <summary>g += decay·w; v = momentum·v + g, or g at first; w −= rate·(nesterov ? g + momentum·v : v), or rate·g without momentum. All [n].</summary>
internal struct Sgd : IEach
{
    public ArrayView<float> W, G, Velocity;
    public float Rate, Momentum, Decay;
    public int Nesterov, First;

    public readonly void At(int i)
    {
        var (w, d) = (W[i], G[i] + (Decay * W[i]));
        if (Momentum != 0)
        {
            var v = First != 0 ? d : (Momentum * Velocity[i]) + d;
            Velocity[i] = v;
            d = Nesterov != 0 ? d + (Momentum * v) : v;
        }

        W[i] = w - (Rate * d);
    }
}

/// <summary>g += decay·w; s = α·s + (1 − α)·g²; with momentum v = momentum·v + g/(√s + ε), w −= rate·v; without w −= rate·g/(√s + ε). All [n].</summary>
internal struct RmsProp : IEach
{
    public ArrayView<float> W, G, Square, Velocity;
    public float Rate, Alpha, Epsilon, Momentum, Decay;

    public readonly void At(int i)
    {
        var (w, d) = (W[i], G[i] + (Decay * W[i]));
        var s = (Alpha * Square[i]) + ((1 - Alpha) * (d * d));
        Square[i] = s;
        d /= MathF.Sqrt(s) + Epsilon;
        if (Momentum != 0)
        {
            d += Momentum * Velocity[i];
            Velocity[i] = d;
        }

        W[i] = w - (Rate * d);
    }
}

/// <summary>m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w = keep·w − stepSize·m/(√v·rootScale + ε), stepSize = rate/(1 − β1^step), rootScale = 1/√(1 − β2^step). With Greatest, u = max(u, v) stands for v. All [n].</summary>
internal struct Adam : IEach
{
    public ArrayView<float> W, G, M, Second, Greatest;
    public float Beta1, Beta2, Epsilon, StepSize, RootScale, Keep, Added;

    public readonly void At(int i)
    {
        var (w, d) = (W[i], G[i] + (Added * W[i]));
        var m = (Beta1 * M[i]) + ((1 - Beta1) * d);
        var v = (Beta2 * Second[i]) + ((1 - Beta2) * (d * d));
        (M[i], Second[i]) = (m, v);
        if (Greatest.Length > 0)
        {
            v = Greatest[i] > v ? Greatest[i] : v;
            Greatest[i] = v;
        }

        W[i] = (Keep * w) - (StepSize * m / ((MathF.Sqrt(v) * RootScale) + Epsilon));
    }
}

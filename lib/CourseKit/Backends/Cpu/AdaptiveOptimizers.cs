namespace CourseKit.Backends.Cpu;

internal static unsafe class AdaptiveOptimizers
{
    // w, g, s [n]: g += decay·w; s += g²; w −= rate·g/(√s + ε).
    internal static void Adagrad(float* w, float* g, float* s, int n, float rate, float epsilon, float decay)
    {
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (decay * w[i]);
            s[i] += d * d;
            w[i] -= rate * d / (MathF.Sqrt(s[i]) + epsilon);
        }
    }

    // w, g, s, u [n]: g += decay·w; s = ρ·s + (1 − ρ)·g²; d = g·√(u + ε)/√(s + ε); u = ρ·u + (1 − ρ)·d²; w −= rate·d.
    internal static void Adadelta(float* w, float* g, float* s, float* u, int n, float rate, float rho, float epsilon, float decay)
    {
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (decay * w[i]);
            s[i] = (rho * s[i]) + ((1 - rho) * d * d);
            d *= MathF.Sqrt(u[i] + epsilon) / MathF.Sqrt(s[i] + epsilon);
            u[i] = (rho * u[i]) + ((1 - rho) * d * d);
            w[i] -= rate * d;
        }
    }

    // w, g, m, v, u [n]: m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; u = max(u, v); w −= rate·(m/(1 − β1^step))/(√(u/(1 − β2^step)) + ε).
    internal static void AmsGrad(float* w, float* g, float* m, float* v, float* u, int n, float rate, float beta1, float beta2, float epsilon, float decay, int step)
    {
        var stepSize = (float)(rate / (1 - Math.Pow(beta1, step)));
        var rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (decay * w[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * d);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * d * d);
            u[i] = MathF.Max(u[i], v[i]);
            w[i] -= stepSize * m[i] / ((MathF.Sqrt(u[i]) * rootScale) + epsilon);
        }
    }
}

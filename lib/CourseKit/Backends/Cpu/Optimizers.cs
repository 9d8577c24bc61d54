namespace CourseKit.Backends.Cpu;

internal static unsafe class Optimizers
{
    // w, g, v [n]: g += decay·w; v = momentum·v + g, v = g at first; w −= rate·(nesterov ? g + momentum·v : v); without momentum w −= rate·g.
    internal static void Sgd(float* w, float* g, float* v, int n, float rate, float momentum, bool nesterov, float decay, bool first)
    {
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (decay * w[i]);
            if (momentum != 0)
            {
                v[i] = first ? d : (momentum * v[i]) + d;
                d = nesterov ? d + (momentum * v[i]) : v[i];
            }

            w[i] -= rate * d;
        }
    }

    // w, g, s, v [n]: g += decay·w; s = α·s + (1 − α)·g²; d = g/(√s + ε); with momentum v = momentum·v + d and d = v; w −= rate·d.
    internal static void RmsProp(float* w, float* g, float* s, float* v, int n, float rate, float alpha, float epsilon, float momentum, float decay)
    {
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (decay * w[i]);
            s[i] = (alpha * s[i]) + ((1 - alpha) * d * d);
            d /= MathF.Sqrt(s[i]) + epsilon;
            if (momentum != 0) d = v[i] = (momentum * v[i]) + d;
            w[i] -= rate * d;
        }
    }

    // w, g, m, v [n]: m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w −= rate·(m/(1 − β1^step))/(√(v/(1 − β2^step)) + ε).
    internal static void Adam(float* w, float* g, float* m, float* v, int n, float rate, float beta1, float beta2, float epsilon, float decay, bool decoupled, int step)
    {
        var stepSize = (float)(rate / (1 - Math.Pow(beta1, step)));
        var rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        var keep = decoupled ? 1 - (rate * decay) : 1;
        var added = decoupled ? 0 : decay;
        for (var i = 0; i < n; i++)
        {
            var d = g[i] + (added * w[i]);
            m[i] = (beta1 * m[i]) + ((1 - beta1) * d);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * d * d);
            w[i] = (keep * w[i]) - (stepSize * m[i] / ((MathF.Sqrt(v[i]) * rootScale) + epsilon));
        }
    }
}

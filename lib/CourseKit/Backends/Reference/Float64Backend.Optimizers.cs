namespace CourseKit.Backends.Reference;

public sealed partial class Float64Backend
{
    /// <inheritdoc/>
    public void SgdStep(Storage weight, Storage gradient, Storage? velocity, float rate, float momentum, bool nesterov, float weightDecay, bool first)
    {
        var (w, gradients, v) = (Of(weight), Of(gradient), OfOptional(velocity));
        for (var i = 0; i < w.Length; i++)
        {
            var g = gradients[i] + (weightDecay * w[i]);
            if (momentum != 0)
            {
                v![i] = first ? g : (momentum * v[i]) + g;
                g = nesterov ? g + (momentum * v[i]) : v[i];
            }

            w[i] -= rate * g;
        }
    }

    /// <inheritdoc/>
    public void RmsPropStep(Storage weight, Storage gradient, Storage square, Storage? velocity, float rate, float alpha, float epsilon, float momentum, float weightDecay)
    {
        var (w, gradients, s, v) = (Of(weight), Of(gradient), Of(square), OfOptional(velocity));
        for (var i = 0; i < w.Length; i++)
        {
            var g = gradients[i] + (weightDecay * w[i]);
            s[i] = (alpha * s[i]) + ((1.0 - alpha) * g * g);
            var step = g / (Math.Sqrt(s[i]) + epsilon);
            if (momentum != 0) step = v![i] = (momentum * v[i]) + step;
            w[i] -= rate * step;
        }
    }

    /// <inheritdoc/>
    public void AdamStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, bool decoupled, int step)
    {
        var (w, gradients, m, v) = (Of(weight), Of(gradient), Of(firstMoment), Of(secondMoment));
        for (var i = 0; i < w.Length; i++)
        {
            var g = gradients[i] + (decoupled ? 0 : weightDecay * w[i]);
            if (decoupled) w[i] -= (double)rate * weightDecay * w[i];
            Moments(m, v, i, g, beta1, beta2);
            w[i] -= AdamChange(m[i], v[i], rate, beta1, beta2, epsilon, step);
        }
    }

    /// <inheritdoc/>
    public void AmsGradStep(Storage weight, Storage gradient, Storage firstMoment, Storage secondMoment, Storage greatestSecondMoment, float rate, float beta1, float beta2, float epsilon,
        float weightDecay, int step)
    {
        var (w, gradients, m, v, greatest) = (Of(weight), Of(gradient), Of(firstMoment), Of(secondMoment), Of(greatestSecondMoment));
        for (var i = 0; i < w.Length; i++)
        {
            Moments(m, v, i, gradients[i] + (weightDecay * w[i]), beta1, beta2);
            greatest[i] = Math.Max(greatest[i], v[i]);
            w[i] -= AdamChange(m[i], greatest[i], rate, beta1, beta2, epsilon, step);
        }
    }

    /// <inheritdoc/>
    public void AdagradStep(Storage weight, Storage gradient, Storage square, float rate, float epsilon, float weightDecay)
    {
        var (w, gradients, s) = (Of(weight), Of(gradient), Of(square));
        for (var i = 0; i < w.Length; i++)
        {
            var g = gradients[i] + (weightDecay * w[i]);
            s[i] += g * g;
            w[i] -= rate * g / (Math.Sqrt(s[i]) + epsilon);
        }
    }

    /// <inheritdoc/>
    public void AdadeltaStep(Storage weight, Storage gradient, Storage square, Storage change, float rate, float rho, float epsilon, float weightDecay)
    {
        var (w, gradients, s, u) = (Of(weight), Of(gradient), Of(square), Of(change));
        for (var i = 0; i < w.Length; i++)
        {
            var g = gradients[i] + (weightDecay * w[i]);
            s[i] = (rho * s[i]) + ((1.0 - rho) * g * g);
            var d = g * Math.Sqrt(u[i] + epsilon) / Math.Sqrt(s[i] + epsilon);
            u[i] = (rho * u[i]) + ((1.0 - rho) * d * d);
            w[i] -= rate * d;
        }
    }

    // m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g².
    private static void Moments(double[] m, double[] v, int i, double g, float beta1, float beta2)
    {
        m[i] = (beta1 * m[i]) + ((1.0 - beta1) * g);
        v[i] = (beta2 * v[i]) + ((1.0 - beta2) * g * g);
    }

    // rate·(m/(1 − β1^step))/(√(v/(1 − β2^step)) + ε).
    private static double AdamChange(double m, double v, float rate, float beta1, float beta2, float epsilon, int step) =>
        rate * (m / (1 - Math.Pow(beta1, step))) / (Math.Sqrt(v / (1 - Math.Pow(beta2, step))) + epsilon);
}

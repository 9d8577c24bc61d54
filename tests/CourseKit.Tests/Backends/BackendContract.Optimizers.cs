namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(0f, false, 0f)]
    [InlineData(0.9f, false, 0.01f)]
    [InlineData(0.9f, true, 0f)]
    public void Sgd_ThreeSteps_MatchOracle(float momentum, bool nesterov, float decay)
    {
        const int N = 37;
        var (w, v) = (Draw(N), new double[N]);
        var (weight, velocity) = (Of(w), momentum == 0 ? null : Backend.Rent(N));
        for (var step = 0; step < 3; step++)
        {
            var gradient = Draw(N);
            Backend.SgdStep(weight, Of(gradient), velocity, 0.1f, momentum, nesterov, decay, step == 0);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (decay * w[i]);
                v[i] = (momentum * v[i]) + g;
                w[i] -= 0.1f * (nesterov ? g + (momentum * v[i]) : v[i]);
            }
        }

        Close(w, Numbers(weight), 2e-6);
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.5f, 0.01f)]
    public void RmsProp_ThreeSteps_MatchOracle(float momentum, float decay)
    {
        const int N = 37;
        var (w, s, v) = (Draw(N), new double[N], new double[N]);
        var (weight, square, velocity) = (Of(w), Of(s), momentum == 0 ? null : Of(v));
        for (var step = 0; step < 3; step++)
        {
            var gradient = Draw(N);
            Backend.RmsPropStep(weight, Of(gradient), square, velocity, 0.01f, 0.99f, 1e-8f, momentum, decay);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (decay * w[i]);
                s[i] = (0.99f * s[i]) + ((1.0 - 0.99f) * g * g);
                v[i] = (momentum * v[i]) + (g / (Math.Sqrt(s[i]) + 1e-8));
                w[i] -= 0.01f * v[i];
            }
        }

        Close(w, Numbers(weight), 3e-6);
    }

    [Theory]
    [InlineData(0f, false)]
    [InlineData(0.1f, false)]
    [InlineData(0.1f, true)]
    public void Adam_ThreeSteps_MatchOracle(float decay, bool decoupled)
    {
        const int N = 37;
        const float Beta1 = 0.9f, Beta2 = 0.999f;
        var (w, m, v) = (Draw(N), new double[N], new double[N]);
        var (weight, first, second) = (Of(w), Of(m), Of(v));
        for (var step = 1; step <= 3; step++)
        {
            var gradient = Draw(N);
            Backend.AdamStep(weight, Of(gradient), first, second, 0.01f, Beta1, Beta2, 1e-8f, decay, decoupled, step);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (decoupled ? 0 : decay * w[i]);
                if (decoupled) w[i] -= 0.01f * decay * w[i];
                m[i] = (Beta1 * m[i]) + ((1.0 - Beta1) * g);
                v[i] = (Beta2 * v[i]) + ((1.0 - Beta2) * g * g);
                w[i] -= 0.01f * (m[i] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, step))) + 1e-8);
            }
        }

        Close(w, Numbers(weight), 3e-6);
    }
}

namespace CourseKit.Tests.Backends;

public abstract partial class BackendContract
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Adagrad_ThreeSteps_MatchOracle(float decay)
    {
        const int N = 37;
        var (w, s) = (Draw(N), new double[N]);
        var (weight, square) = (Of(w), Of(s));
        for (var step = 0; step < 3; step++)
        {
            var gradient = Draw(N);
            Backend.AdagradStep(weight, Of(gradient), square, 0.1f, 1e-10f, decay);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (decay * w[i]);
                s[i] += g * g;
                w[i] -= 0.1f * g / (Math.Sqrt(s[i]) + 1e-10);
            }
        }

        Close(w, Numbers(weight), 3e-6);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    public void Adadelta_ThreeSteps_MatchOracle(float decay)
    {
        const int N = 37;
        var (w, s, u) = (Draw(N), new double[N], new double[N]);
        var (weight, square, change) = (Of(w), Of(s), Of(u));
        for (var step = 0; step < 3; step++)
        {
            var gradient = Draw(N);
            Backend.AdadeltaStep(weight, Of(gradient), square, change, 1f, 0.9f, 1e-6f, decay);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (decay * w[i]);
                s[i] = (0.9f * s[i]) + ((1.0 - 0.9f) * g * g);
                var d = g * Math.Sqrt(u[i] + 1e-6f) / Math.Sqrt(s[i] + 1e-6f);
                u[i] = (0.9f * u[i]) + ((1.0 - 0.9f) * d * d);
                w[i] -= d;
            }
        }

        Close(w, Numbers(weight), 3e-6);
    }

    [Fact]
    public void AmsGrad_GradientsShrinking_DividesByTheGreatestSquare()
    {
        const int N = 37;
        const float Beta1 = 0.9f, Beta2 = 0.5f, Decay = 0.1f;
        var (w, m, v, u) = (Draw(N), new double[N], new double[N], new double[N]);
        var (weight, first, second, greatest) = (Of(w), Of(m), Of(v), Of(u));
        for (var step = 1; step <= 4; step++)
        {
            double[] gradient = [.. Draw(N).Select(g => (double)(float)(g / step))];
            Backend.AmsGradStep(weight, Of(gradient), first, second, greatest, 0.01f, Beta1, Beta2, 1e-8f, Decay, step);
            for (var i = 0; i < N; i++)
            {
                var g = gradient[i] + (Decay * w[i]);
                m[i] = (Beta1 * m[i]) + ((1.0 - Beta1) * g);
                v[i] = (Beta2 * v[i]) + ((1.0 - Beta2) * g * g);
                u[i] = Math.Max(u[i], v[i]);
                w[i] -= 0.01f * (m[i] / (1 - Math.Pow(Beta1, step))) / (Math.Sqrt(u[i] / (1 - Math.Pow(Beta2, step))) + 1e-8);
            }
        }

        Close(w, Numbers(weight), 3e-6);
    }
}

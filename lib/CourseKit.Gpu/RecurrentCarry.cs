using ILGPU;

namespace CourseKit.Gpu;

/// <summary>
/// How the hidden state gets from step to step, in both directions: masked, dropped out, held by zoneout. P is the size of the state. Empty views are options that are off,
/// incoming gradients that are 0 and outgoing ones that nobody wants.
/// </summary>
internal struct RecurrentCarry
{
    // mask [B, T]; dropout [B, P]; zoneout [B, T, P]; h0 [B, P].
    public ArrayView<float> Mask, Dropout, Zoneout, H0;

    // State [B, P], the running state; seen [B, T, P], what each step's product sees of the state before it; before [B, T, P], that state where dropout makes it another; y [B, T, P].
    public ArrayView<float> State, Seen, Before, Y;

    // dY, dStates [B, T, P]; past [B, P], what reaches the state not through the product; dH0 [B, P].
    public ArrayView<float> DY, DStates, Past, DH0;

    public int T, P, Reverse;

    /// <summary>A step's row of [B, T].</summary>
    public readonly int Row(int b, int step) => (b * T) + (Reverse != 0 ? T - 1 - step : step);

    public readonly bool Takes(int row) => Mask.Length == 0 || Mask[row] != 0;

    /// <summary>The state before a step, in the forward pass.</summary>
    public readonly float Now(int b, int p) => State[(b * P) + p];

    /// <summary>The state before a step, in the backward pass.</summary>
    public readonly float Old(int row, int p) => Before.Length > 0 ? Before[(row * P) + p] : Seen[(row * P) + p];

    public readonly float Start(int b, int p) => Next(b, p, -1, H0.Length > 0 ? H0[(b * P) + p] : 0);

    /// <summary>A step that is passed over.</summary>
    public readonly float Hold(int b, int p, int step)
    {
        Y[(Row(b, step) * P) + p] = 0;
        return Next(b, p, step, Now(b, p));
    }

    /// <summary>A step that makes a candidate.</summary>
    public readonly float Take(int b, int p, int step, float candidate)
    {
        var at = (Row(b, step) * P) + p;
        if (Zoneout.Length > 0) candidate = (Zoneout[at] * Now(b, p)) + ((1 - Zoneout[at]) * candidate);
        Y[at] = candidate;
        return Next(b, p, step, candidate);
    }

    /// <summary>The gradient of a step's candidate; what else reaches the state before it is kept for the step before. 0 where the step was passed over.</summary>
    public readonly float Reach(int b, int p, int step, float product)
    {
        var (row, at) = (Row(b, step), (b * P) + p);
        var takes = Takes(row);
        var d = Reached(at, product);
        var here = (row * P) + p;
        if (takes && DY.Length > 0) d += DY[here];
        if (DStates.Length > 0) DStates[here] = d;
        var stays = !takes ? 1 : Zoneout.Length > 0 ? Zoneout[here] : 0;
        Past[at] = stays * d;
        return (1 - stays) * d;
    }

    /// <summary>Adds to what reaches the state before a step not through the product.</summary>
    public readonly void Pass(int b, int p, float d) => Past[(b * P) + p] += d;

    public readonly void Finish(int b, int p, float product)
    {
        if (DH0.Length > 0) DH0[(b * P) + p] += Reached((b * P) + p, product);
    }

    private readonly float Reached(int at, float product) => Past[at] + (Dropout.Length > 0 ? product * Dropout[at] : product);

    private readonly float Next(int b, int p, int step, float h)
    {
        var at = (b * P) + p;
        State[at] = h;
        var seen = Dropout.Length > 0 ? h * Dropout[at] : h;
        if (step + 1 < T)
        {
            var next = (Row(b, step + 1) * P) + p;
            Seen[next] = seen;
            if (Before.Length > 0) Before[next] = h;
        }

        return seen;
    }
}

using ILGPU;

namespace CourseKit.Gpu;

/// <summary>What the way back through a <see cref="LstmFormed"/> writes: D [B, T, G·H]; dC [B, H], running; dOut [B, T, P], what reaches the projection; dShown [B, H]; dNormal, dDepth [B, T, H].</summary>
internal struct LstmFormedGradients
{
    public ArrayView<float> D, DC, DOut, DShown, DNormal, DDepth, DBelow, DCells, DCellsOut;
}

/// <summary>The gradient of the state before its projection. Product [B, P] of the later step, or empty.</summary>
internal struct LstmFormedReach : IEach
{
    public LstmFormed Of;
    public LstmFormedGradients To;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var (b, p) = (i / Of.Carry.P, i % Of.Carry.P);
        To.DOut[(Of.Carry.Row(b, Step) * Of.Carry.P) + p] = Of.Carry.Reach(b, p, Step, Product.Length > 0 ? Product[i] : 0);
    }
}

/// <summary>With layer norm: the gradient of the normal cell, dNormal = dShown·o·(1 − tanh²), and dShown where no projection made it.</summary>
internal struct LstmFormedNormal : IEach
{
    public LstmFormed Of;
    public LstmFormedGradients To;
    public ArrayView<float> Product;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.H;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        if (To.DOut.Length == 0) To.DShown[i] = Of.Carry.Reach(b, j, Step, Product.Length > 0 ? Product[i] : 0);
        var tanh = VectorMath.Tanh(Of.Normal[(row * H) + j]);
        To.DNormal[(row * H) + j] = Of.Carry.Takes(row) ? To.DShown[i] * Of.Kept[(row * 4 * H) + (3 * H) + j] * (1 - (tanh * tanh)) : 0;
    }
}

/// <summary>The gradients of the gates' sums and of the cell before. DFresh [B, H] comes from the layer norm, or is empty; product [B, P] of the later step, or empty.</summary>
internal struct LstmFormedGatesBackward : IEach
{
    public LstmFormed Of;
    public LstmFormedGradients To;
    public ArrayView<float> Product, DFresh;
    public int Step;

    public readonly void At(int i)
    {
        var H = Of.H;
        var (b, j) = (i / H, i % H);
        var row = Of.Carry.Row(b, Step);
        var (gate, here) = ((row * 4 * H) + j, (row * H) + j);
        var dShown = To.DShown.Length > 0 ? To.DShown[i] : Of.Carry.Reach(b, j, Step, Product.Length > 0 ? Product[i] : 0);
        var dC = To.DC[i];
        if (To.DCellsOut.Length > 0) dC += To.DCellsOut[here];
        if (!Of.Carry.Takes(row))
        {
            for (var k = 0; k < Of.Gates; k++) To.D[(((row * Of.Gates) + k) * H) + j] = 0;
            if (To.DDepth.Length > 0) To.DDepth[here] = 0;
            if (To.DCells.Length > 0) To.DCells[here] = dC;
            To.DC[i] = dC;
            return;
        }

        var (input, forget, g, o) = (Of.Kept[gate], Of.Kept[gate + H], Of.Kept[gate + (2 * H)], Of.Kept[gate + (3 * H)]);
        var (c, fresh) = (Of.CellsBefore[here], Of.Fresh[here]);
        var (last, coupled) = (Of.Gates - 1, Of.Coupled != 0);
        var tanh = VectorMath.Tanh(Of.Normal.Length > 0 ? Of.Normal[here] : fresh);
        var dOutput = dShown * tanh * o * (1 - o);
        var through = (DFresh.Length > 0 ? DFresh[i] : dShown * o * (1 - (tanh * tanh))) + Of.Peep(last - 1, j, dOutput);
        var stays = Of.CellZoneout.Length > 0 ? Of.CellZoneout[here] : 0;
        var dFresh = ((1 - stays) * dC) + through;

        // Where zoneout put the old cell in its place, the new one reached h_t but not c_t.
        if (To.DCells.Length > 0) To.DCells[here] = dC + ((1 - stays) * through);
        var dInput = dFresh * (coupled ? g - c : g) * input * (1 - input);
        var before = (stays * dC) + (dFresh * forget) + Of.Peep(0, j, dInput);
        Write(row, 0, j, dInput);
        if (!coupled)
        {
            var dForget = dFresh * c * forget * (1 - forget);
            Write(row, 1, j, dForget);
            before += Of.Peep(1, j, dForget);
        }

        Write(row, last - 1, j, dFresh * input * (1 - (g * g)));
        Write(row, last, j, dOutput);
        if (Of.Below.Length > 0)
        {
            var depth = Of.Depth[here];
            var dDepth = dFresh * Of.Below[here] * depth * (1 - depth);
            To.DDepth[here] = dDepth;
            if (To.DBelow.Length > 0) To.DBelow[here] += (dFresh * depth) + (dDepth * Of.DepthFromBelow[j]);
            before += dDepth * Of.DepthFromCell[j];
        }

        To.DC[i] = before;
    }

    private readonly void Write(int row, int k, int j, float d) => To.D[(((row * Of.Gates) + k) * Of.H) + j] = d;
}

/// <summary>The gradient of the hidden state before the first step. Product [B, P].</summary>
internal struct LstmFormedFinish : IEach
{
    public LstmFormed Of;
    public ArrayView<float> Product;

    public readonly void At(int i) => Of.Carry.Finish(i / Of.Carry.P, i % Of.Carry.P, Product[i]);
}

using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Inspection;

/// <summary>A layer or a textbook cell, so that one suite of properties does for both.</summary>
internal abstract class CellUnderCheck
{
    public abstract string Name { get; }

    public abstract int InputSize { get; }

    /// <summary>How closely runs must agree: float32 layers to 1e-5, float64 cells to 1e-12.</summary>
    public abstract double Tolerance { get; }

    /// <summary>Whether it runs from the last time step to the first.</summary>
    public virtual bool FromTheLast => false;

    /// <summary>Whether it reads the sequence in both directions, so that a chunk cannot be run without what follows.</summary>
    public virtual bool BothWays => false;

    /// <summary>Runs over x, [batch][time][inputSize], from a state or zeros, passing over the steps where mask, [batch][time], is false.</summary>
    public abstract CellRun Run(double[][][] x, bool[][]? mask = null, object? state = null);

    public abstract GradientCheckResult Gradient();

    /// <summary>The same cell running in the other direction, or why there is none.</summary>
    public abstract (CellUnderCheck? Cell, string WhyNot) Turned();

    /// <summary>The difference between the halves of a layer that runs both ways, when both have the same weights; checked is false where there are no halves to compare.</summary>
    public virtual (bool Checked, string? Difference) Halves(double[][][] x) => (false, null);

    protected internal static double[][][] Draw(int batch, int steps, int size, long seed)
    {
        var random = new RandomSource(seed);
        return [.. Enumerable.Range(0, batch).Select(_ => Enumerable.Range(0, steps).Select(_ => Enumerable.Range(0, size).Select(_ => (double)((2 * random.NextFloat()) - 1)).ToArray()).ToArray())];
    }
}

/// <summary>A layer, on its own backend.</summary>
internal sealed class LayerUnderCheck(SequenceLayer layer, SequenceLayer? reverse) : CellUnderCheck
{
    public override string Name => layer.ToString();

    public override int InputSize => layer.InputSize;

    public override double Tolerance => 1e-5;

    public override bool FromTheLast => layer is RecurrentCellLayer { Reverse: true };

    public override bool BothWays => ReadsBothWays(layer);

    public override CellRun Run(double[][][] x, bool[][]? mask = null, object? state = null)
    {
        var (output, after) = Tensor.MakeOn(layer.Parameters is [var first, ..] ? first.Tensor.Backend : Tensor.Zeros(1).Backend, () => layer.Forward(
            Of(x), (RecurrentState?)state, mask is null ? null : Tensor.From([.. mask.SelectMany(row => row.Select(takes => takes ? 1f : 0))], mask.Length, mask[0].Length)));
        return new CellRun(
            output.Shape.Rank == 3 ? Blocks(output, output.Shape[1]) : Blocks(output, 1),
            [.. after.Hidden.Concat(after.Cell ?? []).Select(part => Blocks(part, 1).Select(row => row[0]).ToArray())],
            after);
    }

    public override GradientCheckResult Gradient()
    {
        var state = (RecurrentState)Run(Draw(2, 2, InputSize, seed: 5)).Carry;
        return GradientCheck.Of(layer, Of(Draw(2, 3, InputSize, seed: 6)), new RecurrentState([.. state.Hidden.Select(h => h.Detach())], state.Cell is null ? null : [.. state.Cell.Select(c => c.Detach())]));
    }

    public override (CellUnderCheck? Cell, string WhyNot) Turned()
    {
        if (reverse is null)
            return (null, BothWays ? "it needs one layer with all time steps out and the directions side by side" : "give the same layer made to run from the last time step to the first");
        if (!layer.Parameters.Select(p => (p.Name, p.Tensor.Shape)).SequenceEqual(reverse.Parameters.Select(p => (p.Name, p.Tensor.Shape))))
            return (null, $"{reverse} has other parameters");
        foreach (var (mine, theirs) in layer.Parameters.Zip(reverse.Parameters))
            theirs.Tensor.CopyFrom(mine.Tensor);
        return (new LayerUnderCheck(reverse, null), "");
    }

    public override (bool Checked, string? Difference) Halves(double[][][] x)
    {
        if (layer is not RecurrentLayer { Layers: 1, ReturnSequences: true } recurrent || Run(x) is var run && run.Output[0][0].Length != 2 * run.State[0][0].Length)
            return (false, null);
        const string Suffix = "_reverse";
        var byName = recurrent.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Tensor);
        var pairs = byName.Keys.Where(name => name.EndsWith(Suffix, StringComparison.Ordinal)).Select(name => (There: byName[name], Here: byName[name[..^Suffix.Length]])).ToList();
        var kept = pairs.Select(pair => pair.There.Detach()).ToList();
        try
        {
            foreach (var (there, here) in pairs)
                there.CopyFrom(here);
            CellRun Half(CellRun of, Range neurons) => of with { Output = [.. of.Output.Select(row => row.Select(step => step[neurons]).ToArray())] };
            var size = run.Output[0][0].Length / 2;
            var mirrored = Half(Run([.. x.Select(row => row.Reverse().ToArray())]), 0..size).Reversed();
            return (true, Half(Run(x), size..).DifferenceFrom(mirrored, Tolerance, "in the other direction", "mirrored", state: false));
        }
        finally
        {
            foreach (var (pair, values) in pairs.Zip(kept))
                pair.There.CopyFrom(values);
        }
    }

    private static bool ReadsBothWays(Layer layer) => layer is RecurrentLayer { Bidirectional: true } or Bidirectional || layer.Parts.Any(ReadsBothWays);

    private static Tensor Of(double[][][] x) => Tensor.From([.. x.SelectMany(row => row.SelectMany(step => step))], x.Length, x[0].Length, x[0][0].Length);

    private static double[][][] Blocks(Tensor tensor, int steps)
    {
        var (values, batch) = (tensor.ToArray(), tensor.Shape[0]);
        var size = values.Length / (batch * steps);
        return [.. Enumerable.Range(0, batch).Select(b => Enumerable.Range(0, steps).Select(t => values.Skip(((b * steps) + t) * size).Take(size).Select(value => (double)value).ToArray()).ToArray())];
    }
}

/// <summary>A cell with Forward and Backward by hand, walked along time here, one example after the other at each step.</summary>
internal sealed class TextbookUnderCheck(RecurrentCell cell, bool fromTheLast) : CellUnderCheck
{
    public override string Name => cell.ToString()!;

    public override int InputSize => cell.XSize;

    public override double Tolerance => 1e-12;

    public override bool FromTheLast => fromTheLast;

    public override CellRun Run(double[][][] x, bool[][]? mask = null, object? state = null)
    {
        var (steps, h) = (x[0].Length, ((CellState[]?)state)?.ToArray() ?? [.. x.Select(_ => cell.Start)]);
        var output = x.Select(row => row.Select(_ => new double[cell.Start.Hidden.Count]).ToArray()).ToArray();
        for (var step = 0; step < steps; step++)
        {
            var t = fromTheLast ? steps - 1 - step : step;
            for (var b = 0; b < x.Length; b++)
            {
                // Where a step is passed over the cell still sees it, but its answer does not count.
                var after = cell.Forward(Vector<double>.Build.Dense([.. x[b][t]]), h[b]).After;
                if (mask is not null && !mask[b][t])
                    continue;
                h[b] = after;
                output[b][t] = after.Hidden.ToArray();
            }
        }

        var hidden = h.Select(part => part.Hidden.ToArray()).ToArray();
        return new CellRun(output, h[0].Cell is null ? [hidden] : [hidden, [.. h.Select(part => part.Cell!.ToArray())]], h);
    }

    public override GradientCheckResult Gradient() => GradientCheck.Of(cell);

    public override (CellUnderCheck? Cell, string WhyNot) Turned() => (new TextbookUnderCheck(cell, !fromTheLast), "");
}

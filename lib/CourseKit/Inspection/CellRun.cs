namespace CourseKit.Inspection;

/// <summary>One run of a cell under check.</summary>
/// <param name="Output">[batch][time][neuron]; one time step where only the final state comes out.</param>
/// <param name="State">The final state, [part][batch][number].</param>
/// <param name="Carry">The final state as the cell takes it back.</param>
internal sealed record CellRun(double[][][] Output, double[][][] State, object Carry)
{
    /// <summary>The largest difference between two runs in words, or null where they agree to a tolerance.</summary>
    /// <param name="expected">The run to agree with.</param>
    /// <param name="tolerance">The largest difference that passes, relative to numbers above 1.</param>
    /// <param name="here">What this run is: "with padding".</param>
    /// <param name="there">What the other is: "without".</param>
    /// <param name="state">Whether the final states must agree too.</param>
    public string? DifferenceFrom(CellRun expected, double tolerance, string here, string there, bool state = true)
    {
        if (Output.Length != expected.Output.Length || Output[0].Length != expected.Output[0].Length || Output[0][0].Length != expected.Output[0][0].Length)
            return $"the output is {Shape(Output)} {here}, but {Shape(expected.Output)} {there}";
        var worst = (Size: tolerance, Text: (string?)null);
        for (var b = 0; b < Output.Length; b++)
            for (var t = 0; t < Output[b].Length; t++)
                for (var j = 0; j < Output[b][t].Length; j++)
                    Look(Output[b][t][j], expected.Output[b][t][j], () => $"the output of neuron {j} in batch row {b} at time step {t}");
        for (var part = 0; part < State.Length && state; part++)
            for (var b = 0; b < State[part].Length; b++)
                for (var j = 0; j < State[part][b].Length; j++)
                    Look(State[part][b][j], expected.State[part][b][j], () => $"number {j} of the final state{(State.Length > 1 ? $", part {part}," : "")} in batch row {b}");
        return worst.Text;

        void Look(double mine, double theirs, Func<string> place)
        {
            var size = Math.Abs(mine - theirs) / Math.Max(1, Math.Abs(theirs));
            if (!(size <= worst.Size) && !double.IsNaN(worst.Size))
                worst = (size, FormattableString.Invariant($"{place()} is {mine:G5} {here} and {theirs:G5} {there}"));
        }
    }

    /// <summary>The run as if its time steps had come in other places.</summary>
    public CellRun Reversed() => this with { Output = [.. Output.Select(row => row.Reverse().ToArray())] };

    /// <summary>Some rows of the batch, in the order given.</summary>
    public CellRun Rows(params int[] rows) => this with { Output = [.. rows.Select(b => Output[b])], State = [.. State.Select(part => rows.Select(b => part[b]).ToArray())] };

    /// <summary>Some time steps.</summary>
    public CellRun Steps(Range steps) => this with { Output = [.. Output.Select(row => row[steps])] };

    private static string Shape(double[][][] output) => $"[{output.Length}, {output[0].Length}, {output[0][0].Length}]";
}

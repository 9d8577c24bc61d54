using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Textbook;

/// <summary>A cell over a whole sequence, and backpropagation through time.</summary>
/// <remarks>Werbos, Backpropagation Through Time: What It Does and How to Do It, 1990.</remarks>
public static class Sequence
{
    /// <summary>Runs a cell over a sequence.</summary>
    /// <param name="cell">The same weights at every step.</param>
    /// <param name="x">One input a time step, each [inputSize].</param>
    /// <param name="start">The state before the first step; null is zeros.</param>
    /// <returns>One step for each input. The last one's After is the final state.</returns>
    /// <exception cref="ArgumentException">An input or the state has another length than the weights.</exception>
    public static IReadOnlyList<CellStep> Forward(RecurrentCell cell, IEnumerable<Vector<double>> x, CellState? start = null)
    {
        var steps = new List<CellStep>();
        var state = start ?? cell.Start;
        foreach (var input in x)
        {
            var step = cell.Forward(input, state);
            steps.Add(step);
            state = step.After;
        }
        return steps;
    }

    /// <summary>Backpropagation through time: from the last step to the first, each hands the gradient of its state to the one before. Adds to the cell's Gradients.</summary>
    /// <param name="cell">The cell that took the steps.</param>
    /// <param name="steps">What <see cref="Forward"/> gave.</param>
    /// <param name="dHidden">The loss's gradient for the output of each step, each [hiddenSize].</param>
    /// <param name="dLast">The loss's gradient for the final state beside its part as the last output; null is zeros.</param>
    /// <returns>The gradients for each input and for the start state.</returns>
    /// <exception cref="ArgumentException">There are not as many gradients as steps.</exception>
    public static (IReadOnlyList<Vector<double>> DX, CellState DStart) Backward(
        RecurrentCell cell, IReadOnlyList<CellStep> steps, IReadOnlyList<Vector<double>> dHidden, CellState? dLast = null)
    {
        if (dHidden.Count != steps.Count)
            throw new ArgumentException($"Sequence.Backward: dHidden must have one gradient for each of the {steps.Count} steps, but has {dHidden.Count}.", nameof(dHidden));

        var dX = new Vector<double>[steps.Count];
        var dState = dLast ?? cell.Start;
        for (var t = steps.Count - 1; t >= 0; t--)
        {
            var dAfter = dState with { Hidden = dState.Hidden + dHidden[t] };
            (dX[t], dState) = cell.Backward(steps[t], dAfter);
        }
        return (dX, dState);
    }
}

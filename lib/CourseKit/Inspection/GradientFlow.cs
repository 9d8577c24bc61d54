namespace CourseKit.Inspection;

/// <summary>How far gradients flow back through time.</summary>
public static class GradientFlow
{
    /// <summary>‖∂L/∂h_t‖ for every time step: √Σ over the batch and all neurons of (∂L/∂h_t)². It vanishes or explodes towards the first time step, or does not.</summary>
    /// <param name="record">A pass with gradients: record a step that goes backward.</param>
    /// <returns>[time].</returns>
    /// <exception cref="ArgumentException">No backward pass came through the record.</exception>
    /// <remarks>Bengio, Simard and Frasconi, Learning Long-Term Dependencies with Gradient Descent is Difficult, 1994; Pascanu, Mikolov and Bengio, 2013.</remarks>
    public static double[] Norms(RecurrentRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var gradient = record.HiddenGradient
            ?? throw new ArgumentException($"{record.Name}: there are no gradients, because no backward pass came through. Record a whole step: Recorder.Of(() => Tape.Step(() => ... loss.Backward())).", nameof(record));
        var (values, size) = (gradient.ToArray(), gradient.Shape.Last);
        var squares = new double[record.Steps];
        for (var i = 0; i < values.Length; i++)
            squares[i / size % record.Steps] += (double)values[i] * values[i];
        return Array.ConvertAll(squares, Math.Sqrt);
    }
}

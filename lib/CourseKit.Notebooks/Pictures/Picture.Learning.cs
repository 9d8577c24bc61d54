using CourseKit.Data;
using CourseKit.SequenceToSequence;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <content>How a network learns, where it looks, and where it errs.</content>
public static partial class Picture
{
    private const double FewestShown = 1e-8;

    /// <summary>
    /// How far the gradient flowed back through time as training went on: ‖∂L/∂h_t‖, the loss' gradient with respect to the state at every time step, in logarithmic colours.
    /// </summary>
    /// <param name="log">A log that was among <see cref="FitOptions.Callbacks"/>.</param>
    /// <returns>A heat map whose columns are training steps and whose rows are time steps, the first on top. Below 1e-8 of the largest norm the colour stays the same.</returns>
    /// <exception cref="ArgumentException">The log has no step.</exception>
    /// <remarks>Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks, 2013.</remarks>
    public static HeatmapChart GradientFlow(GradientFlowLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        if (log.Points.Count == 0)
            throw new ArgumentException("Picture.GradientFlow: the log must have at least one step, but has none. Put it into FitOptions.Callbacks and train first.", nameof(log));
        var norms = new double[log.Points.Max(point => point.Norms.Count), log.Points.Count];
        for (var column = 0; column < log.Points.Count; column++)
            for (var t = 0; t < norms.GetLength(0); t++)
                norms[t, column] = t < log.Points[column].Norms.Count ? log.Points[column].Norms[t] : double.NaN;
        var chart = Chart.Heatmap(norms, columnLabels: log.Points.Select(point => Num.Whole(point.Step)))
            .LogColors().Title("How far the gradient flows back").XAxis("training step").YAxis("time step");
        var scale = chart.Scale();
        return scale.Min < scale.Max * FewestShown ? chart.Range(scale.Max * FewestShown, scale.Max) : chart;
    }

    /// <summary>Where an encoder-decoder looks in what it reads while it writes: the weights of its attention.</summary>
    /// <param name="model">A model with attention.</param>
    /// <param name="source">What it reads, at least one token.</param>
    /// <param name="target">What is written, without start and end symbols; null for what the model writes by itself, always the likeliest.</param>
    /// <param name="name">How a source token is called; null for its number.</param>
    /// <param name="targetName">How a target token is called; null for as <paramref name="name"/> says.</param>
    /// <returns>A heat map whose columns are the source and whose rows are what is written, the end symbol last; each row sums to 1.</returns>
    /// <exception cref="InvalidOperationException">The model has no attention.</exception>
    /// <exception cref="DataException">The source is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is outside its vocabulary.</exception>
    public static HeatmapChart Attention(EncoderDecoder model, int[] source, IReadOnlyList<int>? target = null, Func<int, string>? name = null, Func<int, string>? targetName = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        target ??= model.Decode(source).Greedy()[0].Tokens;
        name ??= token => Num.Whole(token);
        return Attention(model.Align(source, target), source.Select(name), [.. target.Select(targetName ?? name), "(end)"]);
    }

    /// <summary>Weights of attention, with what is read and what is written.</summary>
    /// <param name="weights">[targetSteps, sourceSteps]; dimensions of size 1 before them, such as a batch of one, are passed over.</param>
    /// <param name="source">What is read, one label for every column.</param>
    /// <param name="target">What is written, one label for every row.</param>
    /// <returns>A heat map with colours from 0 to 1.</returns>
    /// <exception cref="ShapeException">The weights are not a matrix.</exception>
    /// <exception cref="ArgumentException">There is not one label for every row and column.</exception>
    public static HeatmapChart Attention(Tensor weights, IEnumerable<string> source, IEnumerable<string> target)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        string[] columns = [.. source], rows = [.. target];
        var sizes = weights.Shape.Sizes;
        if (sizes.Length < 2 || sizes[..^2].IndexOfAnyExcept(1) >= 0)
            throw new ShapeException($"Picture.Attention: weights must be [targetSteps, sourceSteps], but got {weights.Shape}. Take one example of the batch, or Reshape it first.");
        if (rows.Length != sizes[^2] || columns.Length != sizes[^1])
            throw new ArgumentException($"Picture.Attention: there must be one label for every step, {Num.Whole(sizes[^2])} of the target and {Num.Whole(sizes[^1])} of the source, but got {Num.Whole(rows.Length)} and {Num.Whole(columns.Length)}.");
        return Chart.Heatmap(weights, rows, columns).Range(0, 1).Title("Where the decoder looks").XAxis("what is read").YAxis("what is written");
    }

    /// <summary>
    /// How right a model is at every position of its output: the share of right ones, and for each position which class was taken for which. At every position the
    /// true ones before it are known, as in training.
    /// </summary>
    /// <param name="model">The model; of an <see cref="EncoderDecoder"/> its <see cref="EncoderDecoder.Model"/>.</param>
    /// <param name="data">At least one batch, with classes; the ignored ones do not count. A batch that continues the one before starts from its state.</param>
    /// <param name="name">How a class is called; null for its number.</param>
    /// <exception cref="DataException">There is no target, or targets are values.</exception>
    /// <exception cref="ShapeException">The classes do not fit the output.</exception>
    public static Drawing Confusion(Model model, IEnumerable<Batch> data, Func<int, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(data);
        return new ConfusionDrawing(ConfusionCounts.Of(model, data), name);
    }

    /// <summary>How right written sequences are at every position, as of a model that runs free.</summary>
    /// <param name="truth">What should be written; lengths may differ.</param>
    /// <param name="predicted">What was written, one sequence for every truth. Where it is too short, nothing counts as predicted.</param>
    /// <param name="name">How a class is called; null for its number.</param>
    /// <exception cref="ArgumentException">There is not one sequence for every truth.</exception>
    /// <exception cref="DataException">There is no truth.</exception>
    public static Drawing Confusion(IEnumerable<int[]> truth, IEnumerable<int[]> predicted, Func<int, string>? name = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(predicted);
        return new ConfusionDrawing(ConfusionCounts.Of([.. truth], [.. predicted]), name);
    }
}

using System.Text;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>What one picture of a training shows, taken while the training stood still for a moment.</summary>
/// <param name="Words">All numbers in one line.</param>
/// <param name="Share">How much of the training is over, 0 to 1; null when that is unknown.</param>
/// <param name="Facts">Names and values, in the order in which they are shown.</param>
/// <param name="Loss">Training loss by step, smoothed.</param>
/// <param name="Norm">Gradient norm by step, smoothed.</param>
/// <param name="Validation">Validation losses.</param>
internal sealed record LiveFrame(
    string Words, double? Share, IReadOnlyList<(string Name, string Value)> Facts, (double[] Steps, double[] Values) Loss, (double[] Steps, double[] Values) Norm, ValidationPoint[] Validation)
{
    private const int MostPoints = 200;
    private const int RecentSteps = 20;

    /// <summary>Before the first step.</summary>
    public static readonly LiveFrame Empty = new("no steps", null, [], ([], []), ([], []), []);

    /// <summary>Takes the numbers of a training.</summary>
    /// <param name="run">The training.</param>
    /// <param name="end">How it ended; empty while it runs.</param>
    public static LiveFrame Of(TrainingRun run, string end)
    {
        var (steps, history) = (run.History.Steps, run.History);
        List<(string Name, string Value)> facts = [("step", $"{Num.Whole(steps.Count)}{(run.PlannedSteps is { } all ? $" of {Num.Whole(all)}" : "")}")];
        if (steps.Count > 0)
        {
            var last = steps[^1];
            facts.Add(("loss", FormattableString.Invariant($"{history.RecentLoss(RecentSteps):0.000}")));
            if (history.Validation is [.., var point])
                facts.Add(("validation", FormattableString.Invariant($"{point.Loss:0.000}")));
            facts.Add(("gradient norm", Num.Digits(last.GradientNorm, 3)));
            facts.Add(("learning rate", Num.Digits(last.LearningRate, 3)));
            facts.Add(("pace", run.Pace));
        }
        if (end.Length > 0)
            facts.Add((end, Pace.Clock(TimeSpan.FromSeconds(history.Seconds))));
        else if (run.TimeLeft is { } left)
            facts.Add(("left", Pace.Clock(left)));
        return new(
            string.Join(", ", facts.Select(fact => $"{fact.Name} {fact.Value}")),
            run.PlannedSteps is > 0 and var planned ? (double)steps.Count / planned : end.Length > 0 ? 1 : null,
            facts, Smooth(steps, step => step.Loss), Smooth(steps, step => step.GradientNorm), [.. history.Validation]);
    }

    /// <summary>The picture.</summary>
    /// <param name="title">The line above.</param>
    /// <param name="sample">A text to show; null for none.</param>
    /// <param name="states">States to show; null for none.</param>
    /// <param name="flow">Gradients through time to show; null for none.</param>
    public string ToFigure(string title, string? sample, HeatmapChart? states, HeatmapChart? flow)
    {
        var html = new StringBuilder($"<section class=\"ck-live\" aria-label=\"{Markup.Escape(title)}\">\n<div class=\"ck-title\">{Markup.Escape(title)}</div>\n");
        html.Append(ProgressBar.Bar(Share, Words)).Append("<dl class=\"ck-facts\">");
        foreach (var (name, value) in Facts)
            html.Append($"<div><dt>{Markup.Escape(name)}</dt><dd>{Markup.Escape(value)}</dd></div>");
        html.Append("</dl>\n<div class=\"ck-pair\">\n");
        var loss = Chart.Line(Loss.Steps, Loss.Values, "training").Title("Loss").XAxis("step").YAxis("loss");
        if (Validation.Length > 0)
            loss.AddLine(Validation.Select(point => point.Step), Validation.Select(point => point.Loss), "validation");
        html.Append(loss.ToFigure());
        html.Append(Chart.Line(Norm.Steps, Norm.Values).Title("Gradient norm").XAxis("step").YAxis("norm", log: Norm.Values.Any(value => value > 0)).ToFigure());
        html.Append("</div>\n");
        if (flow is not null)
            html.Append(flow.ToFigure());
        if (states is not null)
            html.Append(states.ToFigure());
        if (sample is not null)
            html.Append($"<div class=\"ck-chart ck-sample\"><div class=\"ck-title\">What it writes now</div><div class=\"ck-text\">{Markup.Escape(sample)}</div></div>\n");
        return html.Append("</section>\n").ToString();
    }

    // Means of as many steps as it takes to have no more points than a picture has room for: less noise, and the same size after a million steps.
    private static (double[] Steps, double[] Values) Smooth(IReadOnlyList<TrainingStep> steps, Func<TrainingStep, double> value)
    {
        var size = (steps.Count + MostPoints - 1) / MostPoints;
        if (size == 0)
            return ([], []);
        var (xs, ys) = (new List<double>(), new List<double>());
        for (var from = 0; from < steps.Count; from += size)
        {
            var count = Math.Min(size, steps.Count - from);
            xs.Add(steps[from + count - 1].Step);
            ys.Add(Enumerable.Range(from, count).Average(i => value(steps[i])));
        }
        return ([.. xs], [.. ys]);
    }
}

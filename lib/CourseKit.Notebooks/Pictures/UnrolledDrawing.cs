using CourseKit.Layers;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>A model unrolled over time: layers from the bottom to the top, time steps from left to right, arrows of the state between them.</summary>
internal sealed class UnrolledDrawing : Drawing
{
    internal const int MostSteps = 12;
    internal const double Gutter = 190;
    internal const double Stub = 24;
    private const double Gap = 30;
    private readonly List<NetworkRow> _rows;
    private readonly int _steps;
    private readonly string _input;
    private readonly long _parameters;

    public UnrolledDrawing(Model model, int steps)
    {
        if (steps is < 1 or > MostSteps)
            throw new ArgumentOutOfRangeException(nameof(steps), $"Picture.Unrolled: steps must be from 1 to {MostSteps}, but got {Num.Whole(steps)}. More steps look the same: they share their weights.");
        (_rows, _steps, _parameters) = (NetworkRows.Of(model), steps, model.ParameterCount);
        _input = model.Layers[0] switch
        {
            Embedding => "[batch, time] ids",
            SequenceLayer layer => $"[batch, time, {Num.Whole(layer.InputSize)}]",
            Linear layer => $"[..., {Num.Whole(layer.InputSize)}]",
            _ => "",
        };
    }

    private double ColumnWidth => (Layout.Width - Gutter - 2 * Stub) / _steps;

    internal override string ToFigure()
    {
        var canvas = new NetworkCanvas();
        var height = 26 + _rows.Sum(row => HeightOf(row) + Gap) + 44;
        var y = height - 28;
        var below = new List<Outlet>();
        for (var t = 0; t < _steps; t++)
        {
            canvas.Circle(X(t), y, 13, $"x{Glyphs.Low(t + 1)}", $"input at time step {Num.Whole(t + 1)}");
            below.Add(new(t, X(t), y - 13));
        }

        canvas.Label(y, ["input", _input]);
        y -= 13;
        foreach (var row in _rows)
        {
            y -= Gap + HeightOf(row);
            below = new NetworkRowDrawing(canvas, row, [.. Enumerable.Range(0, _steps).Select(X)], ColumnWidth, y, HeightOf(row)).Draw(below);
            canvas.Label(y + HeightOf(row) / 2, row.Lines);
        }

        foreach (var outlet in below)
            canvas.Arrow("", (outlet.X, outlet.Y), (outlet.X, outlet.Y - 22));
        return Figure.Of($"The network unrolled over {Num.Whole(_steps)} time step{(_steps == 1 ? "" : "s")}", [], canvas.Svg(height, $"unrolled over {Num.Whole(_steps)} time steps", ToString()), Notes(), canvas.WriteHover);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"Network unrolled over {_steps} time step{(_steps == 1 ? "" : "s")}, from input to output: {string.Join("; ", _rows)}. {_parameters:N0} parameters in all, the same ones at every time step.");

    internal static double HeightOf(NetworkRow row) => row.Flow switch
    {
        NetworkFlow.Both => NetworkRowDrawing.BothHeight(row.Merge),
        _ when row.IsResidual => 58,
        NetworkFlow.Each => 30,
        _ => 38,
    };

    internal static IEnumerable<string> NotesOn(IReadOnlyList<NetworkRow> rows)
    {
        if (rows.Any(row => row.HasCell))
            yield return "Double arrows carry two states: h, which the layer also gives out, and the cell c.";
        if (rows.Any(row => row.Flow == NetworkFlow.Both))
            yield return $"Blue runs from the first step to the last, orange from the last to the first{rows.First(row => row.Flow == NetworkFlow.Both).Merge switch
            {
                BidirectionalMerge.Concat => "; a bar puts the two behind one another",
                BidirectionalMerge.Sum => "; a bar adds the two",
                BidirectionalMerge.Multiply => "; a bar multiplies the two",
                BidirectionalMerge.Average => "; a bar takes the mean of the two",
                _ => ", and the two stay apart",
            }}.";
    }

    private List<string> Notes() =>
    [
        .. NotesOn(_rows),
        FormattableString.Invariant($"All boxes of a row share their weights: {_parameters:N0} parameters for any number of time steps."),
    ];

    private double X(int t) => Gutter + Stub + (t + 0.5) * ColumnWidth;
}

/// <summary>Where what a row gives comes out: at which time step, at which point, and of which direction when two stay apart.</summary>
internal readonly record struct Outlet(int Step, double X, double Y, bool? Reverse = null);

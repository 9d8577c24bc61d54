using CourseKit.Layers;

namespace CourseKit.Notebooks;

/// <summary>Draws one row of an unrolled network over the outlets of the row below.</summary>
/// <param name="canvas">Where to draw.</param>
/// <param name="row">The row.</param>
/// <param name="centres">The middle of each time step's column.</param>
/// <param name="column">A column's width.</param>
/// <param name="top">Where the row begins.</param>
/// <param name="height">Its height.</param>
internal sealed class NetworkRowDrawing(NetworkCanvas canvas, NetworkRow row, double[] centres, double column, double top, double height)
{
    private const double SmallBox = 30;
    private const double Between = 14;
    private const double Bar = 12;

    /// <summary>How long the arrows of the first and the last state are.</summary>
    public const double Stub = 20;

    private readonly double _width = Math.Min(52, column * 0.62);

    /// <summary>How long the arrows are that bring the first state; 0 for none.</summary>
    public double Lead { get; init; } = Stub;

    /// <summary>Where the arrows of the last state end; null for a little behind the last box.</summary>
    public double? End { get; init; }

    /// <summary>Where the first box of a row of single boxes begins.</summary>
    public double Begin => centres[0] - _width / 2;

    /// <summary>The height of two directions above one another, and of the bar that merges them.</summary>
    public static double BothHeight(BidirectionalMerge merge) => 2 * SmallBox + Between + (merge == BidirectionalMerge.None ? 0 : Between + Bar);

    /// <summary>Draws boxes, the arrows between them, and those from below.</summary>
    /// <returns>What comes out above.</returns>
    public List<Outlet> Draw(List<Outlet> below) => row.Flow switch
    {
        NetworkFlow.Both => DrawBoth(below),
        _ when row.IsResidual => DrawOne(below, top + 24, height - 24),
        _ => DrawOne(below, top, height),
    };

    private List<Outlet> DrawOne(List<Outlet> below, double y, double boxHeight)
    {
        var css = row.Flow switch { NetworkFlow.Forward => "ck-fwd", NetworkFlow.Reverse => "ck-rev", _ => row.Hidden > 0 || row.Symbol.Length == 0 ? "ck-more" : "" };
        var steps = row.Flow == NetworkFlow.Each ? below.Select(outlet => outlet.Step).Distinct().ToArray() : [.. Enumerable.Range(0, centres.Length)];
        foreach (var outlet in below)
            canvas.Arrow("", (outlet.X, outlet.Y), (outlet.X, y + boxHeight));
        foreach (var t in steps)
            canvas.Box(centres[t], y, _width, boxHeight, css, Letter(t, alone: below.Count == 1 && centres.Length > 1), Says(t));
        if (row.Flow != NetworkFlow.Each)
            Chain(centres, y + boxHeight / 2, _width, row.Flow == NetworkFlow.Reverse);
        if (!row.Sequences)
            steps = [row.Flow == NetworkFlow.Reverse ? 0 : centres.Length - 1];
        if (!row.IsResidual)
            return [.. steps.Select(t => new Outlet(t, centres[t], y))];

        var plus = y - 14;
        foreach (var t in steps)
        {
            var (x, side) = (centres[t], centres[t] - _width / 2 - 7);
            canvas.Plus(x, plus);
            canvas.Line((x, y), (x, plus + 6));
            canvas.Arrow("", (x, y + boxHeight + 10), (side, y + boxHeight + 10), (side, plus), (x - 6, plus));
        }

        return [.. steps.Select(t => new Outlet(t, centres[t], plus - 6))];
    }

    // The forward direction stands below and to the left, the reverse one above and to the right, so that each can be reached from below and left upwards.
    private List<Outlet> DrawBoth(List<Outlet> below)
    {
        var apart = row.Merge == BidirectionalMerge.None;
        var width = Math.Min(44, column * 0.5);
        var shift = Math.Min(18, column * 0.2);
        var (first, second) = (top + height - SmallBox, top + height - 2 * SmallBox - Between);
        double[] forward = [.. centres.Select(x => x - shift)], reverse = [.. centres.Select(x => x + shift)];
        double Left(int t) => forward[t] - width / 2 + 6;
        double Right(int t) => reverse[t] + width / 2 - 6;

        foreach (var outlet in below)
        {
            var t = outlet.Step;
            if (outlet.Reverse is not true)
                Up(outlet, Left(t), first + SmallBox);
            if (outlet.Reverse is not false)
                Up(outlet, Right(t), second + SmallBox);
        }

        for (var t = 0; t < centres.Length; t++)
        {
            canvas.Box(forward[t], first, width, SmallBox, "ck-fwd", Letter(t, false), $"{Says(t)}, forward");
            canvas.Box(reverse[t], second, width, SmallBox, "ck-rev", Letter(t, false), $"{Says(t)}, backward");
        }

        Chain(forward, first + SmallBox / 2, width, reverse: false);
        Chain(reverse, second + SmallBox / 2, width, reverse: true);
        if (apart)
            return [.. Steps().SelectMany(t => (Outlet[])[new(t, Left(t), first, false), new(t, Right(t), second, true)])];

        foreach (var t in Steps())
        {
            canvas.Box(centres[t], top, Right(t) - Left(t) + 16, Bar, "", "", $"{row.Name} at time step {Num.Whole(t + 1)}: both directions, {Merged()}");
            canvas.Arrow("", (Left(t), first), (Left(t), top + Bar));
            if (row.Sequences || centres.Length == 1)
                canvas.Arrow("", (Right(t), second), (Right(t), top + Bar));
            else
                canvas.Arrow("", (Right(0), second), (Right(0), top + Bar / 2), (Left(t) - 8, top + Bar / 2));
        }

        return [.. Steps().Select(t => new Outlet(t, centres[t], top))];
    }

    // From below straight up, with a step to the side where the box is beside.
    private void Up(Outlet from, double x, double bottom)
    {
        if (Math.Abs(from.X - x) < 0.5)
            canvas.Arrow("", (x, from.Y), (x, bottom));
        else
            canvas.Arrow("", (from.X, from.Y), (from.X, from.Y - 9), (x, from.Y - 9), (x, bottom));
    }

    // Arrows of the state: into the first box, from box to box, out of the last.
    private void Chain(double[] boxes, double y, double width, bool reverse)
    {
        var (css, direction) = reverse ? ("ck-rev", -1) : ("ck-fwd", 1);
        double[] ordered = reverse ? [.. boxes.Reverse()] : boxes;
        var reach = direction * width / 2;
        for (var k = Lead > 0 ? 0 : 1; k <= ordered.Length; k++)
        {
            var from = k == 0 ? ordered[0] - reach - direction * Lead : ordered[k - 1] + reach;
            var to = k < ordered.Length ? ordered[k] - reach : End ?? ordered[^1] + reach + direction * Stub;
            if (row.HasCell)
                canvas.Arrow(css, (from, y - 7), (to, y - 7));
            canvas.Arrow(css, (from, row.HasCell ? y + 7 : y), (to, row.HasCell ? y + 7 : y));
        }
    }

    private int[] Steps() => row.Sequences ? [.. Enumerable.Range(0, centres.Length)] : [centres.Length - 1];

    private string Letter(int t, bool alone) => row.Symbol.Length == 0 ? "" : row.Hidden > 0 || alone && row.Flow == NetworkFlow.Each ? row.Symbol : column < 34 ? row.Symbol : $"{row.Symbol}{Glyphs.Low(t + 1)}";

    private string Says(int t) => $"{row.Title} at time step {Num.Whole(t + 1)}\n{(row.Output.Length > 0 ? row.Output + ", " : "")}{row.Parameters}";

    private string Merged() => row.Merge switch
    {
        BidirectionalMerge.Sum => "added",
        BidirectionalMerge.Multiply => "multiplied",
        BidirectionalMerge.Average => "their mean",
        _ => "behind one another",
    };
}

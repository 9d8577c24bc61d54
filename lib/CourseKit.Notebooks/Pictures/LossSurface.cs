namespace CourseKit.Notebooks;

/// <summary>A loss over two parameters, and two descents on it: with the gradient as it is, and with the gradient clipped.</summary>
internal sealed class LossSurface
{
    /// <summary>How many cells the picture has from left to right and from bottom to top.</summary>
    public const int Columns = 66, Rows = 44;

    private const int MostUpdates = 60;

    public LossSurface(
        Func<double, double, (double Loss, double DFirst, double DSecond)> network, (double From, double To) first, (double From, double To) second, (double First, double Second) start,
        double learningRate, double clipNorm, int updates)
    {
        const string Who = "Picture.LossCliff";
        if (!(first.From < first.To && second.From < second.To))
            throw new ArgumentException($"{Who}: a range must go from a smaller to a larger number, but they are {Num.Short(first.From)} to {Num.Short(first.To)} and {Num.Short(second.From)} to {Num.Short(second.To)}.");
        if (!(start.First >= first.From && start.First <= first.To && start.Second >= second.From && start.Second <= second.To))
            throw new ArgumentException($"{Who}: the start must lie inside both ranges, but is ({Num.Short(start.First)}, {Num.Short(start.Second)}).", nameof(start));
        if (!(learningRate > 0 && clipNorm > 0))
            throw new ArgumentOutOfRangeException(null, $"{Who}: learningRate and clipNorm must be above 0, but are {Num.Short(learningRate)} and {Num.Short(clipNorm)}.");
        if (updates is < 1 or > MostUpdates)
            throw new ArgumentOutOfRangeException(nameof(updates), $"{Who}: updates must be from 1 to {MostUpdates}, but got {Num.Whole(updates)}.");

        (First, Second, ClipNorm) = (first, second, clipNorm);
        Losses = new double[Rows, Columns];
        for (var row = 0; row < Rows; row++)
            for (var column = 0; column < Columns; column++)
                Losses[row, column] = network(
                    first.From + (column + 0.5) / Columns * (first.To - first.From), second.To - (row + 0.5) / Rows * (second.To - second.From)).Loss;
        if (!Losses.Cast<double>().Any(loss => loss > 0 && double.IsFinite(loss)))
            throw new ArgumentException($"{Who}: the loss must be a finite number above 0 somewhere in the picture, but is nowhere. Look at what the function gives.", nameof(network));
        Plain = Descend(network, start, learningRate, double.PositiveInfinity, updates);
        Clipped = Descend(network, start, learningRate, clipNorm, updates);
    }

    /// <summary>What the picture shows of the first parameter.</summary>
    public (double From, double To) First { get; }

    /// <summary>What the picture shows of the second parameter.</summary>
    public (double From, double To) Second { get; }

    /// <summary>What the first parameter is called.</summary>
    public required string FirstName { get; init; }

    /// <summary>What the second parameter is called.</summary>
    public required string SecondName { get; init; }

    /// <summary>The greatest length of the second descent's gradient.</summary>
    public double ClipNorm { get; }

    /// <summary>[row, column], the largest value of the second parameter on top: the loss in the middle of each cell.</summary>
    public double[,] Losses { get; }

    /// <summary>Where plain gradient descent is before the first update and after each.</summary>
    public LossPoint[] Plain { get; }

    /// <summary>The same with clipped gradients.</summary>
    public LossPoint[] Clipped { get; }

    private static LossPoint[] Descend(
        Func<double, double, (double Loss, double DFirst, double DSecond)> network, (double First, double Second) at, double learningRate, double clipNorm, int updates)
    {
        var points = new LossPoint[updates + 1];
        for (var k = 0; k <= updates; k++)
        {
            var (loss, dFirst, dSecond) = network(at.First, at.Second);
            var norm = Math.Sqrt((dFirst * dFirst) + (dSecond * dSecond));
            points[k] = new(at.First, at.Second, loss, norm);
            var rate = norm > clipNorm ? learningRate * clipNorm / norm : learningRate;
            at = (at.First - rate * dFirst, at.Second - rate * dSecond);
        }

        return points;
    }
}

/// <summary>A place on a loss surface.</summary>
/// <param name="First">The first parameter.</param>
/// <param name="Second">The second parameter.</param>
/// <param name="Loss">The loss there.</param>
/// <param name="Norm">The length of its gradient, before clipping.</param>
internal readonly record struct LossPoint(double First, double Second, double Loss, double Norm);

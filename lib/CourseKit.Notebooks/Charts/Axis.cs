using System.Globalization;

namespace CourseKit.Notebooks;

/// <summary>A mark on an axis and its text.</summary>
internal readonly record struct Tick(double Value, string Text);

/// <summary>Maps values to positions in the picture, and chooses marks that people like to read.</summary>
internal sealed class Axis
{
    private readonly double _low;
    private readonly double _high;

    private Axis(double min, double max, bool log, IReadOnlyList<Tick> ticks)
    {
        (Min, Max, Log, Ticks) = (min, max, log, ticks);
        (_low, _high) = (Half(min), Half(max));
    }

    /// <summary>The value at <see cref="From"/>.</summary>
    public double Min { get; }

    /// <summary>The value at <see cref="To"/>.</summary>
    public double Max { get; }

    /// <summary>Whether equal distances are equal factors.</summary>
    public bool Log { get; }

    /// <summary>The marks, increasing.</summary>
    public IReadOnlyList<Tick> Ticks { get; }

    /// <summary>Position of <see cref="Min"/>.</summary>
    public double From { get; private set; }

    /// <summary>Position of <see cref="Max"/>.</summary>
    public double To { get; private set; }

    /// <summary>The width that the widest mark's text takes at so many units a character.</summary>
    public double LabelWidth => Ticks.Count == 0 ? 0 : Ticks.Max(tick => tick.Text.Length) * Layout.CharWidth;

    /// <summary>Whether an axis of this kind can show the value.</summary>
    public static bool Shows(double value, bool log) => double.IsFinite(value) && (!log || value > 0);

    /// <summary>Makes an axis for the values from min to max.</summary>
    /// <param name="min">Smallest value to show.</param>
    /// <param name="max">Largest value to show.</param>
    /// <param name="log">Whether to use a logarithmic axis; min must then be positive.</param>
    /// <param name="round">Whether to widen the range to round numbers.</param>
    /// <param name="target">About how many marks.</param>
    public static Axis Fit(double min, double max, bool log, bool round, int target)
    {
        if (log)
            return FitLog(min, max, round, target);
        if (IsConstant(min, max))
            (min, max) = Widen(min, max);
        var step = Step(min, max, target);
        if (round)
        {
            var (low, high) = (Math.Floor(min / step) * step, Math.Ceiling(max / step) * step);
            if (double.IsFinite(low) && double.IsFinite(high))
                (min, max) = (low, high);
        }

        return new Axis(min, max, false, LinearTicks(min, max, step));
    }

    /// <summary>Lays the axis into the picture.</summary>
    public Axis Between(double from, double to)
    {
        (From, To) = (from, to);
        return this;
    }

    /// <summary>Where a value lies; never outside the axis.</summary>
    public double Place(double value)
    {
        var fraction = (Half(value) - _low) / (_high - _low);
        return From + Math.Clamp(fraction, 0, 1) * (To - From);
    }

    // Halves, because the difference of two finite numbers can overflow.
    private double Half(double value) => Log ? Math.Log10(value) : value / 2;

    // A range that double cannot divide into a few distinct marks counts as one value.
    private static bool IsConstant(double min, double max) =>
        max / 2 - min / 2 <= Math.Max(Math.Abs(min), Math.Abs(max)) * 1e-12 || max / 2 - min / 2 < 1e-300;

    private static (double Min, double Max) Widen(double min, double max)
    {
        var middle = min / 2 + max / 2;
        if (Math.Abs(middle) < 1e-290)
            return (-1, 1);
        var room = Math.Abs(middle) * 0.1;
        return (Math.Max(middle - room, -double.MaxValue), Math.Min(middle + room, double.MaxValue));
    }

    // The step 1, 2 or 5 times a power of ten that gives about target marks.
    private static double Step(double min, double max, int target)
    {
        var rough = max / target - min / target;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var factor = rough / power;
        return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10);
    }

    private static List<Tick> LinearTicks(double min, double max, double step)
    {
        var size = Math.Max(Math.Abs(min), Math.Abs(max));
        var ticks = new List<Tick>();
        var (first, last) = (Math.Ceiling(min / step - 1e-9), Math.Floor(max / step + 1e-9));
        // Numbers next to the smallest that double has leave no step between them; then there is nothing to mark.
        if (!(last - first < 1000))
            return ticks;
        for (var k = first; k <= last; k++)
        {
            var value = Math.Clamp(k * step, min, max);
            ticks.Add(new Tick(value, Label(value, step, size)));
        }

        return ticks;
    }

    private static string Label(double value, double step, double size)
    {
        if (Math.Abs(value) < step * 1e-9)
            return "0";
        if (size >= 1e6 || size < 1e-3)
            return Num.Scientific(value, (int)(Math.Floor(Math.Log10(size)) - Math.Floor(Math.Log10(step) + 1e-9)));
        var decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 15);
        return value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static Axis FitLog(double min, double max, bool round, int target)
    {
        var (low, high) = (Math.Log10(min), Math.Log10(max));
        if (high - low < 1e-9)
            (low, high) = (low - 0.3, high + 0.3);
        else if (round)
            (low, high) = (low - 0.03 * (high - low), high + 0.03 * (high - low));
        (min, max) = (Math.Max(Math.Pow(10, low), double.Epsilon), Math.Min(Math.Pow(10, high), double.MaxValue));

        var stride = Math.Max(1, (int)Math.Ceiling((high - low) / target));
        double[] factors = high - low < 2.5 ? [1, 2, 5] : [1];
        var ticks = new List<Tick>();
        for (var power = (int)Math.Ceiling(low) - 1; power <= high; power++)
            foreach (var factor in factors)
            {
                var value = factor * Math.Pow(10, power);
                if (power % stride == 0 && value >= min && value <= max)
                    ticks.Add(new Tick(value, Num.Short(value)));
            }

        // Less than one decade: marks at equal steps tell more.
        if (ticks.Count < 3 && high - low < 1)
            ticks = LinearTicks(min, max, Step(min, max, Math.Min(target, 4)));
        return new Axis(min, max, true, ticks);
    }
}

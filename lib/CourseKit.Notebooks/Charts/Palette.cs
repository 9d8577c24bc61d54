using System.Globalization;

namespace CourseKit.Notebooks;

/// <summary>
/// Colours that people with colour-blindness can tell apart: Okabe and Ito (2008) for series, viridis for amounts,
/// blue to orange for signed amounts.
/// </summary>
internal static class Palette
{
    // Chosen and ordered for contrast on white and on black; Okabe-Ito's yellow and black fail one or the other.
    private static readonly string[] SeriesColors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    private static readonly string[] SequentialStops =
        ["#440154", "#482878", "#3e4989", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];

    private static readonly string[] DivergingStops =
        ["#0b4f8a", "#3f88c0", "#9fcae6", "#f6f6f6", "#f8c48a", "#de8428", "#954600"];

    /// <summary>How many colours a scale is drawn with; odd, so that zero has its own.</summary>
    public const int Levels = 65;

    /// <summary>The colour of series k.</summary>
    public static string Series(int k) => SeriesColors[k % SeriesColors.Length];

    /// <summary>The stops of a scale, evenly spaced from 0 to 1.</summary>
    public static IReadOnlyList<string> Stops(bool diverging) => diverging ? DivergingStops : SequentialStops;

    /// <summary>The colour at level 0 .. Levels - 1.</summary>
    public static string Color(int level, bool diverging)
    {
        var (red, green, blue) = Blend(level, diverging);
        return string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
    }

    /// <summary>Whether black is easier to read than white on this colour.</summary>
    public static bool IsBright(int level, bool diverging)
    {
        var (red, green, blue) = Blend(level, diverging);
        return 0.2126 * Linear(red) + 0.7152 * Linear(green) + 0.0722 * Linear(blue) > 0.18;

        static double Linear(int channel) => Math.Pow(channel / 255.0, 2.2);
    }

    private static (int Red, int Green, int Blue) Blend(int level, bool diverging)
    {
        var stops = Stops(diverging);
        var position = (double)level / (Levels - 1) * (stops.Count - 1);
        var k = Math.Min((int)position, stops.Count - 2);
        var part = position - k;
        return (Channel(1), Channel(3), Channel(5));

        int Channel(int at) => (int)Math.Round((1 - part) * Hex(stops[k], at) + part * Hex(stops[k + 1], at));

        static int Hex(string color, int at) => int.Parse(color.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}

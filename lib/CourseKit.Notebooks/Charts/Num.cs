using System.Globalization;

namespace CourseKit.Notebooks;

/// <summary>Numbers as text, the same in every culture.</summary>
internal static class Num
{
    /// <summary>A length in the picture, to a tenth of a unit.</summary>
    public static string Px(double value)
    {
        var rounded = Math.Round(value, 1);
        return (rounded == 0 ? 0 : rounded).ToString("0.#", CultureInfo.InvariantCulture);
    }

    /// <summary>A value for people: four significant digits, powers of ten as 1.2e-5.</summary>
    public static string Short(double value) => Digits(value, 4);

    /// <summary>A value to so many significant digits.</summary>
    public static string Digits(double value, int digits)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "infinity" : "-infinity";
        if (value == 0)
            return "0";
        var size = Math.Abs(value);
        if (size is >= 1e-4 and < 1e6)
        {
            var decimals = Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 12);
            var text = value.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
        }

        return Scientific(value, digits - 1);
    }

    /// <summary>A value as 1.25e-5 with at most so many digits after the point.</summary>
    public static string Scientific(double value, int decimals) =>
        value.ToString("0." + new string('#', Math.Clamp(decimals, 0, 15)) + "e0", CultureInfo.InvariantCulture);

    /// <summary>A small number as 3.0e-8.</summary>
    public static string TwoDigits(double value) => value.ToString("0.0e0", CultureInfo.InvariantCulture);

    /// <summary>A whole number.</summary>
    public static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}

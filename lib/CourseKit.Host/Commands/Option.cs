using System.Globalization;

namespace CourseKit.Host.Commands;

/// <summary>An option of a verb: "--name value", or "--name" alone for a switch.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What stands for the value in help; empty for a switch.</param>
/// <param name="Help">One line: what it does, unit, default.</param>
internal sealed record Option(string Name, string Value, string Help)
{
    private readonly Func<string, string?> _check = static _ => null;

    /// <summary>What a good value is, when the given one is not; null when it is good.</summary>
    /// <param name="value">As typed.</param>
    public string? Complaint(string value) => _check(value);

    /// <summary>True for an option that takes no value.</summary>
    public bool IsSwitch => Value.Length == 0;

    /// <summary>An option that takes no value.</summary>
    public static Option Switch(string name, string help) => new(name, "", help);

    /// <summary>Any text.</summary>
    public static Option Text(string name, string value, string help) => new(name, value, help);

    /// <summary>One of a few words.</summary>
    public static Option Choice(string name, string[] words, string help) => new(name, string.Join('|', words), help)
    {
        Check = typed => words.Contains(typed) ? null : $"one of {string.Join(", ", words)}",
    };

    /// <summary>A whole number.</summary>
    public static Option Integer(string name, string help, long least, long most = int.MaxValue) => new(name, "N", help)
    {
        Check = typed => long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"),
    };

    /// <summary>A finite number above 0, or from 0 on.</summary>
    public static Option Number(string name, string value, string help, bool orZero = false) => new(name, value, help)
    {
        Check = typed => double.TryParse(typed, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            && (number > 0 || (orZero && number == 0))
            ? null
            : $"a number {(orZero ? "from 0 on" : "above 0")}, with a point for decimals",
    };

    /// <summary>Text of a kind: "good" says which, "isGood" knows it.</summary>
    public static Option Checked(string name, string value, string help, string good, Func<string, bool> isGood) => new(name, value, help)
    {
        Check = typed => isGood(typed) ? null : good,
    };

    private Func<string, string?> Check
    {
        init => _check = value;
    }
}

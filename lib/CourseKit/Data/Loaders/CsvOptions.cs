namespace CourseKit.Data.Loaders;

/// <summary>How <see cref="TimeSeries.Load"/> reads a file of comma-separated values.</summary>
public sealed record CsvOptions
{
    /// <summary>What stands between two values. Default: a comma.</summary>
    public char Delimiter { get; init; } = ',';

    /// <summary>Whether the first line names the columns; without it they are "0", "1", ... Default: true.</summary>
    public bool Header { get; init; } = true;

    /// <summary>The columns to read, in this order; null for all, which must then all be numbers. Default: null.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>What to do where a value is missing. Default: refuse the file.</summary>
    public MissingValues Missing { get; init; }

    /// <summary>What stands where a value is missing, whatever its capitals. Default: nothing, NA, NaN, null, ?.</summary>
    public IReadOnlyList<string> MissingTexts { get; init; } = ["", "NA", "NaN", "null", "?"];
}

namespace CourseKit.Inspection;

/// <summary>What <see cref="CheckCell"/> found about a cell, one row for each property.</summary>
public sealed class CellReport
{
    internal CellReport(string what, IReadOnlyList<CellReportRow> rows) => (What, Rows) = (what, rows);

    /// <summary>What was checked: "Lstm(inputSize: 3, hiddenSize: 4)".</summary>
    public string What { get; }

    /// <summary>One row for each property.</summary>
    public IReadOnlyList<CellReportRow> Rows { get; }

    /// <summary>Whether no property fails.</summary>
    public bool Passed => Rows.All(row => row.Passed != false);

    /// <summary>Goes on when no property fails.</summary>
    /// <returns>This report, so that a cell can end on it.</returns>
    /// <exception cref="CellCheckException">A property fails; the message is <see cref="ToString"/>'s.</exception>
    public CellReport Throw() => Passed ? this : throw new CellCheckException(ToString());

    /// <summary>A headline, then one line for each property.</summary>
    public override string ToString()
    {
        var (failed, held) = (Rows.Count(row => row.Passed == false), Rows.Count(row => row.Passed == true));
        return $"{What}: {(failed == 0 ? $"all {held} properties hold." : $"{failed} of {held + failed} properties fail.")}{string.Concat(Rows.Select(row => $"\n  {row}"))}";
    }
}

namespace CourseKit.Inspection;

/// <summary>One property that a recurrent cell must have, and whether it has it.</summary>
/// <param name="Property">In words: "padding changes nothing".</param>
/// <param name="Passed">Whether it holds; null when it was not checked.</param>
/// <param name="Detail">The counterexample when it does not hold; else why it was not checked, or how exactly it holds.</param>
public sealed record CellReportRow(string Property, bool? Passed, string Detail)
{
    /// <summary>The row as a line: "FAIL  padding changes nothing: ...".</summary>
    public override string ToString() => $"{Passed switch { true => "pass", false => "FAIL", _ => "-   " }}  {Property}{(Detail.Length > 0 ? $": {Detail}" : "")}";
}

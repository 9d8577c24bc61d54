namespace CourseKit.Tasks;

/// <summary>What a token is.</summary>
internal enum ProgramTokenKind
{
    Number,
    Name,
    Symbol,
    NewLine,
    Indent,
    Dedent,
    End,
}

/// <summary>A piece of a program: a number, a word, a symbol, the end of a line, a step in or out of an indented block, or the end.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it stands in the program; empty for what has no text.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
internal readonly record struct ProgramToken(ProgramTokenKind Kind, string Text, int Line, int Column)
{
    /// <summary>For messages: what is there.</summary>
    public string Described => Kind switch
    {
        ProgramTokenKind.Number => Text.Length <= 20 ? $"the number {Text}" : $"a number of {Text.Length} digits",
        ProgramTokenKind.Name or ProgramTokenKind.Symbol => $"'{(Text.Length <= 20 ? Text : Text[..20] + "...")}'",
        ProgramTokenKind.NewLine => "the line ends",
        ProgramTokenKind.Indent => "the line is indented further",
        ProgramTokenKind.Dedent => "the indented block ends",
        _ => "the program ends",
    };
}

using System.Text;
using System.Text.RegularExpressions;

namespace CourseKit.Host.Site;

/// <content>Environments: tables of cells between \begin and \end.</content>
internal sealed partial class TexParser
{
    private readonly record struct TableRow(List<List<MathPiece>> Cells, string? Tag, bool LineAbove);

    private MathPiece Environment(TexToken begin)
    {
        var name = _lexer.RawGroup(begin);
        switch (name)
        {
            case "aligned" or "align" or "align*" or "split":
                return Table(Rows(begin, name, displayStyle: true), displayStyle: true, (_, column) => column % 2 == 0
                    ? $"text-align:right;padding:0.25em 0 0.25em {(column == 0 ? "0" : "2em")}"
                    : "text-align:left;padding:0.25em 0", continues: true);
            case "gathered" or "gather" or "gather*" or "equation" or "equation*":
                return Table(Rows(begin, name, displayStyle: true), displayStyle: true, (_, _) => "padding:0.25em 0");
            case "matrix":
                return Matrix(begin, name, "", "");
            case "pmatrix":
                return Matrix(begin, name, "(", ")");
            case "bmatrix":
                return Matrix(begin, name, "[", "]");
            case "Bmatrix":
                return Matrix(begin, name, "{", "}");
            case "vmatrix":
                return Matrix(begin, name, "|", "|");
            case "Vmatrix":
                return Matrix(begin, name, "‖", "‖");
            case "cases":
                return Fenced("{", Table(Rows(begin, name, displayStyle: false), displayStyle: false, (_, column) =>
                    $"text-align:left;padding:0.2em 0 0.2em {(column == 0 ? "0.15em" : "1em")}"), "");
            case "array":
                return Array(begin, name);
            default:
                throw Error($"the environment {name} is not supported. Use aligned, gathered, cases, array or a matrix.", begin);
        }
    }

    private MathPiece Matrix(TexToken begin, string name, string open, string close) => Fenced(
        open, Table(Rows(begin, name, displayStyle: false), displayStyle: false, (_, _) => "padding:0.2em 0.4em"), close);

    /// <summary>An array: one letter l, c or r a column, and | for a rule between columns.</summary>
    private MathPiece Array(TexToken begin, string name)
    {
        var columns = _lexer.RawGroup(begin).Replace(" ", "");
        if (!Regex.IsMatch(columns, @"^\|?([lcr]\|?)+$"))
            throw Error($"array's columns must be letters l, c, r and rules |, but got {columns}.", begin);
        var styles = Regex.Matches(columns, @"\|?([lcr])(\|?)").Select((match, i) =>
            $"text-align:{match.Groups[1].Value switch { "l" => "left", "r" => "right", _ => "center" }};padding:0.2em 0.4em" +
            (match.Groups[2].Length > 0 ? ";border-right:0.06em solid" : "") +
            (i == 0 && columns[0] == '|' ? ";border-left:0.06em solid" : "")).ToList();
        var rows = Rows(begin, name, displayStyle: false);
        if (rows.Find(row => row.Cells.Count > styles.Count) is { Cells: { } cells })
            throw Error($"array has {styles.Count} columns, but a row has {cells.Count} cells.", begin);
        return Table(rows, displayStyle: false, (row, column) => styles[column] + (row.LineAbove ? ";border-top:0.06em solid" : ""));
    }

    private List<TableRow> Rows(TexToken begin, string name, bool displayStyle)
    {
        var alphabet = _alphabet;
        var rows = new List<TableRow>();
        var cells = new List<List<MathPiece>>();
        var lineAbove = TakeRule();
        while (true)
        {
            cells.Add(Within(displayStyle, Row));
            _alphabet = alphabet;
            var stop = _lexer.Next();
            if (stop.Kind == TexTokenKind.Ampersand)
                continue;
            if (stop.Kind != TexTokenKind.RowBreak && stop.Text != @"\end")
                throw Error($"\\begin{{{name}}} is never ended.", begin);
            // The row break after the last row opens no new one.
            if (stop.Kind == TexTokenKind.RowBreak || cells.Count > 1 || cells[0].Count > 0)
                rows.Add(new TableRow(cells, _tag, lineAbove));
            _tag = null;
            if (stop.Text == @"\end")
            {
                var ended = _lexer.RawGroup(stop);
                if (ended != name)
                    throw Error($"\\begin{{{name}}} is ended by \\end{{{ended}}}.", stop);
                return rows;
            }
            _lexer.SkipRowSpace();
            cells = [];
            lineAbove = TakeRule();
        }
    }

    private bool TakeRule()
    {
        if (_lexer.Peek().Text != @"\hline")
            return false;
        _lexer.Next();
        return true;
    }

    private static MathPiece Table(
        List<TableRow> rows, bool displayStyle, Func<TableRow, int, string> style, bool continues = false)
    {
        var text = new StringBuilder(displayStyle ? "<mtable displaystyle=\"true\">" : "<mtable>");
        foreach (var row in rows)
        {
            text.Append("<mtr>");
            for (var column = 0; column < row.Cells.Count; column++)
            {
                var before = continues && column % 2 == 1 ? MathKind.Ordinary : MathKind.None;
                text.Append($"<mtd style=\"{style(row, column)}\">{MathMarkup.Content(row.Cells[column], before)}</mtd>");
            }
            if (row.Tag is not null)
                text.Append($"<mtd style=\"padding-left:2em\">{row.Tag}</mtd>");
            text.Append("</mtr>");
        }
        return new MathPiece(text.Append("</mtable>").ToString(), MathKind.Ordinary);
    }

    private static MathPiece Fenced(string open, MathPiece inside, string close) => open == "" && close == "" ? inside : new MathPiece(
        $"<mrow>{MathMarkup.Fence(open, "prefix", "")}{inside.Markup}{(close == "" ? "" : MathMarkup.Fence(close, "postfix", ""))}</mrow>",
        MathKind.Fenced);
}

using System.Text;

namespace CourseKit.Host.Site;

/// <summary>A finished piece of MathML, and how it stands among its neighbours.</summary>
/// <param name="Markup">One MathML element.</param>
/// <param name="Kind">Its kind, for the spaces around it.</param>
/// <param name="Limits">Scripts go below and above it in display style, not beside it.</param>
internal readonly record struct MathPiece(string Markup, MathKind Kind, bool Limits = false);

/// <summary>Puts pieces into rows, with TeX's spaces where MathML's own do not give them.</summary>
internal static class MathMarkup
{
    public const string ThinSpace = "<mspace width=\"0.1667em\"/>";

    /// <summary>A delimiter; without <paramref name="size"/> it does not grow, with "" it grows to what it encloses.</summary>
    public static string Fence(string delimiter, string form, string? size = null)
    {
        var growth = size switch
        {
            null => "stretchy=\"false\"",
            "" => "stretchy=\"true\"",
            _ => $"stretchy=\"true\" symmetric=\"true\" minsize=\"{size}\" maxsize=\"{size}\"",
        };
        return $"<mo form=\"{form}\" {growth} lspace=\"0em\" rspace=\"0em\">{HtmlText.Escape(delimiter)}</mo>";
    }

    /// <summary>One element that holds all pieces: the piece itself when it is alone.</summary>
    public static string Row(IReadOnlyList<MathPiece> pieces, bool tight = false) =>
        pieces is [{ Kind: not (MathKind.Binary or MathKind.Relation) } only] ? only.Markup : $"<mrow>{Content(pieces, tight: tight)}</mrow>";

    /// <summary>The pieces side by side.</summary>
    /// <param name="pieces">The pieces, left to right.</param>
    /// <param name="before">What the row continues: a cell right of an alignment mark goes on with the cell before it.</param>
    /// <param name="tight">True in scripts, where TeX puts no spaces around signs.</param>
    public static string Content(IReadOnlyList<MathPiece> pieces, MathKind before = MathKind.None, bool tight = false)
    {
        var text = new StringBuilder();
        var spaced = true;
        foreach (var piece in pieces)
        {
            if (piece.Kind == MathKind.Space)
            {
                text.Append(piece.Markup);
                spaced = true;
                continue;
            }
            if (before == MathKind.Function)
                text.Append("<mo>&#x2061;</mo>");
            if (!spaced && !tight && NeedsThinSpace(before, piece.Kind))
                text.Append(ThinSpace);
            // A sign with nothing to its left to work on is a prefix, wherever it stands in the row.
            var isPrefix = piece.Kind == MathKind.Binary && before is not (MathKind.Ordinary or MathKind.Close or MathKind.Fenced);
            text.Append((piece.Kind, isPrefix, tight) switch
            {
                (MathKind.Binary, true, _) => WithAttributes(piece, "form=\"prefix\" lspace=\"0em\" rspace=\"0em\""),
                (MathKind.Binary, _, true) => WithAttributes(piece, "form=\"infix\" lspace=\"0em\" rspace=\"0em\""),
                (MathKind.Binary, _, false) => WithAttributes(piece, "form=\"infix\" lspace=\"0.2222em\" rspace=\"0.2222em\""),
                (MathKind.Relation, _, true) => WithAttributes(piece, "lspace=\"0em\" rspace=\"0em\""),
                (MathKind.Relation, _, false) => WithAttributes(piece, "lspace=\"0.2778em\" rspace=\"0.2778em\""),
                _ => piece.Markup,
            });
            before = isPrefix ? MathKind.Open : piece.Kind;
            spaced = false;
        }
        return text.ToString();
    }

    /// <summary>A sign without the spaces that its kind has.</summary>
    public static string WithoutSpaces(MathPiece sign) => WithAttributes(sign, "lspace=\"0em\" rspace=\"0em\"");

    private static string WithAttributes(MathPiece piece, string attributes) =>
        piece.Markup.StartsWith("<mo>", StringComparison.Ordinal) || piece.Markup.StartsWith("<mo ", StringComparison.Ordinal)
            ? string.Concat("<mo ", attributes, piece.Markup.AsSpan(3))
            : piece.Markup;

    private static bool NeedsThinSpace(MathKind before, MathKind after) => (before, after) switch
    {
        (MathKind.Function, MathKind.Ordinary or MathKind.Function or MathKind.LargeOperator) => true,
        (MathKind.Ordinary or MathKind.Close or MathKind.Fenced, MathKind.Function) => true,
        _ => false,
    };
}

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
    public static string Row(IReadOnlyList<MathPiece> pieces) =>
        pieces is [var only] ? only.Markup : $"<mrow>{Content(pieces)}</mrow>";

    /// <summary>The pieces side by side.</summary>
    /// <param name="pieces">The pieces, left to right.</param>
    /// <param name="before">What the row continues: a cell right of an alignment mark goes on with the cell before it.</param>
    public static string Content(IReadOnlyList<MathPiece> pieces, MathKind before = MathKind.None)
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
            if (!spaced && NeedsThinSpace(before, piece.Kind))
                text.Append(ThinSpace);
            if (piece.Kind == MathKind.Binary && piece.Markup.StartsWith("<mo>", StringComparison.Ordinal))
            {
                // A sign with nothing to its left to work on is a prefix, wherever it stands in the row.
                var form = before is MathKind.Ordinary or MathKind.Close or MathKind.Fenced ? "infix" : "prefix";
                text.Append(string.Concat($"<mo form=\"{form}\">", piece.Markup.AsSpan(4)));
                before = form == "prefix" ? MathKind.Open : MathKind.Binary;
            }
            else
            {
                text.Append(piece.Markup);
                before = piece.Kind;
            }
            spaced = false;
        }
        return text.ToString();
    }

    private static bool NeedsThinSpace(MathKind before, MathKind after) => (before, after) switch
    {
        (MathKind.Function, MathKind.Ordinary or MathKind.Function or MathKind.LargeOperator) => true,
        (MathKind.Ordinary or MathKind.Close or MathKind.Fenced, MathKind.Function) => true,
        _ => false,
    };
}

using System.Text.RegularExpressions;

namespace CourseKit.Host.Site;

/// <summary>What one <see cref="TexToken"/> is.</summary>
internal enum TexTokenKind
{
    Command, Letter, Digit, Symbol, BeginGroup, EndGroup, Superscript, Subscript, Prime, Ampersand, RowBreak, End,
}

/// <summary>A token of an equation; <see cref="Text"/> is as written, a command with its backslash.</summary>
internal readonly record struct TexToken(TexTokenKind Kind, string Text, int Position);

/// <summary>Cuts an equation into tokens, one ahead of the parser, so that the parser may read a group raw.</summary>
internal sealed class TexLexer(string tex)
{
    private int _next;

    public string Source => tex;

    /// <summary>The next token, left in place. Blanks between tokens mean nothing in mathematics and are skipped.</summary>
    public TexToken Peek()
    {
        SkipBlanks();
        if (_next >= tex.Length)
            return new TexToken(TexTokenKind.End, "", tex.Length);
        var c = tex[_next];
        if (c == '\\')
            return Command();
        var length = char.IsHighSurrogate(c) && _next + 1 < tex.Length ? 2 : 1;
        var kind = c switch
        {
            '{' => TexTokenKind.BeginGroup,
            '}' => TexTokenKind.EndGroup,
            '^' => TexTokenKind.Superscript,
            '_' => TexTokenKind.Subscript,
            '\'' => TexTokenKind.Prime,
            '&' => TexTokenKind.Ampersand,
            >= '0' and <= '9' => TexTokenKind.Digit,
            _ when char.IsLetter(tex, _next) => TexTokenKind.Letter,
            _ => TexTokenKind.Symbol,
        };
        return new TexToken(kind, tex.Substring(_next, length), _next);
    }

    public TexToken Next()
    {
        var token = Peek();
        _next = token.Position + token.Text.Length;
        return token;
    }

    /// <summary>True when <paramref name="c"/> stands right here, with no blank before it.</summary>
    public bool IsAt(char c) => _next < tex.Length && tex[_next] == c;

    /// <summary>True when a digit stands <paramref name="ahead"/> characters on, with no blank before it.</summary>
    public bool IsDigitAt(int ahead = 0) => _next + ahead < tex.Length && char.IsAsciiDigit(tex[_next + ahead]);

    /// <summary>Takes the single character that stands right here.</summary>
    public char Take() => tex[_next++];

    /// <summary>The text between the braces that follow, blanks kept: the argument of \text, \begin, \operatorname.</summary>
    public string RawGroup(TexToken command)
    {
        var open = Next();
        if (open.Kind != TexTokenKind.BeginGroup)
            throw Error($"{command.Text} needs an argument in braces.", command);
        var start = _next;
        for (var depth = 1; _next < tex.Length; _next++)
        {
            // An escaped brace is text, not structure.
            if (tex[_next] == '\\')
                _next++;
            else if (tex[_next] == '{')
                depth++;
            else if (tex[_next] == '}' && --depth == 0)
                return tex[start.._next++];
        }
        throw Error("the brace { is never closed.", open);
    }

    /// <summary>Skips the extra height that may follow a row break, such as [4pt].</summary>
    public void SkipRowSpace()
    {
        if (Regex.Match(tex[_next..], @"^\[-?[0-9.]+\s*(pt|em|ex|mm|cm)\]") is { Success: true } space)
            _next += space.Length;
    }

    public TexException Error(string problem, TexToken at) => new(problem, at.Text, at.Position, tex);

    private void SkipBlanks()
    {
        while (_next < tex.Length && char.IsWhiteSpace(tex[_next]))
            _next++;
    }

    private TexToken Command()
    {
        var end = _next + 1;
        while (end < tex.Length && char.IsAsciiLetter(tex[end]))
            end++;
        if (end == _next + 1 && end < tex.Length)
            end++;
        var text = tex[_next..end];
        return text switch
        {
            @"\" => throw new TexException(@"a backslash ends the equation.", text, _next, tex),
            @"\\" => new TexToken(TexTokenKind.RowBreak, text, _next),
            _ => new TexToken(TexTokenKind.Command, text, _next),
        };
    }
}

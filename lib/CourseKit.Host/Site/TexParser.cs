namespace CourseKit.Host.Site;

/// <summary>Recursive-descent parser of one equation: rows of terms, each a nucleus with its scripts.</summary>
internal sealed partial class TexParser(string tex, bool display)
{
    private const int DeepestNesting = 60;

    private readonly TexLexer _lexer = new(tex);
    private readonly bool _ownLine = display;
    private bool _display = display;
    private TexAlphabet _alphabet;
    private bool _tight;
    private string? _tag;
    private int _depth;

    /// <summary>The whole equation as one MathML element.</summary>
    public string Parse()
    {
        var pieces = Row();
        var stop = _lexer.Peek();
        if (stop.Kind != TexTokenKind.End)
            throw Error(stop switch
            {
                { Kind: TexTokenKind.EndGroup } => "this brace } was never opened.",
                { Kind: TexTokenKind.Ampersand or TexTokenKind.RowBreak } =>
                    $"{stop.Text} stands outside an environment. Put the rows between \\begin{{aligned}} and \\end{{aligned}}.",
                { Text: @"\end" } => @"\end has no \begin.",
                _ => $"{stop.Text} has no \\left.",
            }, stop);
        if (pieces.Count == 0)
            throw Error("the equation is empty.", stop);
        if (_tag is not null)
        {
            pieces.Add(new MathPiece("<mspace width=\"2em\"/>", MathKind.Space));
            pieces.Add(new MathPiece(_tag, MathKind.Ordinary));
        }
        return MathMarkup.Row(pieces);
    }

    /// <summary>Terms up to something that only the caller can take: the end, }, &amp;, \\, \right, \middle or \end.</summary>
    private List<MathPiece> Row()
    {
        var pieces = new List<MathPiece>();
        while (true)
        {
            var token = _lexer.Peek();
            if (token.Kind is TexTokenKind.End or TexTokenKind.EndGroup or TexTokenKind.Ampersand or TexTokenKind.RowBreak ||
                token.Text is @"\right" or @"\middle" or @"\end")
                return pieces;
            if (token.Text is @"\displaystyle" or @"\textstyle")
            {
                _lexer.Next();
                _display = token.Text == @"\displaystyle";
                pieces.Add(new MathPiece(
                    $"<mstyle displaystyle=\"{(_display ? "true" : "false")}\" scriptlevel=\"0\">{MathMarkup.Content(Row())}</mstyle>",
                    MathKind.Ordinary));
            }
            else if (token.Text == @"\tag")
                Tag(_lexer.Next());
            else
                pieces.Add(Scripts(Nucleus(inScript: false)));
        }
    }

    private MathPiece Scripts(MathPiece nucleus)
    {
        if (_lexer.Peek().Text is @"\limits" or @"\nolimits")
            nucleus = nucleus with { Limits = _lexer.Next().Text == @"\limits" };
        string? below = null, above = null, primes = null;
        while (true)
        {
            var token = _lexer.Peek();
            switch (token.Kind)
            {
                case TexTokenKind.Subscript:
                    Once(below, token);
                    below = Script(_lexer.Next());
                    continue;
                case TexTokenKind.Superscript:
                    Once(above, token);
                    above = Script(_lexer.Next());
                    continue;
                case TexTokenKind.Prime:
                    Once(above, token);
                    _lexer.Next();
                    primes += "′";
                    continue;
            }
            break;
        }
        if (primes is not null)
            above = above is null ? $"<mo>{primes}</mo>" : $"<mrow><mo>{primes}</mo>{above}</mrow>";
        var markup = (below, above, nucleus.Limits) switch
        {
            (null, null, _) => nucleus.Markup,
            (not null, null, false) => $"<msub>{nucleus.Markup}{below}</msub>",
            (null, not null, false) => $"<msup>{nucleus.Markup}{above}</msup>",
            (not null, not null, false) => $"<msubsup>{nucleus.Markup}{below}{above}</msubsup>",
            (not null, null, true) => $"<munder>{nucleus.Markup}{below}</munder>",
            (null, not null, true) => $"<mover>{nucleus.Markup}{above}</mover>",
            (not null, not null, true) => $"<munderover>{nucleus.Markup}{below}{above}</munderover>",
        };
        return nucleus with { Markup = markup };
    }

    private void Once(string? script, TexToken token)
    {
        if (script is not null)
            throw Error($"a second {token.Text} on the same base. Put the first one and its base in braces.", token);
    }

    private string Script(TexToken mark)
    {
        var tight = _tight;
        _tight = true;
        var argument = Within(displayStyle: false, () => Argument(mark));
        _tight = tight;
        return argument;
    }

    /// <summary>The argument of a command: a group, or the single sign that follows.</summary>
    private string Argument(TexToken command)
    {
        var token = _lexer.Peek();
        if (token.Kind is TexTokenKind.End or TexTokenKind.EndGroup or TexTokenKind.Superscript or TexTokenKind.Subscript or
            TexTokenKind.Prime or TexTokenKind.Ampersand or TexTokenKind.RowBreak || token.Text is @"\right" or @"\middle" or @"\end")
            throw Error($"{command.Text} lacks its argument.", command);
        return Nucleus(inScript: true).Markup;
    }

    private MathPiece Nucleus(bool inScript)
    {
        var token = _lexer.Peek();
        if (++_depth > DeepestNesting)
            throw Error($"nested more than {DeepestNesting} deep.", token);
        try
        {
            // A script without a base hangs on nothing; TeX allows it, and isotopes and "^\top" need it.
            if (token.Kind is TexTokenKind.Superscript or TexTokenKind.Subscript or TexTokenKind.Prime)
                return new MathPiece("<mrow></mrow>", MathKind.Ordinary);
            _lexer.Next();
            return token.Kind switch
            {
                TexTokenKind.Letter => Letter(token, inScript),
                TexTokenKind.Digit => Number(token, inScript),
                TexTokenKind.BeginGroup => Group(token),
                TexTokenKind.Command => Command(token),
                _ => Symbol(token),
            };
        }
        finally
        {
            _depth--;
        }
    }

    private MathPiece Letter(TexToken token, bool inScript)
    {
        if (_alphabet != TexAlphabet.Roman || inScript || _lexer.Peek().Kind != TexTokenKind.Letter)
            return new MathPiece(TexAlphabetLetters.Identifier(token.Text, _alphabet), MathKind.Ordinary);
        // Upright neighbours are one word: \mathrm{softmax}.
        var word = token.Text;
        while (_lexer.Peek().Kind == TexTokenKind.Letter)
            word += _lexer.Next().Text;
        return new MathPiece($"<mi>{word}</mi>", MathKind.Ordinary);
    }

    private MathPiece Number(TexToken token, bool inScript)
    {
        var digits = token.Text;
        while (!inScript && (_lexer.IsDigitAt() || _lexer.IsAt('.') && _lexer.IsDigitAt(1)))
            digits += _lexer.Take();
        return new MathPiece(TexAlphabetLetters.Number(digits, _alphabet), MathKind.Ordinary);
    }

    private MathPiece Group(TexToken open)
    {
        var alphabet = _alphabet;
        var displayStyle = _display;
        var pieces = Row();
        (_alphabet, _display) = (alphabet, displayStyle);
        Close(open);
        // Braces around a lone sign take its spaces away: 1{,}000.
        return pieces is [{ Kind: MathKind.Binary or MathKind.Relation or MathKind.Punctuation } sign]
            ? new MathPiece(MathMarkup.WithoutSpaces(sign), MathKind.Ordinary)
            : new MathPiece(MathMarkup.Row(pieces, _tight), MathKind.Ordinary);
    }

    private void Close(TexToken open)
    {
        var stop = _lexer.Next();
        if (stop.Kind == TexTokenKind.EndGroup)
            return;
        throw stop.Kind == TexTokenKind.End
            ? Error("the brace { is never closed.", open)
            : Error($"{stop.Text} stands inside braces that are still open.", stop);
    }

    private MathPiece Symbol(TexToken token) => token.Text switch
    {
        "+" => new MathPiece("<mo>+</mo>", MathKind.Binary),
        "-" or "−" => new MathPiece("<mo>−</mo>", MathKind.Binary),
        "*" => new MathPiece("<mo>∗</mo>", MathKind.Binary),
        "=" or "<" or ">" or ":" => new MathPiece($"<mo>{HtmlText.Escape(token.Text)}</mo>", MathKind.Relation),
        "," or ";" => new MathPiece($"<mo separator=\"true\">{token.Text}</mo>", MathKind.Punctuation),
        "(" or "[" => new MathPiece(MathMarkup.Fence(token.Text, "prefix"), MathKind.Open),
        ")" or "]" => new MathPiece(MathMarkup.Fence(token.Text, "postfix"), MathKind.Close),
        "|" or "/" => new MathPiece(MathMarkup.Fence(token.Text, "infix"), MathKind.Ordinary),
        "!" or "?" or "." => new MathPiece($"<mo lspace=\"0em\" rspace=\"0em\">{token.Text}</mo>", MathKind.Close),
        "~" => new MathPiece("<mspace width=\"0.25em\"/>", MathKind.Space),
        "%" => throw Error(@"% begins a comment in TeX. Write \%.", token),
        _ when char.GetUnicodeCategory(token.Text, 0) == System.Globalization.UnicodeCategory.MathSymbol =>
            new MathPiece($"<mo>{token.Text}</mo>", MathKind.Relation),
        _ => throw Error($"the character {token.Text} is not supported.", token),
    };

    private T Within<T>(bool displayStyle, Func<T> parse)
    {
        var before = _display;
        _display = displayStyle;
        var result = parse();
        _display = before;
        return result;
    }

    private TexException Error(string problem, TexToken at) => _lexer.Error(problem, at);
}

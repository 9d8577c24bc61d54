namespace CourseKit.Host.Site;

/// <content>Commands: a sign each, or a construction with arguments.</content>
internal sealed partial class TexParser
{
    private MathPiece Command(TexToken token)
    {
        var name = token.Text[1..];
        return Sign(name) ?? Construction(token, name) ?? throw Error(
            $"{token.Text} is not supported. Write it with supported commands, such as \\operatorname{{name}} or \\text{{word}}.", token);
    }

    private MathPiece? Sign(string name)
    {
        if (TexSymbols.Letters.TryGetValue(name, out var text))
            return new MathPiece(TexAlphabetLetters.Identifier(text, _alphabet), MathKind.Ordinary);
        if (TexSymbols.Binaries.TryGetValue(name, out text))
            return new MathPiece($"<mo>{text}</mo>", MathKind.Binary);
        if (TexSymbols.Relations.TryGetValue(name, out text))
            return new MathPiece($"<mo stretchy=\"false\">{text}</mo>", MathKind.Relation);
        if (TexSymbols.Marks.TryGetValue(name, out text))
            return new MathPiece($"<mo lspace=\"0em\" rspace=\"0em\">{text}</mo>", MathKind.Ordinary);
        if (TexSymbols.LargeOperators.TryGetValue(name, out text))
            return new MathPiece($"<mo>{text}</mo>", MathKind.LargeOperator, _display && !TexSymbols.SideLimits.Contains(name));
        if (TexSymbols.Functions.Contains(name))
            return new MathPiece($"<mi>{name}</mi>", MathKind.Function, _display && TexSymbols.LimitFunctions.Contains(name));
        if (name == " ")
            return new MathPiece("<mspace width=\"0.25em\"/>", MathKind.Space);
        if (TexSymbols.Spaces.TryGetValue(name, out text))
            return new MathPiece($"<mspace width=\"{text}\"/>", MathKind.Space);
        return Delimiter(@"\" + name);
    }

    private static MathPiece? Delimiter(string text)
    {
        if (!TexSymbols.Delimiters.TryGetValue(text, out var delimiter))
            return null;
        var (form, kind) = TexSymbols.OpenDelimiters.Contains(text) ? ("prefix", MathKind.Open)
            : TexSymbols.CloseDelimiters.Contains(text) ? ("postfix", MathKind.Close)
            : ("infix", MathKind.Ordinary);
        return new MathPiece(MathMarkup.Fence(delimiter, form), kind);
    }

    private MathPiece? Construction(TexToken token, string name) => name switch
    {
        "frac" or "cfrac" => Fraction(token, displayStyle: name == "cfrac", ""),
        "dfrac" => Fraction(token, displayStyle: true, " displaystyle=\"true\""),
        "tfrac" => Fraction(token, displayStyle: false, " displaystyle=\"false\""),
        "binom" => Binomial(token),
        "sqrt" => Root(token),
        "left" => LeftRight(token),
        "begin" => Environment(token),
        "text" or "textrm" or "mbox" => Text(token, ""),
        "textbf" => Text(token, " style=\"font-weight:bold\""),
        "textit" => Text(token, " style=\"font-style:italic\""),
        "texttt" => Text(token, " style=\"font-family:monospace\""),
        "operatorname" => OperatorName(token),
        "bmod" => new MathPiece("<mo>mod</mo>", MathKind.Relation),
        "mathrm" => InAlphabet(token, TexAlphabet.Roman),
        "mathbf" => InAlphabet(token, TexAlphabet.Bold),
        "boldsymbol" or "bm" => InAlphabet(token, TexAlphabet.BoldItalic),
        "mathit" => InAlphabet(token, TexAlphabet.Italic),
        "mathbb" => InAlphabet(token, TexAlphabet.Blackboard),
        "mathcal" => InAlphabet(token, TexAlphabet.Calligraphic),
        "mathfrak" => InAlphabet(token, TexAlphabet.Fraktur),
        "mathsf" => InAlphabet(token, TexAlphabet.SansSerif),
        "mathtt" => InAlphabet(token, TexAlphabet.Typewriter),
        "overline" => new MathPiece($"<mrow style=\"border-top:0.06em solid;padding-top:0.1em\">{Argument(token)}</mrow>", MathKind.Ordinary),
        "underline" => new MathPiece($"<mrow style=\"border-bottom:0.06em solid;padding-bottom:0.1em\">{Argument(token)}</mrow>", MathKind.Ordinary),
        "overbrace" => new MathPiece($"<mover>{Argument(token)}<mo stretchy=\"true\">⏞</mo></mover>", MathKind.Ordinary, Limits: true),
        "underbrace" => new MathPiece($"<munder>{Argument(token)}<mo stretchy=\"true\">⏟</mo></munder>", MathKind.Ordinary, Limits: true),
        "overset" or "stackrel" => Stacked(token, "mover"),
        "underset" => Stacked(token, "munder"),
        "phantom" => new MathPiece($"<mphantom>{Argument(token)}</mphantom>", MathKind.Ordinary),
        _ when TexSymbols.Accents.TryGetValue(name, out var accent) => Accent(token, accent, name.StartsWith("wide", StringComparison.Ordinal)),
        _ when TexSymbols.Sizes.TryGetValue(name, out var size) => SizedDelimiter(token, name, size),
        _ => null,
    };

    private MathPiece Fraction(TexToken token, bool displayStyle, string attributes)
    {
        var (above, below) = Within(displayStyle, () => (Argument(token), Argument(token)));
        return new MathPiece($"<mfrac{attributes}>{above}{below}</mfrac>", MathKind.Ordinary);
    }

    private MathPiece Binomial(TexToken token)
    {
        var (above, below) = Within(displayStyle: false, () => (Argument(token), Argument(token)));
        return new MathPiece(
            $"<mrow>{MathMarkup.Fence("(", "prefix", "")}<mfrac linethickness=\"0\">{above}{below}</mfrac>{MathMarkup.Fence(")", "postfix", "")}</mrow>",
            MathKind.Fenced);
    }

    private MathPiece Root(TexToken token)
    {
        if (_lexer.Peek().Text != "[")
            return new MathPiece($"<msqrt>{Argument(token)}</msqrt>", MathKind.Ordinary);
        _lexer.Next();
        var degree = new List<MathPiece>();
        while (_lexer.Peek().Text != "]")
        {
            if (_lexer.Peek().Kind == TexTokenKind.End)
                throw Error(@"the bracket [ of \sqrt is never closed.", token);
            degree.Add(Scripts(Nucleus(inScript: false)));
        }
        _lexer.Next();
        return new MathPiece($"<mroot>{Argument(token)}{MathMarkup.Row(degree)}</mroot>", MathKind.Ordinary);
    }

    private MathPiece LeftRight(TexToken left)
    {
        var inside = FenceAfter(left, "prefix");
        while (true)
        {
            inside += MathMarkup.Content(Row());
            var stop = _lexer.Next();
            if (stop.Text is not (@"\middle" or @"\right"))
                throw Error(@"\left has no \right.", left);
            inside += FenceAfter(stop, stop.Text == @"\right" ? "postfix" : "infix");
            if (stop.Text == @"\right")
                return new MathPiece($"<mrow>{inside}</mrow>", MathKind.Fenced);
        }
    }

    private string FenceAfter(TexToken command, string form) =>
        DelimiterAfter(command) is { Length: > 0 } delimiter ? MathMarkup.Fence(delimiter, form, "") : "";

    private MathPiece SizedDelimiter(TexToken token, string name, string size)
    {
        var (form, kind) = name[^1] switch
        {
            'l' => ("prefix", MathKind.Open),
            'r' => ("postfix", MathKind.Close),
            _ when TexSymbols.OpenDelimiters.Contains(_lexer.Peek().Text) => ("prefix", MathKind.Open),
            _ when TexSymbols.CloseDelimiters.Contains(_lexer.Peek().Text) => ("postfix", MathKind.Close),
            _ => ("infix", MathKind.Ordinary),
        };
        return new MathPiece(MathMarkup.Fence(DelimiterAfter(token), form, size), kind);
    }

    /// <summary>The delimiter that \left, \big and their kin must name; "" for the invisible one, written as a dot.</summary>
    private string DelimiterAfter(TexToken command)
    {
        var token = _lexer.Next();
        if (token.Text == ".")
            return "";
        return TexSymbols.Delimiters.TryGetValue(token.Text, out var delimiter) ? delimiter : throw Error(
            $"{command.Text} must be followed by a delimiter such as ( or \\{{, but found {(token.Text == "" ? "the end" : token.Text)}.", command);
    }

    private MathPiece InAlphabet(TexToken token, TexAlphabet alphabet)
    {
        var before = _alphabet;
        _alphabet = alphabet;
        var argument = Argument(token);
        _alphabet = before;
        return new MathPiece(argument, MathKind.Ordinary);
    }

    private MathPiece OperatorName(TexToken token)
    {
        var starred = _lexer.IsAt('*');
        if (starred)
            _lexer.Take();
        var name = PlainText(token, _lexer.RawGroup(token).Trim());
        var attribute = name.Length == 1 ? " mathvariant=\"normal\"" : "";
        return new MathPiece($"<mi{attribute}>{name}</mi>", MathKind.Function, starred && _display);
    }

    private MathPiece Text(TexToken token, string style)
    {
        var text = PlainText(token, _lexer.RawGroup(token));
        // The browser trims blanks at the ends; TeX keeps them.
        if (text.StartsWith(' '))
            text = "\u00A0" + text[1..];
        if (text.EndsWith(' '))
            text = text[..^1] + "\u00A0";
        return new MathPiece($"<mtext{style}>{text}</mtext>", MathKind.Ordinary);
    }

    private string PlainText(TexToken token, string raw)
    {
        var text = raw.Replace('~', '\u00A0').Replace(@"\,", "\u2009").Replace(@"\ ", "\u00A0");
        foreach (var escaped in "_%&#${}")
            text = text.Replace($@"\{escaped}", char.ToString((char)(0xE000 + escaped)));
        if (text.IndexOfAny(['\\', '$', '{', '}']) is >= 0 and var at)
            throw Error($"{token.Text} takes plain words, but found {text[at]} inside it. Close it before mathematics begins.", token);
        return HtmlText.Escape(string.Concat(text.Select(c => c is >= '\uE000' and < '\uE080' ? (char)(c - 0xE000) : c)));
    }

    private MathPiece Stacked(TexToken token, string element)
    {
        var script = Within(displayStyle: false, () => Argument(token));
        return new MathPiece($"<{element}>{Argument(token)}{script}</{element}>", MathKind.Relation);
    }

    private MathPiece Accent(TexToken token, string accent, bool wide) => new(
        $"<mover accent=\"true\">{Argument(token)}<mo stretchy=\"{(wide ? "true" : "false")}\">{accent}</mo></mover>", MathKind.Ordinary);

    private void Tag(TexToken token)
    {
        if (!_ownLine)
            throw Error(@"\tag stands only in an equation of its own line, between $$ and $$.", token);
        _tag = $"<mtext>({PlainText(token, _lexer.RawGroup(token))})</mtext>";
    }
}

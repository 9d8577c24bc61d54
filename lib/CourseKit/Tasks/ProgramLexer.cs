namespace CourseKit.Tasks;

/// <summary>Cuts a program into tokens, as Python does: lines and their indentation count, but not inside brackets; what follows # is a comment.</summary>
internal sealed class ProgramLexer
{
    /// <summary>Digits of a number at most.</summary>
    public const int MostDigits = 1000;

    private readonly string text;
    private readonly List<ProgramToken> tokens = [];
    private readonly Stack<int> indents = new([0]);
    private readonly Stack<ProgramToken> brackets = new();
    private int at, line = 1, lineStart;

    private ProgramLexer(string text) => this.text = text;

    private char Current => at < text.Length ? text[at] : '\0';

    /// <summary>All tokens; the last one is the end, and a line's end stands before it unless there is no line.</summary>
    public static IReadOnlyList<ProgramToken> Read(string text)
    {
        if (text.Length > PythonProgram.MostCharacters)
            throw new ProgramException(1, 1, $"a program may have at most {PythonProgram.MostCharacters} characters, but this one has more. Shorten it.");
        var lexer = new ProgramLexer(text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n'));
        lexer.ReadAll();
        return lexer.tokens;
    }

    private void ReadAll()
    {
        while (at < text.Length)
        {
            if (at == lineStart && brackets.Count == 0 && !ReadIndentation())
                continue;
            ReadToken();
        }
        if (brackets.Count > 0)
            throw Wrong(brackets.Peek().Line, brackets.Peek().Column, "this '(' is never closed. Put a ')' where its content ends.");
        if (tokens is [.., { Kind: not ProgramTokenKind.NewLine }])
            Add(ProgramTokenKind.NewLine, at, 0);
        for (; indents.Peek() > 0; indents.Pop())
            Add(ProgramTokenKind.Dedent, at, 0);
        Add(ProgramTokenKind.End, at, 0);
    }

    /// <summary>Reads what a line begins with; false for a line without content, which is passed over.</summary>
    private bool ReadIndentation()
    {
        while (Current == ' ')
            at++;
        var width = at - lineStart;
        if (Current == '#')
            SkipComment();
        if (at == text.Length)
            return false;
        if (Current == '\n')
        {
            EndLine();
            return false;
        }
        if (Current == '\t')
            throw WrongHere("a line may be indented by spaces only, but here is a tab. Write spaces.");
        if (width > indents.Peek())
        {
            indents.Push(width);
            Add(ProgramTokenKind.Indent, at, 0);
        }
        for (; width < indents.Peek(); indents.Pop())
            Add(ProgramTokenKind.Dedent, at, 0);
        if (width != indents.Peek())
            throw WrongHere($"the line is indented by {width} spaces, which no block before it is. Indent it as the block that it belongs to.");
        return true;
    }

    private void ReadToken()
    {
        switch (Current)
        {
            case ' ' or '\t':
                at++;
                break;
            case '#':
                SkipComment();
                break;
            case '\n':
                if (brackets.Count == 0)
                    Add(ProgramTokenKind.NewLine, at, 0);
                EndLine();
                break;
            case >= '0' and <= '9':
                ReadNumber();
                break;
            case >= 'a' and <= 'z' or >= 'A' and <= 'Z' or '_':
                Add(ProgramTokenKind.Name, at, Run(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'));
                break;
            default:
                ReadSymbol();
                break;
        }
    }

    private void ReadNumber()
    {
        var length = Run(char.IsAsciiDigit);
        var after = at + length < text.Length ? text[at + length] : '\0';
        if (after == '.')
            throw WrongHere("a number must be whole, but here is a decimal point. Leave it out.", length);
        if (char.IsAsciiLetter(after) || after == '_')
            throw WrongHere($"'{after}' stands right behind a number. Put a space or an operator between them.", length);
        if (text[at] == '0' && length > 1)
            throw WrongHere("a number must not begin with 0. Leave the zeros out.");
        if (length > MostDigits)
            throw WrongHere($"a number may have at most {MostDigits} digits, but this one has {length}.");
        Add(ProgramTokenKind.Number, at, length);
    }

    private void ReadSymbol()
    {
        if (Current is '+' or '-' && at + 1 < text.Length && text[at + 1] == '=')
        {
            Add(ProgramTokenKind.Symbol, at, 2);
            return;
        }
        if (!"()+-*=<>:;,".Contains(Current, StringComparison.Ordinal))
            throw WrongHere($"{Quote()} has no meaning here. Programs are made of numbers, names and the symbols + - * = += -= < > ( ) : ;");
        if (Current == ')' && !brackets.TryPop(out _))
            throw WrongHere("this ')' closes no '('. Leave it out, or open one before it.");
        Add(ProgramTokenKind.Symbol, at, 1);
        if (tokens[^1].Text == "(")
            brackets.Push(tokens[^1]);
    }

    private string Quote() => char.IsControl(Current) || char.IsSurrogate(Current) || char.IsWhiteSpace(Current) ? $"the character U+{(int)Current:X4}" : $"'{Current}'";

    private int Run(Func<char, bool> belongs)
    {
        var end = at;
        while (end < text.Length && belongs(text[end]))
            end++;
        return end - at;
    }

    private void SkipComment()
    {
        while (at < text.Length && text[at] != '\n')
            at++;
    }

    private void EndLine()
    {
        at++;
        (line, lineStart) = (line + 1, at);
    }

    private void Add(ProgramTokenKind kind, int from, int length)
    {
        tokens.Add(new(kind, text.Substring(from, length), line, from - lineStart + 1));
        at = from + length;
    }

    private ProgramException WrongHere(string reason, int offset = 0) => Wrong(line, at + offset - lineStart + 1, reason);

    private static ProgramException Wrong(int line, int column, string reason) => new(line, column, reason);
}

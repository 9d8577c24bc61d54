namespace CourseKit.Tasks;

/// <summary>
/// Reads a program by recursive descent:
/// <code>
/// program    = { statement } print
/// statement  = simple { ";" simple } NEWLINE | loop
/// simple     = NAME ( "=" | "+=" | "-=" ) expression
/// loop       = "for" NAME "in" "range" "(" expression ")" ":" ( simple { ";" simple } NEWLINE | NEWLINE INDENT statement { statement } DEDENT )
/// print      = "print" "(" expression ")" [ ";" ] NEWLINE
/// expression = sum [ "if" sum ( "&lt;" | "&gt;" ) sum "else" expression ]
/// sum        = product { ( "+" | "-" ) product }
/// product    = factor { "*" factor }
/// factor     = ( "+" | "-" ) factor | NUMBER | NAME | "(" expression ")"
/// </code>
/// </summary>
internal sealed class ProgramParser(IReadOnlyList<ProgramToken> tokens)
{
    /// <summary>How many brackets, signs, conditions and loops may lie in one another, and how many operations in a row: reading and running go down as deep.</summary>
    public const int MostDepth = 500;

    private static readonly HashSet<string> Reserved =
    [
        "print", "range", "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except", "finally", "for",
        "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];

    private int at, depth;

    private ProgramToken Current => tokens[at];

    public static IReadOnlyList<ProgramStatement> Parse(string text) => new ProgramParser(ProgramLexer.Read(text)).Program();

    private List<ProgramStatement> Program()
    {
        var statements = new List<ProgramStatement>();
        while (true)
        {
            if (Current.Kind == ProgramTokenKind.Indent)
                throw Wrong(Current, "the line is indented, but belongs to no loop. Begin it at the left margin.");
            if (Current.Kind == ProgramTokenKind.End)
                throw Wrong(Current, "expected print(...) as the last line, but the program ends. A program must print its answer.");
            if (Is("print"))
                break;
            Statement(statements);
            // After "v=1;" print may stand on the same line.
            if (at > 0 && tokens[at - 1] is { Text: ";" })
                break;
        }
        Expect("print");
        Expect("(");
        statements.Add(new PrintStatement(Expression()));
        Expect(")");
        Accept(";");
        Expect(ProgramTokenKind.NewLine, "the line's end after print(...)");
        if (Current.Kind != ProgramTokenKind.End)
            throw Wrong(Current, "print(...) must be the last line, but more follows. Leave out what follows.");
        return statements;
    }

    private void Statement(List<ProgramStatement> statements)
    {
        if (Is("for"))
            statements.Add(Loop());
        else
            SimpleLine(statements, mayEndInPrint: true);
    }

    private void SimpleLine(List<ProgramStatement> statements, bool mayEndInPrint)
    {
        do
        {
            if (mayEndInPrint && depth == 0 && Is("print"))
                return;
            statements.Add(Simple());
        }
        while (Accept(";") && Current.Kind != ProgramTokenKind.NewLine);
        Expect(ProgramTokenKind.NewLine, "';' or the line's end");
    }

    private AssignStatement Simple()
    {
        if (Is("for"))
            throw Wrong(Current, "a loop must begin a line of its own. Put it there, indented when it is inside another loop.");
        if (Is("print"))
            throw Wrong(Current, "print(...) may only be the last line of the program, not inside a loop. Begin it at the left margin.");
        var name = Name();
        var sign = Current;
        if (!Accept("=") && !Accept("+=") && !Accept("-="))
            throw Wrong(sign, $"expected =, += or -= after {name.Text}, but {Got(sign)}.");
        return new(name, sign, Expression());
    }

    private LoopStatement Loop()
    {
        Enter(Current);
        Expect("for");
        var name = Name();
        Expect("in");
        Expect("range");
        Expect("(");
        var count = Expression();
        Expect(")");
        Expect(":");
        var body = new List<ProgramStatement>();
        if (Current.Kind != ProgramTokenKind.NewLine)
        {
            SimpleLine(body, mayEndInPrint: false);
        }
        else
        {
            at++;
            if (Current.Kind != ProgramTokenKind.Indent)
                throw Wrong(Current, "expected the loop's body, on the loop's line or indented below it, but there is none.");
            at++;
            while (Current.Kind != ProgramTokenKind.Dedent)
            {
                if (Current.Kind == ProgramTokenKind.Indent)
                    throw Wrong(Current, "the line is indented further than the loop's body begins. Indent all lines of the body alike.");
                Statement(body);
            }
            at++;
        }
        depth--;
        return new(name, count, body);
    }

    private ProgramExpression Expression()
    {
        Enter(Current);
        var then = Sum();
        if (!Accept("if"))
        {
            if (Is("<") || Is(">"))
                throw Wrong(Current, $"a comparison may only stand between if and else, but here is '{Current.Text}' elsewhere.");
            depth--;
            return then;
        }
        var left = Sum();
        var comparison = Current;
        if (!Accept("<") && !Accept(">"))
            throw Wrong(comparison, $"expected < or > in the condition, but {Got(comparison)}.");
        var right = Sum();
        Expect("else");
        var otherwise = Expression();
        depth--;
        return Held(new ConditionalExpression(comparison, left, right, then, otherwise), comparison);
    }

    private ProgramExpression Sum()
    {
        var sum = Product();
        while (Current is { Text: "+" or "-" } sign)
        {
            at++;
            sum = Held(new ArithmeticExpression(sign, sum, Product()), sign);
        }
        return sum;
    }

    private ProgramExpression Product()
    {
        var product = Factor();
        while (Current is { Text: "*" } sign)
        {
            at++;
            product = Held(new ArithmeticExpression(sign, product, Factor()), sign);
        }
        return product;
    }

    private ProgramExpression Factor()
    {
        var token = Current;
        if (Is("+") || Is("-"))
        {
            at++;
            Enter(token);
            var operand = Factor();
            depth--;
            return token.Text == "-" ? Held(new NegativeExpression(token, operand), token) : operand;
        }
        if (token.Kind == ProgramTokenKind.Number)
        {
            at++;
            return new NumberExpression(token);
        }
        if (token.Kind == ProgramTokenKind.Name && !Reserved.Contains(token.Text))
        {
            at++;
            return new VariableExpression(token);
        }
        if (!Accept("("))
            throw Wrong(token, $"expected a number, a variable or '(', but {Got(token)}.");
        var inner = Expression();
        Expect(")");
        return inner;
    }

    private ProgramToken Name()
    {
        var token = Current;
        if (token.Kind != ProgramTokenKind.Name)
            throw Wrong(token, $"expected a variable's name, but {Got(token)}.");
        if (Reserved.Contains(token.Text))
            throw Wrong(token, $"expected a variable's name, but '{token.Text}' is a word of the language. Take another name.");
        at++;
        return token;
    }

    private bool Is(string text) => Current.Text == text;

    private bool Accept(string text)
    {
        if (!Is(text))
            return false;
        at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Accept(text))
            throw Wrong(Current, $"expected '{text}', but {Got(Current)}.");
    }

    private void Expect(ProgramTokenKind kind, string described)
    {
        if (Current.Kind != kind)
            throw Wrong(Current, $"expected {described}, but {Got(Current)}.");
        at++;
    }

    private static string Got(ProgramToken token) => token.Kind < ProgramTokenKind.NewLine ? $"got {token.Described}" : token.Described;

    private void Enter(ProgramToken token)
    {
        if (++depth > MostDepth)
            throw TooDeep(token);
    }

    // Operations in a row lie in one another too: ((1+2)+3)+4.
    private static ProgramExpression Held(ProgramExpression expression, ProgramToken token) => expression.Depth <= MostDepth ? expression : throw TooDeep(token);

    private static ProgramException TooDeep(ProgramToken token) => Wrong(token, $"more than {MostDepth} operations, brackets or loops lie in one another here. Split the line into several.");

    private static ProgramException Wrong(ProgramToken token, string reason) => new(token.Line, token.Column, reason);
}

using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Tasks;

namespace CourseKit.Notebooks;

/// <summary>Programs of learning to execute, each operator in its colour, and what they print.</summary>
internal sealed partial class ProgramsDrawing : Drawing
{
    private const int MostPrograms = 20;
    private const int MostCharacters = 2000;

    /// <summary>The operators in the order of their colours. An equality leaves nothing to be seen.</summary>
    public static readonly string[] Operators = ["sum or difference", "product", "variable", "loop", "conditional"];

    private readonly TextExample[] _examples;
    private readonly string _title;

    public ProgramsDrawing(TextExample[] examples, string title)
    {
        if (examples.Length is 0 or > MostPrograms)
            throw new ArgumentException($"Picture.Programs: there must be 1 to {MostPrograms} programs, but there are {Num.Whole(examples.Length)}. {(examples.Length == 0 ? "Give at least one." : "Take the first of them.")}", nameof(examples));
        foreach (var (input, _) in examples)
        {
            if (input.Length > MostCharacters)
                throw new ArgumentException($"Picture.Programs: a program may have at most {Num.Whole(MostCharacters)} characters, but one has {Num.Whole(input.Length)}.", nameof(examples));
        }
        (_examples, _title) = (examples, title);
    }

    /// <summary>Each character's operator, as an index into <see cref="Operators"/>; −1 for none.</summary>
    public static int[] Kinds(string program)
    {
        var kinds = new int[program.Length];
        Array.Fill(kinds, -1);
        // The first expression that takes a character keeps it.
        foreach (var (expression, kind) in new (Regex, int)[] { (Loop(), 3), (Variable(), 2), (Conditional(), 4), (Product(), 1), (Sum(), 0) })
        {
            foreach (Match match in expression.Matches(program))
            {
                foreach (ref var at in kinds.AsSpan(match.Index, match.Length))
                    at = at < 0 ? kind : at;
            }
        }
        return kinds;
    }

    internal override string ToFigure()
    {
        var (body, texts) = (new StringBuilder(), new List<string>());
        body.Append("<div class=\"ck-key\" aria-hidden=\"true\">");
        for (var kind = 0; kind < Operators.Length; kind++)
            body.Append($"<span class=\"ck-op ck-op{Num.Whole(kind)}\">{Operators[kind]}</span>");
        body.Append("</div>\n<div class=\"ck-programs\" role=\"img\" aria-label=\"").Append(Markup.Escape(ToString())).Append("\">\n");
        foreach (var (input, target) in _examples)
        {
            body.Append("<div><div class=\"ck-text\">");
            var kinds = Kinds(input);
            for (var (from, to) = (0, 0); from < input.Length; from = to)
            {
                while (to < input.Length && kinds[to] == kinds[from])
                    to++;
                var text = Markup.Escape(Legible(input[from..to]));
                if (kinds[from] < 0)
                {
                    body.Append(text);
                    continue;
                }
                body.Append($"<i class=\"ck-op ck-op{Num.Whole(kinds[from])}\">{text}</i>");
                texts.Add(Operators[kinds[from]]);
            }
            body.Append($"</div><p>{Markup.Escape(Legible(target))}</p></div>\n");
        }
        body.Append("</div>\n");
        return Figure.Of(_title, [], body.ToString(), [], json =>
        {
            json.WriteString("kind", "text");
            json.WriteTexts("texts", texts);
        });
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(_title.Length > 0 ? $"{_title}: " : "")}{Num.Whole(_examples.Length)} program{(_examples.Length == 1 ? "" : "s")}. "
        + string.Join(" ", _examples.Select(example => $"{Legible(example.Input).Replace("\n", " ↵ ", StringComparison.Ordinal)} gives {Legible(example.Target).TrimEnd('.')}."));

    // Signs for what cannot be seen; line ends stay.
    private static string Legible(string text) => string.Concat(text.Select(character => character == '\n' || !char.IsControl(character) ? character.ToString() : Markup.Visible(character.ToString())));

    [GeneratedRegex(@"^\w+=(?=[^;\n]*\n+for )|^for \w+ in range\(|(?<=^for \w+ in range\([^\n]*)\):|\w+[+-]=", RegexOptions.Multiline)]
    private static partial Regex Loop();

    [GeneratedRegex(@"^\w+=|;$", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@" if\s|[<>]| else ")]
    private static partial Regex Conditional();

    [GeneratedRegex(@"\*")]
    private static partial Regex Product();

    [GeneratedRegex("[+-]")]
    private static partial Regex Sum();
}

#:property PublishAot=false
// Writes own-text.txt from grammar.txt, the same bytes on every machine:
//   dotnet run datasets/own-text/generate.cs [-- --out FILE]
// No System.Random: its sequence is not promised between versions of .NET; SplitMix64 is eight lines.
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

const ulong Seed = 20260101;
const int Bytes = 360_000;
const int Columns = 72;

var folder = Folder();
var output = args is ["--out", var path] ? path : Path.Combine(folder, "own-text.txt");
var story = new Story(Grammar.Read(Path.Combine(folder, "grammar.txt")), new SplitMix64(Seed));

var text = new StringBuilder();
while (text.Length < Bytes)
{
    foreach (var paragraph in story.Scene())
    {
        text.Append(Wrap(paragraph)).Append("\n\n");
    }
}

File.WriteAllText(output, text.ToString().TrimEnd() + "\n", new ASCIIEncoding());
Console.WriteLine($"{output}: {new FileInfo(output).Length:N0} bytes");

static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

static string Wrap(string paragraph)
{
    var wrapped = new StringBuilder();
    var column = 0;
    foreach (var word in paragraph.Split(' '))
    {
        if (column > 0)
        {
            var breaks = column + 1 + word.Length > Columns;
            wrapped.Append(breaks ? '\n' : ' ');
            column = breaks ? 0 : column + 1;
        }

        wrapped.Append(word);
        column += word.Length;
    }

    return wrapped.ToString();
}

/// <summary>Steele, Lea and Flood, 2014.</summary>
internal sealed class SplitMix64(ulong state)
{
    public int Below(int bound)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)bound);
    }
}

internal static class Grammar
{
    public static Dictionary<string, List<string>> Read(string file)
    {
        var rules = new Dictionary<string, List<string>>();
        var rule = new List<string>();
        foreach (var line in File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                rules.Add(line.Trim('[', ']'), rule = []);
            }
            else
            {
                rule.Add(line);
            }
        }

        return rules;
    }
}

internal sealed class Story(Dictionary<string, List<string>> rules, SplitMix64 random)
{
    // Alternatives are dealt like cards, so that each is used before any returns.
    private readonly Dictionary<string, Queue<string>> _decks = [];
    private readonly Dictionary<string, string> _kept = [];
    private readonly string[] _themes =
        [.. rules.Keys.Where(name => name.EndsWith(".title", StringComparison.Ordinal)).Select(name => name[..^6])];

    public IEnumerable<string> Scene()
    {
        var theme = _themes[random.Below(_themes.Length)];
        _kept.Clear();
        Introduce("P", "she her hers obj herself");
        Introduce("Q", "qshe qher qhers qobj qherself");

        yield return Expand($"{{{theme}.title}}").ToUpperInvariant();
        yield return Sentences($"{{opening}} {{{theme}.tell}}");
        for (var part = 1 + random.Below(2); part >= 0; part--)
        {
            var other = _themes[random.Below(_themes.Length)];
            yield return Sentences(random.Below(4) == 0
                ? $"{{{theme}.tell}} {{{other}.tell}}"
                : $"{{{theme}.tell}} {{{theme}.tell}}");
            foreach (var turn in Talk(random.Below(5) == 0 ? "smalltalk" : $"{theme}.talk"))
            {
                yield return turn;
            }

            if (random.Below(2) == 0)
            {
                yield return Sentences("{aside}");
            }
        }

        yield return Sentences($"{{{theme}.tell}} {{ending}}");
    }

    private void Introduce(string person, string pronouns)
    {
        var woman = random.Below(2) == 0;
        do
        {
            _kept[person] = Deal(woman ? "women" : "men");
        }
        while (person == "Q" && _kept["Q"] == _kept["P"]);

        var words = (woman ? "she her hers her herself" : "he his his him himself").Split(' ');
        foreach (var (name, word) in pronouns.Split(' ').Zip(words))
        {
            _kept[name] = word;
        }
    }

    private IEnumerable<string> Talk(string rule)
    {
        var first = random.Below(2);
        var turns = Deal(rule).Split('|', StringSplitOptions.TrimEntries);
        for (var i = 0; i < turns.Length; i++)
        {
            var speaker = (first + i) % 2 == 0 ? "P" : "Q";
            _kept["S"] = _kept[speaker];
            _kept["shis"] = _kept[speaker == "P" ? "her" : "qher"];
            yield return Sentences(Turn(turns[i], i == 0 ? random.Below(2) : random.Below(5)));
        }
    }

    // style: 0 and 1 name the speaker, 2 tells what the speaker does first, 3 and more leave the words alone.
    private static string Turn(string words, int style)
    {
        var halves = words.Split(" / ");
        if (style > 1 || (halves.Length == 1 && words.Length > 60))
        {
            var lead = style == 2 ? "{lead} " : "";
            return $"{lead}\"{string.Join(' ', halves)}\"";
        }

        var tag = words[^1] switch { '?' => "{asked}", '!' => "{cried}", _ => "{said}" };
        if (halves.Length == 2)
        {
            var (comma, stop) = halves[0][^1] is '.' or '?' ? (Comma(halves[0]), ".") : (halves[0].TrimEnd(',') + ",", ",");
            return $"\"{comma}\" {tag}{stop} \"{halves[1]}\"";
        }

        return $"\"{Comma(words)}\" {tag}.";
    }

    private static string Comma(string words) => words[^1] == '.' ? words[..^1] + "," : words;

    private string Sentences(string pattern)
    {
        var text = Expand(pattern);
        text = Regex.Replace(text, """(?<=^"?|[.!?]"? "?)[a-z]""", match =>
            AfterSpeech(text, match.Index) ? match.Value : match.Value.ToUpperInvariant());
        return Regex.Replace(text, "\\b([aA]) (?=[aeiouAEIOU])(?!one|use|uni)", "$1n ");
    }

    // "Why?" asked Mira: the words after a closing quotation mark go on with the sentence.
    private static bool AfterSpeech(string text, int index) =>
        index >= 3 && text[index - 1] == ' ' && text[index - 2] == '"' && text[index - 3] is '?' or '!' or ',';

    private string Expand(string pattern) => Regex.Replace(pattern, @"\{(!?)([\w.]+)\}", match =>
    {
        var name = match.Groups[2].Value;
        var capital = name.Length > 1 && char.IsUpper(name[0]);
        var rule = capital ? char.ToLowerInvariant(name[0]) + name[1..] : name;
        var keep = match.Groups[1].Length > 0;
        if (!_kept.TryGetValue(keep ? "!" + rule : rule, out var words))
        {
            words = Expand(Deal(rule));
            if (keep)
            {
                _kept["!" + rule] = words;
            }
        }

        return capital ? char.ToUpperInvariant(words[0]) + words[1..] : words;
    });

    private string Deal(string rule)
    {
        if (!_decks.TryGetValue(rule, out var deck) || deck.Count == 1)
        {
            // The last card of the old deck goes first, so that a new one cannot begin with what was dealt before it.
            var last = deck?.Dequeue();
            var cards = rules[rule].Where(card => card != last).ToArray();
            for (var i = cards.Length - 1; i > 0; i--)
            {
                var j = random.Below(i + 1);
                (cards[i], cards[j]) = (cards[j], cards[i]);
            }

            _decks[rule] = deck = new Queue<string>(last is null ? cards : [last, .. cards]);
        }

        return deck.Dequeue();
    }
}

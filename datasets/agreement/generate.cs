#:property PublishAot=false
// Writes train.txt and test.txt from grammar.txt, the same bytes on every machine:
//   dotnet run datasets/agreement/generate.cs [-- --out FOLDER]
// No System.Random: its sequence is not promised between versions of .NET; SplitMix64 is eight lines.
using System.Runtime.CompilerServices;
using System.Text;

const ulong Seed = 20260103;
const int Farthest = 24;
const int TrainPairs = 90;
const int TestPairs = 40;

var folder = Folder();
var output = args is ["--out", var path] ? path : folder;
var random = new SplitMix64(Seed);
var speaker = new Speaker(Grammar.Read(Path.Combine(folder, "grammar.txt")), random);

// Every distance gets as many pairs as every other, and no sentence comes twice.
var seen = new HashSet<string>();
var (train, test) = (new List<Pair>(), new List<Pair>());
var counts = new Dictionary<int, int>();
int[] distances = [0, .. Enumerable.Range(3, Farthest - 2)];
while (distances.Any(distance => counts.GetValueOrDefault(distance) < TrainPairs + TestPairs))
{
    var pair = speaker.Pair();
    var count = counts.GetValueOrDefault(pair.Distance);
    if (!distances.Contains(pair.Distance) || count == TrainPairs + TestPairs || !seen.Add(pair.One.Sentence))
    {
        continue;
    }

    counts[pair.Distance] = count + 1;
    (count < TestPairs ? test : train).Add(pair);
}

Write("train.txt", train);
Write("test.txt", test);

void Write(string name, List<Pair> pairs)
{
    for (var i = pairs.Count - 1; i > 0; i--)
    {
        var j = random.Below(i + 1);
        (pairs[i], pairs[j]) = (pairs[j], pairs[i]);
    }

    var file = Path.Combine(output, name);
    File.WriteAllText(file, string.Concat(pairs.Select(pair => $"{pair.One.Line(pair.Distance)}\n{pair.Several.Line(pair.Distance)}\n")), new ASCIIEncoding());
    Console.WriteLine($"{file}: {new FileInfo(file).Length:N0} bytes");
}

static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

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

/// <summary>A sentence and what is asked about it.</summary>
internal sealed record Example(int Others, int Verb, string Right, string Wrong, string Sentence)
{
    public string Line(int distance) => string.Join('\t', distance, Others, Verb, Right, Wrong, Sentence);
}

/// <summary>The same sentence about one and about several.</summary>
internal sealed record Pair(int Distance, Example One, Example Several);

internal sealed class Speaker(Dictionary<string, List<string>> rules, SplitMix64 random)
{
    // The nouns between subject and verb that are one (0) and several (1).
    private readonly int[] _between = new int[2];

    public Pair Pair()
    {
        Array.Clear(_between);
        var animal = random.Below(3) == 0;
        var subject = Draw(animal ? "animals" : "people").Split(' ');
        var middle = random.Below(12) == 0 ? [] : Middle(animal ? "which" : "who");
        var verbs = Draw("verbs").Split(' ');
        var ending = Draw("endings." + verbs[0]).Split(' ');
        return new(middle.Count(word => word != ","), Example(0), Example(1));

        Example Example(int number)
        {
            string[] words = ["The", subject[number], .. middle, verbs[number], .. ending, "."];
            return new(_between[1 - number], 2 + middle.Length, verbs[number], verbs[1 - number], string.Join(' ', words));
        }
    }

    // What may stand between the subject and its verb. Its verbs are in the past tense, so that none of them tells how many the subject is.
    private string[] Middle(string pronoun) => random.Below(6) switch
    {
        0 => Places(1 + random.Below(3)),
        1 => [",", pronoun, Draw("sayings"), "that", .. Statement(), ","],
        2 => [.. Places(1), ",", pronoun, .. Deed(), ","],
        3 => [",", pronoun, .. OthersDeed(), ","],
        4 => [",", pronoun, .. Deed(), .. Time(), "and", Draw("deeds"), .. Thing(), .. Places(random.Below(3)), ","],
        _ => [",", pronoun, .. Deed(), .. Places(random.Below(3)), .. Time(), ","],
    };

    private string[] Deed() => [.. Adverb(), Draw("deeds"), .. Thing(), .. Places(random.Below(2))];

    private string[] OthersDeed() => [.. Noun(random.Below(2) == 0 ? "people" : "animals"), .. Places(random.Below(3)), .. Adverb(), Draw("deeds"), .. Places(1), .. Time()];

    // A verb of its own stands here, which agrees with another noun.
    private string[] Statement()
    {
        var number = random.Below(2);
        var subject = Draw(random.Below(2) == 0 ? "people" : "things").Split(' ');
        _between[number]++;
        return ["the", subject[number], .. Places(random.Below(4)), number == 0 ? "was" : "were", .. Draw("endings.was").Split(' '), .. Time()];
    }

    private string[] Places(int count) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => Noun("things").Prepend(Draw("prepositions")))];

    private string[] Thing() => Noun("things");

    private string[] Noun(string rule)
    {
        var number = random.Below(2);
        _between[number]++;
        return ["the", Draw(rule).Split(' ')[number]];
    }

    private string[] Adverb() => random.Below(2) == 0 ? [] : [Draw("adverbs")];

    private string[] Time() => random.Below(2) == 0 ? [] : Draw("times").Split(' ');

    private string Draw(string rule) => rules[rule][random.Below(rules[rule].Count)];
}

#:property PublishAot=false
// Writes train.txt and test.txt from templates.txt, the same bytes on every machine:
//   dotnet run datasets/named-entities/generate.cs [-- --out FOLDER]
// No System.Random: its sequence is not promised between versions of .NET; SplitMix64 is eight lines.
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

const ulong Seed = 20260104;
const string FirstOfTest = "Yesterday/O ,/O Harry/PER Potter/PER met/O Hermione/PER Granger/PER ./O";

var folder = Folder();
var output = args is ["--out", var path] ? path : folder;
var writer = new TemplateWriter(Templates.Read(Path.Combine(folder, "templates.txt")), new SplitMix64(Seed));

// No sentence comes twice. After every beginning of twins both continuations come equally often, so whoever does not see them is right in half of the cases.
var seen = new HashSet<string> { FirstOfTest };
Write("test.txt", plain: 299, twins: 200, [FirstOfTest]);
Write("train.txt", plain: 1500, twins: 1000, []);

void Write(string name, int plain, int twins, string[] first)
{
    var groups = new List<string[]>();
    while (groups.Count < plain + twins)
    {
        var group = groups.Count < plain ? [writer.Plain()] : writer.Twins();
        if (group.All(line => !seen.Contains(line)))
        {
            seen.UnionWith(group);
            groups.Add(group);
        }
    }

    writer.Shuffle(groups);
    var file = Path.Combine(output, name);
    File.WriteAllText(file, string.Concat(first.Concat(groups.SelectMany(group => group)).Select(line => line + "\n")), new ASCIIEncoding());
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

internal static class Templates
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

internal sealed class TemplateWriter(Dictionary<string, List<string>> rules, SplitMix64 random)
{
    public string Plain() => Tagged(Expand(Draw("plain")));

    /// <summary>Two sentences that are the same up to a word that is two things.</summary>
    public string[] Twins()
    {
        var halves = Draw("twins").Split(" | ");
        var beginning = Expand(halves[0]);
        return [.. halves[1].Split(' ').Select(rule => Tagged($"{beginning}{Tag(rule)} {Expand($"{{{rule}}}")}"))];
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var j = random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static string Tag(string rule) => rule[..rule.IndexOf('.')] switch { "person" => "/PER", "town" => "/LOC", _ => "" };

    private static string Tagged(string sentence) => string.Join(' ', sentence.Split(' ').Select(word => word.Contains('/') ? word : word + "/O"));

    private string Expand(string pattern) => Regex.Replace(pattern, @"\{([\w.]+)\}", match => Expand(Draw(match.Groups[1].Value)));

    private string Draw(string rule) => rules[rule][random.Below(rules[rule].Count)];
}

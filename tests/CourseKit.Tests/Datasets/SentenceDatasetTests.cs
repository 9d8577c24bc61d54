using System.Reflection;
using System.Text.RegularExpressions;

namespace CourseKit.Tests.Datasets;

/// <summary>What the READMEs of the sets of sentences promise: halves without a common sentence, balance, and which tags only the future tells.</summary>
public sealed class SentenceDatasetTests
{
    [Fact]
    public void Sentences_Each_AreDifferentAndEndInAStop()
    {
        var sentences = Lines("sentences/sentences.txt");

        Assert.Equal("This morning I took my cat for a walk.", sentences[0]);
        Assert.Equal(sentences.Length, sentences.Distinct().Count());
        Assert.All(sentences, sentence => Assert.Matches("^[A-Z][ -~]*\\.$", sentence));
        Assert.All(sentences, sentence => Assert.InRange(sentence.Split(' ').Length, 6, 11));
    }

    [Fact]
    public void Pairs_Each_HaveTheSameWordsInAnotherOrder()
    {
        Assert.All(Lines("sentences/pairs.txt"), line =>
        {
            var pair = line.Split('\t');
            Assert.Equal(2, pair.Length);
            Assert.NotEqual(pair[0], pair[1]);
            Assert.Equal(Words(pair[0]).Order(), Words(pair[1]).Order());
        });

        static IEnumerable<string> Words(string sentence) => Regex.Matches(sentence.ToLowerInvariant(), "[a-z]+").Select(match => match.Value);
    }

    [Fact]
    public void NumberWords_InTheFixedSetting_HaveTheBaselineThatTheReadmeNames()
    {
        var words = string.Join(" . ", Lines("number-words/number-words.txt")).Split(' ');
        var next = Enumerable.Range(0, (words.Length - 4 + 2) / 3).Select(window => words[3 * window + 3]).ToArray();
        var judged = next[(next.Length * 4 / 5)..];
        var most = judged.CountBy(word => word).MaxBy(pair => pair.Value);

        Assert.Equal((63_098, 30), (words.Length, words.Distinct().Count()));
        Assert.Equal("thousand", most.Key);
        Assert.Equal(0.152, (double)most.Value / judged.Length, 0.0005);
        Assert.Equal("one thousand two hundred thirty four", Lines("number-words/number-words.txt")[1233]);
    }

    [Fact]
    public void Agreement_Halves_ShareNoSentenceButAllWords()
    {
        var (train, test) = (Lines("agreement/train.txt"), Lines("agreement/test.txt"));
        var known = train.SelectMany(line => line.Split('\t')[5].Split(' ')).ToHashSet();

        Assert.Empty(train.Select(line => line.Split('\t')[5]).Intersect(test.Select(line => line.Split('\t')[5])));
        Assert.All(test.SelectMany(line => line.Split('\t')[5].Split(' ')), word => Assert.Contains(word, known));
        Assert.True(train.Concat(test).Sum(line => line.Length + 1) >= 300_000);
    }

    [Theory]
    [InlineData("agreement/train.txt", 180)]
    [InlineData("agreement/test.txt", 80)]
    public void Agreement_Columns_AreTrueAndEveryDistanceAsFrequent(string file, int each)
    {
        var lines = Lines(file).Select(line => line.Split('\t')).ToArray();

        Assert.All(lines, line =>
        {
            var (words, verb) = (line[5].Split(' '), int.Parse(line[2]));
            Assert.Equal(line[3], words[verb]);
            Assert.NotEqual(line[3], line[4]);
            Assert.Equal(int.Parse(line[0]), words[2..verb].Count(word => word != ","));
        });
        Assert.All(lines.CountBy(line => int.Parse(line[0])), count => Assert.Equal(each, count.Value));
        Assert.Equal([0, .. Enumerable.Range(3, 22)], lines.Select(line => int.Parse(line[0])).Distinct().Order());
    }

    [Theory]
    [InlineData("agreement/train.txt")]
    [InlineData("agreement/test.txt")]
    public void Agreement_Pairs_DifferInTheNounAndItsVerbOnly(string file)
    {
        Assert.All(Lines(file).Chunk(2), pair =>
        {
            var (one, several) = (pair[0].Split('\t'), pair[1].Split('\t'));
            var (a, b) = (one[5].Split(' '), several[5].Split(' '));
            Assert.Equal((one[3], one[4]), (several[4], several[3]));
            Assert.Equal([1, int.Parse(one[2])], Enumerable.Range(0, a.Length).Where(i => a[i] != b[i]));
        });
    }

    [Fact]
    public void NamedEntities_Halves_ShareNoSentenceButAllWords()
    {
        var (train, test) = (Lines("named-entities/train.txt"), Lines("named-entities/test.txt"));
        var known = train.SelectMany(Tagged).Select(word => word.Word).ToHashSet();

        Assert.Equal((3500, 700), (train.Length, test.Length));
        Assert.Equal("Yesterday/O ,/O Harry/PER Potter/PER met/O Hermione/PER Granger/PER ./O", test[0]);
        Assert.Equal(train.Length + test.Length, train.Concat(test).Select(Plain).Distinct().Count());
        Assert.All(test.SelectMany(Tagged), word => Assert.Contains(word.Word, known));
        Assert.All(train.Concat(test).SelectMany(Tagged), word => Assert.Contains(word.Tag, new[] { "O", "PER", "LOC" }));
    }

    [Theory]
    [InlineData("named-entities/train.txt", 1000)]
    [InlineData("named-entities/test.txt", 200)]
    public void NamedEntities_ReadForwardOnly_CannotBeTaggedWithoutErrors(string file, int least)
    {
        // After each beginning, the best that any forward tagger can do is to say the most frequent tag.
        var best = Lines(file).Select(line => Tagged(line).ToArray())
            .SelectMany(words => words.Select((word, t) => (Seen: string.Join(' ', words[..(t + 1)].Select(w => w.Word)), word.Tag)))
            .GroupBy(word => word.Seen)
            .Sum(group => group.Count() - group.CountBy(word => word.Tag).Max(count => count.Value));

        Assert.Equal(least, best);
    }

    private static (string Word, string Tag)[] Tagged(string line) => [.. line.Split(' ').Select(word => (word[..word.LastIndexOf('/')], word[(word.LastIndexOf('/') + 1)..]))];

    private static string Plain(string line) => string.Join(' ', Tagged(line).Select(word => word.Word));

    private static string[] Lines(string file)
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location)!);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CourseKit.sln")))
        {
            folder = folder.Parent;
        }

        return File.ReadAllLines(Path.Combine(folder!.FullName, "datasets", file));
    }
}

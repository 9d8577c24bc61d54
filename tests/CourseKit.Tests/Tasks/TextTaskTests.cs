using System.Numerics;
using CourseKit.Data;
using CourseKit.Tasks;
using CourseKit.Tensors;

namespace CourseKit.Tests.Tasks;

public class TextTaskTests
{
    public static TheoryData<TextTask> All => [new ProgramTask(), new CopyTask(), new CopyTask(reversed: true, doubled: true), new AdditionTask(), new AdditionTask(reversed: true), new AdditionTask(doubled: true)];

    /// <summary>The published numbers of FNV-1a.</summary>
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void Hash_PublishedTexts_GivesThePublishedNumbers(string text, ulong hash)
    {
        Assert.Equal(hash, TextExample.Hash(text));
        Assert.Equal((TextPart)(int)(hash % 3), TextExample.PartOf(text));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Examples_OfTheThreeParts_ShareNoneAndAreAsMany(TextTask task)
    {
        var parts = Enum.GetValues<TextPart>().Select(part => task.Examples(300, new(3, 2), seed: 1, part).Select(example => example.Input).ToHashSet(StringComparer.Ordinal)).ToArray();
        Assert.Empty(parts[0].Intersect(parts[1]).Concat(parts[1].Intersect(parts[2])).Concat(parts[0].Intersect(parts[2])));

        var random = new RandomSource(2);
        var counts = Enumerable.Range(0, 9000).Select(_ => task.Draw(new(4, 2), random)).CountBy(example => TextExample.PartOf(Plain(task, example))).Select(count => count.Value).ToArray();
        Assert.Equal(3, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 2700, 3300));
    }

    /// <summary>A part must not be one of the answers' own: each last digit comes in each part.</summary>
    [Fact]
    public void Part_OfPrograms_HasNothingToDoWithTheAnswer()
    {
        var examples = Enum.GetValues<TextPart>().Select(part => new ProgramTask().Examples(3000, new(4, 2), seed: 5, part));
        Assert.All(examples, part => Assert.All(part.CountBy(example => example.Target[^2]), digit => Assert.InRange(digit.Value, 200, 520)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Examples_OfEveryEasiestTask_ExistInEveryPart(TextTask task) =>
        Assert.All(Enum.GetValues<TextPart>(), part => Assert.NotEmpty(task.Examples(20, new(1, 1), seed: 1, part)));

    [Fact]
    public void ToBatch_TwoPrograms_IsTheNextCharacterAndCountsTheAnswerOnly()
    {
        var task = new ProgramTask();
        var batch = task.ToBatch([new("print(7)", "7."), new("print((10+3))", "13.")]);
        string Row(int row) => task.Vocabulary.Decode(batch.Ids!.Values.Slice(row * 16, 16));
        string Wanted(int row) => string.Concat(Enumerable.Range(0, 16).Select(step => batch.Classes![row, step] is var id and >= 0 ? task.Vocabulary[id] : "_"));

        Assert.Equal("[2, 16] [2, 16] [2, 16]", $"{batch.Ids!.Shape} {batch.Classes!.Shape} {batch.Mask!.Shape}");
        Assert.Equal(["print(7)@7", "print((10+3))@13"], new[] { Row(0)[..10], Row(1) });
        Assert.Equal(["________7.______", "_____________13."], new[] { Wanted(0), Wanted(1) });
        Assert.Equal([10, 16], Mask.Lengths(batch.Mask));
        Assert.Equal(5, batch.TargetCount);
    }

    [Fact]
    public void ToQuestions_TwoInputs_EndAtTheSameStep()
    {
        var task = new CopyTask();
        var (ids, mask) = task.ToQuestions(["12", "3456"]);
        Assert.Equal([0, 0, 1, 1, 1, 1, 1, 1, 1, 1], mask.ToArray());
        Assert.Equal("12@3456@", task.Vocabulary.Decode([.. ids.ToArray().Where((_, index) => mask.ToArray()[index] == 1)]));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Batches_SameSeed_AreTheSame(TextTask task)
    {
        static int[] Ids(IEnumerable<Batch> batches) => [.. batches.SelectMany(batch => batch.Ids!.ToArray())];
        var batches = task.Batches(5, new(2, 2, IsMixed: true), seed: 3, count: 4);
        Assert.Equal(4, batches.Count());
        Assert.Equal(Ids(batches), Ids(batches));
        Assert.NotEqual(Ids(batches), Ids(task.Batches(5, new(2, 2, IsMixed: true), seed: 4, count: 4)));
    }

    [Fact]
    public void DigitTasks_EachForm_AreRight()
    {
        var copy = new CopyTask(reversed: true, doubled: true).Draw(new(4), new RandomSource(1));
        Assert.Equal(copy.Target, string.Concat(copy.Input[..4].Reverse()) + ".");
        Assert.Equal(copy.Input[..4] + ";" + copy.Input[..4], copy.Input);
        Assert.Equal("CopyTask, input reversed and doubled", new CopyTask(true, true).ToString());

        var random = new RandomSource(2);
        for (var i = 0; i < 2000; i++)
        {
            var sum = new AdditionTask().Draw(new(1 + i % 30), random);
            Assert.Equal(PythonProgram.Evaluate(sum.Input), BigInteger.Parse(sum.Target[..^1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(2 * (1 + i % 30), sum.Input.Count(char.IsAsciiDigit));
        }
        Assert.Matches(@"^\)\d\d\d\+\d\d\d\(tnirp$", new AdditionTask(reversed: true).Draw(new(3), random).Input);
        Assert.Matches(@"^\d{1,3}$", new CopyTask().Draw(new(3, IsMixed: true), random).Input);
    }

    [Fact]
    public void WrongArguments_ThrowSayingWhat()
    {
        var task = new ProgramTask();
        Says("ProgramTask.Examples: count must be at least 1, but got 0.", () => task.Examples(0, new(1), 1));
        Says("ProgramTask.Batches: batchSize must be at least 1, but got 0.", () => task.Batches(0, new(1), 1));
        Says("ProgramTask.Batches: count must be at least 1, but got 0.", () => task.Batches(1, new(1), 1, count: 0));
        Says("ProgramTask: Length must be from 1 to 18, but got 0.", () => task.Batches(1, default, 1));
        Says("CopyTask: Length must be from 1 to 1000, but got 1001.", () => new CopyTask().Draw(new(1001), new RandomSource(1)));
        Assert.Equal("ProgramTask.ToBatch: every target must have at least the dot that ends it, but example 0 has none.",
            Assert.Throws<DataException>(() => task.ToBatch([new("print(1)", "")])).Message);
        Assert.Equal("ProgramTask.ToQuestions: there must be at least one input, but there is none.", Assert.Throws<DataException>(() => task.ToQuestions([])).Message);
        Assert.Contains("'q'", Assert.Throws<DataException>(() => task.ToQuestions(["q=1"])).Message, StringComparison.Ordinal);
    }

    private static void Says(string message, Func<object> what) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(what).Message, StringComparison.Ordinal);

    private static string Plain(TextTask task, TextExample example)
    {
        if (task is not DigitTask digits)
            return example.Input;
        var input = digits.IsDoubled ? example.Input.Split(';')[0] : example.Input;
        return digits.IsReversed ? string.Concat(input.Reverse()) : input;
    }
}

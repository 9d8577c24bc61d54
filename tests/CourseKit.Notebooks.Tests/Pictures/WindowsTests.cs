using CourseKit.Data;

namespace CourseKit.Notebooks.Tests.Pictures;

public class WindowsTests
{
    private static readonly double[] Ramp = [.. Enumerable.Range(0, 12).Select(t => t * 0.5)];
    private static readonly string[] Words = "This morning I took my cat for a walk .".Split(' ');

    [Fact]
    public void Windows_InOrder_AreTheKitsOwn()
    {
        foreach (var (size, stride) in new[] { (2, 1), (4, 1), (4, 3), (5, 4) })
        {
            var drawing = new WindowsDrawing(WindowItems.Of(Ramp), size, stride, WindowOrder.None);
            var all = CourseKit.Data.Windows.Sliding([.. Ramp.Select(value => (float)value)], size, stride).All();
            Assert.Equal(all.Features!.ToArray().Select(value => (double)value), drawing.Examples.SelectMany(example => example.Inputs).Select(t => Ramp[t]));
            Assert.Equal(all.Values!.ToArray().Select(value => (double)value), drawing.Examples.Select(example => Ramp[example.Target]));
        }
    }

    [Fact]
    public void Windows_ExamplesShuffled_AreTheSameInAnotherOrder()
    {
        var (before, after) = (Of(WindowOrder.None), Of(WindowOrder.Examples));
        Assert.NotEqual(before.Select(example => example.Number), after.Select(example => example.Number));
        Assert.Equal(before.Select(Text), after.OrderBy(example => example.Number).Select(Text));
    }

    [Fact]
    public void Windows_ShuffledInside_KeepTheirNumbersAndTargets()
    {
        var (before, alike, each) = (Of(WindowOrder.None), Of(WindowOrder.InsideAlike), Of(WindowOrder.InsideEach));
        foreach (var shuffled in new[] { alike, each })
        {
            Assert.Equal(before.Select(example => (example.Number, example.Target)), shuffled.Select(example => (example.Number, example.Target)));
            Assert.All(before.Zip(shuffled), pair => Assert.Equal(pair.First.Inputs, pair.Second.Inputs.Order()));
        }

        Assert.Single(alike.Select(Places).Distinct());
        Assert.NotEqual(Places(before[0]), Places(alike[0]));
        Assert.True(each.Select(Places).Distinct().Count() > 1);

        static string Places(WindowExample example) => string.Join(' ', example.Inputs.Select(t => t - example.Number));
    }

    [Fact]
    public void Windows_Explorer_HasAFrameForEverySettingAndStartsWhereAsked()
    {
        var drawing = Assert.IsType<DialsDrawing>(Picture.Windows(Ramp, size: 3, stride: 2));
        Assert.Equal(5 * 4 * 4, drawing.Frames);
        var fragment = new Fragment(drawing);
        fragment.AssertInsideViewBox();
        var seen = Assert.Single(fragment.WithClass("ck-first"));
        Assert.Null(seen.Attribute("hidden"));
        Assert.All(fragment.WithClass("ck-frame").Where(frame => frame != seen), frame => Assert.Equal("hidden", frame.Attribute("hidden")!.Value));
        Assert.Equal("12 numbers, size 3, stride 2: 5 examples", seen.Descendants().First(e => e.Attribute("class")?.Value == "ck-title").Value);
        Assert.Equal(
            "Windows over a sequence, size 2 to 6, stride 1 to 4, shuffle nothing to inside, each: 80 drawings. First: 12 numbers in windows of 3, stride 2, in order: 5 examples, " +
            "0 1 2 gives 3; 2 3 4 gives 5; 4 5 6 gives 7; and so on.", drawing.ToString());
    }

    [Fact]
    public void Windows_OfWords_SayTheFormulaAndTheWords()
    {
        var drawing = new WindowsDrawing(WindowItems.Of(Words), 2, 3, WindowOrder.None);
        var fragment = new Fragment(drawing);
        Assert.Subset(fragment.Texts.ToHashSet(), new HashSet<string> { "morning", "cat", "walk" });
        Assert.StartsWith("(10 − 2 − 1) / 3 + 1, rounded down, = 3.", Assert.Single(fragment.WithClass("ck-says")).Value, StringComparison.Ordinal);
        Assert.Equal("10 words in windows of 2, stride 3, in order: 3 examples, This morning gives I; took my gives cat; for a gives walk.", drawing.ToString());
    }

    [Fact]
    public void Windows_OfALongSequence_ShowWhatFits()
    {
        Assert.Contains("The first 22 of 100 numbers are shown.", new Fragment(new WindowsDrawing(WindowItems.Of([.. Enumerable.Range(0, 100).Select(t => (double)t)]), 4, 1, WindowOrder.None)).Notes);
        var words = WindowItems.Of([.. Enumerable.Repeat("supercalifragilistic", 9)]);
        Assert.Equal(3, words.Count);
        Assert.Equal("supercalifr…", words.Texts[0]);
    }

    [Fact]
    public void Windows_WrongUse_SaysWhichAndTheMend()
    {
        Message<ArgumentOutOfRangeException>("Picture.Windows: size must be from 2 to 6, but got 7.", () => Picture.Windows(Ramp, size: 7));
        Message<ArgumentOutOfRangeException>("Picture.Windows: stride must be from 1 to 4, but got 0.", () => Picture.Windows(Words, stride: 0));
        Message<DataException>("Picture.Windows: there must be at least 5 numbers, for a window of 4 and its target, but there are 4.", () => Picture.Windows([1, 2, 3, 4]));
        Message<ArgumentException>("Picture.Windows: every number must be finite, but series[1] is NaN.", () => Picture.Windows([1, double.NaN, 2, 3, 4]));
    }

    private static IReadOnlyList<WindowExample> Of(WindowOrder order) => new WindowsDrawing(WindowItems.Of(Ramp), 4, 1, order).Examples;

    private static string Text(WindowExample example) => $"{string.Join(' ', example.Inputs)} > {example.Target}";

    private static void Message<TException>(string expected, Func<Drawing> drawing)
        where TException : Exception =>
        Assert.StartsWith(expected, Assert.Throws<TException>(drawing).Message, StringComparison.Ordinal);
}

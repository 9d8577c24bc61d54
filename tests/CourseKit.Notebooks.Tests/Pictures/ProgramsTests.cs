using CourseKit.Tasks;

namespace CourseKit.Notebooks.Tests.Pictures;

public class ProgramsTests
{
    [Theory]
    [InlineData("print((10+3))", ".......0..")]
    [InlineData("print((10-3)*2)", "......0...1")]
    [InlineData("a=7;\nprint((a-3))", "22.2........0")]
    [InlineData("a=7\nfor x in range(4):a+=12\nprint(a)", "33..3333333333333333.33333..")]
    [InlineData("print((1 if 2>3 else 4))", "........4444.4.444444..")]
    [InlineData("print(7)", "........")]
    public void Kinds_EachOperator_MarksItsOwnCharacters(string program, string expected)
    {
        var kinds = ProgramsDrawing.Kinds(program);
        Assert.Equal(program.Length, kinds.Length);
        var operators = kinds.Where(kind => kind >= 0).Distinct().Order();
        Assert.Equal(expected.Where(char.IsAsciiDigit).Select(digit => digit - '0').Distinct().Order(), operators);
    }

    [Fact]
    public void Kinds_ALoop_AreItsLineAndItsStart()
    {
        const string program = "a=7\nfor x in range(4):a-=12\nb=a;\nprint((b*3))";
        var kinds = ProgramsDrawing.Kinds(program);
        string Of(int kind) => string.Concat(program.Where((_, at) => kinds[at] == kind));
        Assert.Equal(["", "*", "b=;", "a=for x in range():a-=", ""], Enumerable.Range(0, 5).Select(Of));
    }

    [Fact]
    public void Programs_Dials_ShowWhatTheTaskDrawsAtEachPlace()
    {
        var task = new ProgramTask();
        var drawing = Picture.Programs(task, [1, 2, 4], [1, 3], count: 2, seed: 5);
        var fragment = new Fragment(drawing);
        Assert.Equal(3, fragment.WithClass("ck-slider").Count());
        Assert.Equal(12, fragment.WithClass("ck-programs").SelectMany(list => list.Elements("div")).Count());
        var expected = from nesting in new[] { 1, 3 }
                       from length in new[] { 1, 2, 4 }
                       from example in task.Examples(2, new(length, nesting), seed: 5)
                       select (example.Input, example.Target);
        Assert.Equal(expected, fragment.WithClass("ck-programs").SelectMany(list => list.Elements("div")).Select(one => (one.Element("div")!.Value, one.Element("p")!.Value)));
        Assert.StartsWith("Slider \"nesting\": 2 drawings, 1 to 3,", drawing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_ToString_SaysEachProgramAndWhatItPrints()
    {
        var drawing = Picture.Programs([new("a=1;\nprint((a+2))", "3."), new("print(4)", "4.")], "Two");
        Assert.Equal("Two: 2 programs. a=1; ↵ print((a+2)) gives 3. print(4) gives 4.", drawing.ToString());
        Assert.Contains("role=\"img\" aria-label=\"Two: 2 programs.", drawing.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_MarkupInTexts_IsEscaped()
    {
        var html = Picture.Programs([new("print(1<2)</script><img src=x>&\u0001", "<b>")], "<i>").ToHtml();
        _ = new Fragment(Picture.Programs([new("print(1<2)</script><img src=x>&\u0001", "<b>")], "<i>"));
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_WrongUse_SaysWhat()
    {
        Assert.StartsWith("Picture.Programs: there must be 1 to 20 programs, but there are 0. Give at least one.",
            Assert.Throws<ArgumentException>(() => Picture.Programs([])).Message, StringComparison.Ordinal);
        Assert.StartsWith("Picture.Programs: a program may have at most 2000 characters, but one has 2001.",
            Assert.Throws<ArgumentException>(() => Picture.Programs([new(new string('1', 2001), "1.")])).Message, StringComparison.Ordinal);
        Assert.Equal("ProgramTask: Length must be from 1 to 18, but got 0.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Picture.Programs(new ProgramTask(), [0], [1])).Message);
        Assert.StartsWith("Picture.Slider \"length\": values must be 1 to 200, but there are 0.",
            Assert.Throws<ArgumentException>(() => Picture.Programs(new ProgramTask(), [], [1])).Message, StringComparison.Ordinal);
    }
}

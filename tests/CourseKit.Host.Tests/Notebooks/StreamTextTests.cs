using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Notebooks;

public sealed class StreamTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("1%\r2%\r100%\n", "100%\n")]
    [InlineData("abcdef\rxy", "xycdef")]
    [InlineData("a\r\nb", "a\nb")]
    [InlineData("ab\bc", "ac")]
    [InlineData("one\ntwo\rTWO\nthree", "one\nTWO\nthree")]
    public void Collapse_Overwriting_ShowsTheLastState(string raw, string shown) => Assert.Equal(shown, StreamText.Collapse(raw));
}

using System.Net;
using System.Text.RegularExpressions;
using CourseKit.Host.Site;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Host.Tests.Site;

public class CodeHighlighterTests
{
    [Theory]
    [InlineData("var x = 1.5f;", "<span class=\"k\">var</span> x = <span class=\"n\">1.5f</span>;")]
    [InlineData("\"a<b\"", "<span class=\"s\">&quot;a&lt;b&quot;</span>")]
    [InlineData("// note\nx", "<span class=\"c\">// note</span>\nx")]
    [InlineData("#r \"../kit.dll\"\nx", "<span class=\"d\">#r &quot;../kit.dll&quot;\n</span>x")]
    [InlineData("new Lstm(8)", "<span class=\"k\">new</span> <span class=\"t\">Lstm</span>(<span class=\"n\">8</span>)")]
    [InlineData("Tensor.Zeros(2)", "<span class=\"t\">Tensor</span>.<span class=\"m\">Zeros</span>(<span class=\"n\">2</span>)")]
    [InlineData("B.Append(A)", "B.<span class=\"m\">Append</span>(A)")]
    [InlineData("model.Fit(data)", "model.<span class=\"m\">Fit</span>(data)")]
    [InlineData("List<float> a;", "<span class=\"t\">List</span>&lt;<span class=\"k\">float</span>&gt; a;")]
    [InlineData("using CourseKit.Layers;", "<span class=\"k\">using</span> CourseKit.Layers;")]
    [InlineData("await x;", "<span class=\"k\">await</span> x;")]
    public void ToHtml_Token_GetsTheClassOfItsRole(string code, string expected) => Assert.Equal(expected, CodeHighlighter.ToHtml(code));

    [Fact]
    public void ToHtml_InterpolatedString_ColoursTextButNotTheExpression()
    {
        var html = CodeHighlighter.ToHtml("$\"loss {loss:F3} of {n}\"");
        Assert.Contains("<span class=\"s\">loss </span>{loss:", html);
        Assert.DoesNotContain("<span class=\"s\">loss</span>", html);
    }

    [Fact]
    public void ToHtml_RawString_IsOneString() =>
        Assert.Equal("<span class=\"s\">&quot;&quot;&quot;a &quot;b&quot; // c&quot;&quot;&quot;</span>", CodeHighlighter.ToHtml("\"\"\"a \"b\" // c\"\"\""));

    [Fact]
    public void ToHtml_AnySourceEvenBroken_KeepsEveryCharacter()
    {
        string[] parts =
        [
            "var ", "x", "=", " ", "\n", "\"", "$\"", "{", "}", "//", "/*", "*/", "#r \"a\"\n", "#if A\n", "\"\"\"", "'", "(", ")", "<", ">", "&", ";",
            "1e", "class ", "@", "λ", "\t", "#",
        ];
        var soup = Gen.Elements(parts).ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(soup, code => Text(CodeHighlighter.ToHtml(code)) == code).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static string Text(string html) => WebUtility.HtmlDecode(Regex.Replace(html, "</?span[^>]*>", ""));
}

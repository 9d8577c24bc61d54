using System.Xml.Linq;
using CourseKit.Host.Site;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Host.Tests.Site;

public class TexToMathMlTests
{
    [Theory]
    [InlineData("x", "<mi>x</mi>")]
    [InlineData("h_t", "<msub><mi>h</mi><mi>t</mi></msub>")]
    [InlineData("x_{t-1}^2", "<msubsup><mi>x</mi><mrow><mi>t</mi><mo form=\"infix\" lspace=\"0em\" rspace=\"0em\">−</mo><mn>1</mn></mrow><mn>2</mn></msubsup>")]
    [InlineData("x^2_t", "<msubsup><mi>x</mi><mi>t</mi><mn>2</mn></msubsup>")]
    [InlineData("x_10", "<mrow><msub><mi>x</mi><mn>1</mn></msub><mn>0</mn></mrow>")]
    [InlineData("h'", "<msup><mi>h</mi><mo>′</mo></msup>")]
    [InlineData("h''_t", "<msubsup><mi>h</mi><mi>t</mi><mo>′′</mo></msubsup>")]
    [InlineData("12.50", "<mn>12.50</mn>")]
    [InlineData("a<b", "<mrow><mi>a</mi><mo lspace=\"0.2778em\" rspace=\"0.2778em\">&lt;</mo><mi>b</mi></mrow>")]
    [InlineData(@"\sigma", "<mi>σ</mi>")]
    [InlineData(@"\Gamma", "<mi mathvariant=\"normal\">Γ</mi>")]
    [InlineData(@"\mathbf{W}", "<mi>𝐖</mi>")]
    [InlineData(@"\boldsymbol\theta", "<mi>𝜽</mi>")]
    [InlineData(@"\mathbb{R}", "<mi>ℝ</mi>")]
    [InlineData(@"\mathbb E", "<mi>𝔼</mi>")]
    [InlineData(@"\mathcal{L}", "<mi>ℒ</mi>")]
    [InlineData(@"\mathrm{softmax}", "<mi>softmax</mi>")]
    [InlineData(@"\mathrm d", "<mi mathvariant=\"normal\">d</mi>")]
    [InlineData(@"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>")]
    [InlineData(@"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>")]
    [InlineData(@"\sqrt{x}", "<msqrt><mi>x</mi></msqrt>")]
    [InlineData(@"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>")]
    [InlineData(@"\hat y", "<mover accent=\"true\"><mi>y</mi><mo stretchy=\"false\">^</mo></mover>")]
    [InlineData(@"\text{if } x", "<mrow><mtext>if\u00A0</mtext><mi>x</mi></mrow>")]
    [InlineData(@"\text{a\_b <}", "<mtext>a_b &lt;</mtext>")]
    [InlineData(@"1{,}000", "<mrow><mn>1</mn><mo lspace=\"0em\" rspace=\"0em\" separator=\"true\">,</mo><mn>000</mn></mrow>")]
    [InlineData(@"\overline{x}", "<mrow style=\"border-top:0.06em solid;padding-top:0.1em\"><mi>x</mi></mrow>")]
    [InlineData("w^{+}", "<msup><mi>w</mi><mo lspace=\"0em\" rspace=\"0em\">+</mo></msup>")]
    [InlineData(@"a\,b", "<mrow><mi>a</mi><mspace width=\"0.1667em\"/><mi>b</mi></mrow>")]
    public void Convert_Inline_GivesThisMarkup(string tex, string expected) => Assert.Equal(expected, Inside(tex, display: false));

    [Fact]
    public void Convert_Display_MarksTheBlockAndKeepsTheSource() => Assert.Equal(
        "<math display=\"block\" alttext=\"a &lt; b\"><mrow><mi>a</mi><mo lspace=\"0.2778em\" rspace=\"0.2778em\">&lt;</mo><mi>b</mi></mrow></math>",
        TexToMathMl.Convert(" a <\n b ", display: true));

    [Theory]
    [InlineData(true, "munderover")]
    [InlineData(false, "msubsup")]
    public void Convert_SumWithLimits_PutsThemBelowOnlyOnALineOfItsOwn(bool display, string element) => Assert.StartsWith(
        $"<mrow><{element}><mo>∑</mo><mrow><mi>i</mi><mo lspace=\"0em\" rspace=\"0em\">=</mo><mn>1</mn></mrow><mi>n</mi></{element}>", Inside(@"\sum_{i=1}^n x", display));

    [Fact]
    public void Convert_SumInAFraction_KeepsLimitsBeside() => Assert.Contains("<msub><mo>∑</mo>", Inside(@"\frac{\sum_i x}{2}", display: true));

    [Fact]
    public void Convert_Integral_KeepsLimitsBesideEvenInDisplay() =>
        Assert.StartsWith("<mrow><msubsup><mo>∫</mo>", Inside(@"\int_0^1 x", display: true));

    [Theory]
    [InlineData(@"\max_i x", "<munder><mi>max</mi><mi>i</mi></munder>")]
    [InlineData(@"\operatorname*{argmax}_k p", "<munder><mi>argmax</mi><mi>k</mi></munder>")]
    [InlineData(@"\operatorname{softmax}_k p", "<msub><mi>softmax</mi><mi>k</mi></msub>")]
    [InlineData(@"\underbrace{x}_{n}", "<munder><munder><mi>x</mi><mo stretchy=\"true\">⏟</mo></munder><mi>n</mi></munder>")]
    public void Convert_Display_PutsLimitsBelow(string tex, string expected) => Assert.Contains(expected, Inside(tex, display: true));

    [Theory]
    [InlineData(@"c \tanh x", "<mi>c</mi><mspace width=\"0.1667em\"/><mi>tanh</mi><mo>&#x2061;</mo><mspace width=\"0.1667em\"/><mi>x</mi>")]
    [InlineData(@"\tanh(x)", "<mi>tanh</mi><mo>&#x2061;</mo><mo form=\"prefix\" stretchy=\"false\" lspace=\"0em\" rspace=\"0em\">(</mo>")]
    [InlineData("-x", "<mo form=\"prefix\" lspace=\"0em\" rspace=\"0em\">−</mo><mi>x</mi>")]
    [InlineData("(-x", "(</mo><mo form=\"prefix\" lspace=\"0em\" rspace=\"0em\">−</mo><mi>x</mi>")]
    [InlineData("a=-x", "<mo lspace=\"0.2778em\" rspace=\"0.2778em\">=</mo><mo form=\"prefix\" lspace=\"0em\" rspace=\"0em\">−</mo><mi>x</mi>")]
    [InlineData(")-x", ")</mo><mo form=\"infix\" lspace=\"0.2222em\" rspace=\"0.2222em\">−</mo><mi>x</mi>")]
    public void Convert_FunctionsAndSigns_AreSpacedAsTexDoes(string tex, string expected) => Assert.Contains(expected, Inside(tex, display: false));

    [Fact]
    public void Convert_LeftRight_GrowsBothDelimiters()
    {
        var markup = Inside(@"\left( \frac{a}{b} \right]", display: true);
        Assert.Contains("stretchy=\"true\" lspace=\"0em\" rspace=\"0em\">(</mo>", markup);
        Assert.Contains("stretchy=\"true\" lspace=\"0em\" rspace=\"0em\">]</mo>", markup);
    }

    [Fact]
    public void Convert_LeftWithDot_DrawsNothingThere() =>
        Assert.DoesNotContain(">.<", Inside(@"\left. x \right|_{x=0}", display: true));

    [Theory]
    [InlineData(@"\bigl( x \bigr)", "1.2em")]
    [InlineData(@"\Big[ x \Big]", "1.8em")]
    public void Convert_SizedDelimiters_HaveThatSize(string tex, string size) =>
        Assert.Contains($"minsize=\"{size}\" maxsize=\"{size}\"", Inside(tex, display: true));

    [Fact]
    public void Convert_Aligned_AlternatesSidesAndKeepsTheRelationInfix()
    {
        var table = Element(@"\begin{aligned} a &= b \\ c &= d + e \\ \end{aligned}", display: true);
        var rows = table.Descendants("mtr").ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal(["right", "left"], rows[0].Elements("mtd").Select(cell => cell.Attribute("style")!.Value[11..].Split(';')[0]));
        Assert.Equal(["c", "=d+e"], rows[1].Elements("mtd").Select(cell => cell.Value));
    }

    [Theory]
    [InlineData("pmatrix", "(", ")")]
    [InlineData("bmatrix", "[", "]")]
    [InlineData("vmatrix", "|", "|")]
    public void Convert_Matrix_HasItsFencesAndCells(string name, string open, string close)
    {
        var row = Element($@"\begin{{{name}}} 1 & 2 \\ 3 & 4 \end{{{name}}}", display: true).Descendants("mrow").First();
        Assert.Equal(open, row.Elements().First().Value);
        Assert.Equal(close, row.Elements().Last().Value);
        Assert.Equal(["1", "2", "3", "4"], row.Descendants("mtd").Select(cell => cell.Value));
    }

    [Fact]
    public void Convert_Cases_OpensOneBraceAndClosesNone()
    {
        var row = Element(@"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", display: true).Descendants("mrow").First();
        Assert.Equal(["mo", "mtable"], row.Elements().Select(element => element.Name.LocalName));
    }

    [Fact]
    public void Convert_Array_AlignsColumnsAndDrawsRules()
    {
        var cells = Element(@"\begin{array}{l|r} a & b \\ \hline c & d \end{array}", display: true).Descendants("mtd").ToList();
        Assert.Contains("text-align:left", cells[0].Attribute("style")!.Value);
        Assert.Contains("border-right", cells[0].Attribute("style")!.Value);
        Assert.Contains("text-align:right", cells[1].Attribute("style")!.Value);
        Assert.DoesNotContain("border-top", cells[1].Attribute("style")!.Value);
        Assert.Contains("border-top", cells[2].Attribute("style")!.Value);
    }

    [Fact]
    public void Convert_Tag_StandsInItsRow()
    {
        var rows = Element(@"\begin{align} a &= b \tag{1} \\ c &= d \end{align}", display: true).Descendants("mtr").ToList();
        Assert.Equal("(1)", rows[0].Elements("mtd").Last().Value);
        Assert.DoesNotContain("(1)", rows[1].Value);
        Assert.EndsWith("<mtext>(7)</mtext></mrow>", Inside(@"x \tag{7}", display: true));
    }

    [Theory]
    [InlineData(@"a + \foo b", @"\foo", 4, @"\foo is not supported. Write it with supported commands, such as \operatorname{name} or \text{word}.")]
    [InlineData(@"\frac{a}{b", "{", 8, "the brace { is never closed.")]
    [InlineData("a}b", "}", 1, "this brace } was never opened.")]
    [InlineData("a & b", "&", 2, @"& stands outside an environment. Put the rows between \begin{aligned} and \end{aligned}.")]
    [InlineData(@"a \\ b", @"\\", 2, @"\\ stands outside an environment. Put the rows between \begin{aligned} and \end{aligned}.")]
    [InlineData("x_1_2", "_", 3, "a second _ on the same base. Put the first one and its base in braces.")]
    [InlineData("x_", "_", 1, "_ lacks its argument.")]
    [InlineData(@"\frac{a}", @"\frac", 0, @"\frac lacks its argument.")]
    [InlineData(@"\left( x", @"\left", 0, @"\left has no \right.")]
    [InlineData(@"x \right)", @"\right", 2, @"\right has no \left.")]
    [InlineData(@"\left x \right)", @"\left", 0, @"\left must be followed by a delimiter such as ( or \{, but found x.")]
    [InlineData(@"\begin{aligned} a", @"\begin", 0, @"\begin{aligned} is never ended.")]
    [InlineData(@"\begin{aligned} a \end{matrix}", @"\end", 18, @"\begin{aligned} is ended by \end{matrix}.")]
    [InlineData(@"\begin{tikzpicture}", @"\begin", 0, "the environment tikzpicture is not supported. Use aligned, gathered, cases, array or a matrix.")]
    [InlineData(@"\begin{array}{lx} a \end{array}", @"\begin", 0, "array's columns must be letters l, c, r and rules |, but got lx.")]
    [InlineData(@"\begin{array}{l} a & b \end{array}", @"\begin", 0, "array has 1 columns, but a row has 2 cells.")]
    [InlineData(@"\text{a $x$}", @"\text", 0, @"\text takes plain words, but found $ inside it. Close it before mathematics begins.")]
    [InlineData(@"x \tag{1}", @"\tag", 2, @"\tag stands only in an equation of its own line, between $$ and $$.")]
    [InlineData("50%", "%", 2, @"% begins a comment in TeX. Write \%.")]
    [InlineData(@"a \", @"\", 2, "a backslash ends the equation.")]
    [InlineData("a # b", "#", 2, "the character # is not supported.")]
    [InlineData("", "", 0, "the equation is empty.")]
    public void Convert_BadSource_NamesCommandPlaceAndMend(string tex, string command, int position, string problem)
    {
        var error = Assert.Throws<TexException>(() => TexToMathMl.Convert(tex, display: false));
        Assert.Equal(command, error.Command);
        Assert.Equal(position, error.Position);
        Assert.Equal($"Equation, position {position}: {problem} In: {tex}", error.Message);
    }

    [Fact]
    public void Convert_NestedTooDeep_IsAnErrorNotACrash() => Assert.Contains(
        "nested more than 60 deep",
        Assert.Throws<TexException>(() => TexToMathMl.Convert(new string('{', 100_000), display: false)).Message);

    [Fact]
    public void Convert_AnySoupOfTokens_IsWellFormedOrATexException()
    {
        string[] tokens =
        [
            "x", "1", "+", "(", ")", "|", "{", "}", "^", "_", "'", "&", @"\\", @"\frac", @"\sqrt", "[", "]", @"\left", @"\right", @"\sum", @"\max",
            @"\mathrm", @"\hat", @"\begin{aligned}", @"\end{aligned}", @"\text{a}", @"\quad", @"\bigl", @"\in", "<", @"\displaystyle",
        ];
        var soup = Gen.Elements(tokens).ListOf().Select(list => string.Join(' ', list)).ToArbitrary();
        Prop.ForAll(soup, tex =>
        {
            try
            {
                var math = XElement.Parse(TexToMathMl.Convert(tex, display: true).Replace("&#x2061;", "f"));
                return AritiesHold(math);
            }
            catch (TexException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Theory]
    [InlineData(@"\mathbf{h}_t = \tanh(\mathbf{W}_{hh} \mathbf{h}_{t-1} + \mathbf{W}_{xh} \mathbf{x}_t + \mathbf{b})")]
    [InlineData(@"\begin{aligned} i_t &= \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1}) \\ c_t &= f_t \odot c_{t-1} + i_t \odot g_t \end{aligned}")]
    [InlineData(@"\frac{\partial \mathcal{L}}{\partial h_t} = \sum_{k \geq t} \prod_{j=t+1}^{k} \frac{\partial h_j}{\partial h_{j-1}}")]
    [InlineData(@"p(x_t \mid x_{<t}) = \operatorname{softmax}(z_t)_k = \frac{\exp z_k}{\sum_j \exp z_j}")]
    [InlineData(@"\lVert g \rVert_2 \leq 5, \quad \nabla_\theta \mathcal{L} \in \mathbb{R}^{H \times I}, \; \lim_{n \to \infty} \lambda^n = 0")]
    [InlineData(@"W = \begin{bmatrix} w_{11} & \cdots & w_{1n} \\ \vdots & \ddots & \vdots \\ w_{m1} & \dots & w_{mn} \end{bmatrix}")]
    public void Convert_EquationsOfRecurrentNetworks_AreWellFormed(string tex)
    {
        var math = Element(tex, display: true);
        Assert.True(AritiesHold(math), math.ToString());
        Assert.DoesNotContain('\\', math.Value);
        Assert.Equal(tex, math.Attribute("alttext")!.Value);
    }

    // What a browser needs of each element; a wrong count is drawn as an error.
    private static bool AritiesHold(XElement math) => math.Descendants().All(element => element.Elements().Count() == element.Name.LocalName switch
    {
        "msub" or "msup" or "munder" or "mover" or "mfrac" or "mroot" => 2,
        "msubsup" or "munderover" => 3,
        "mi" or "mn" or "mo" or "mtext" or "mspace" => 0,
        _ => element.Elements().Count(),
    });

    private static XElement Element(string tex, bool display) =>
        XElement.Parse(TexToMathMl.Convert(tex, display).Replace("&#x2061;", "\u2061"));

    private static string Inside(string tex, bool display)
    {
        var math = TexToMathMl.Convert(tex, display);
        var start = math.IndexOf('>') + 1;
        return math[start..math.LastIndexOf("</math>", StringComparison.Ordinal)];
    }
}

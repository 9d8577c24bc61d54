using CourseKit.Host.Execution;
using CourseKit.Host.Language;

namespace CourseKit.Host.Tests.Language;

/// <summary>What an editor is told about a cell; one session with a few cells behind it for all tests.</summary>
[Collection("console")]
public sealed class LanguageServiceTests(LanguageServiceTests.Cells cells) : IClassFixture<LanguageServiceTests.Cells>
{
    public sealed class Cells : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ScriptSession _session;

        public Cells()
        {
            Directory.CreateDirectory(_folder["kit"]);
            foreach (var file in new[] { "kit/one.dll", "kit/two.dll", "kit/words.txt", "plain.txt", ".hidden" })
                File.WriteAllText(_folder[file], "");
            _session = new ScriptSession(_folder.Path, _ => { });
            Language = new(_session, _folder.Path);
            var ran = _session.ExecuteAsync("""
                using CourseKit.Data;
                using CourseKit.Layers;
                using CourseKit.Notebooks;
                using CourseKit.Training;
                var text = "hello";
                CharacterModel model = null;
                int Twice(int x) => 2 * x;
                record Point(int Across, int Down);
                var point = new Point(1, 2);
                """, 1).GetAwaiter().GetResult();
            Assert.Null(ran.Error);
        }

        internal LanguageService Language { get; }

        public void Dispose()
        {
            _session.Dispose();
            _folder.Dispose();
        }
    }

    // The bar in a source is the cursor.
    private (string Replaced, string[] Items) Complete(string source)
    {
        var cursor = source.IndexOf('|', StringComparison.Ordinal);
        var list = cells.Language.Complete(source.Remove(cursor, 1), cursor);
        return (source[list.Start..cursor], [.. list.Items.Select(item => item.Text)]);
    }

    private Explanation? Explain(string source, bool withSource = false)
    {
        var cursor = source.IndexOf('|', StringComparison.Ordinal);
        return cells.Language.Explain(source.Remove(cursor, 1), cursor, withSource);
    }

    [Theory]
    [InlineData("text.Len|", "Len", "Length")]
    [InlineData("text.len|", "len", "Length")]
    [InlineData("Twice(2).Compare|", "Compare", "CompareTo")]
    [InlineData("point.Acr|", "Acr", "Across")]
    [InlineData("model?.Sa|", "Sa", "Sample,Save")]
    [InlineData("Math.Sq|", "Sq", "Sqrt")]
    [InlineData("System.Text.StringB|", "StringB", "StringBuilder")]
    [InlineData("using System.Tex|", "Tex", "Text")]
    [InlineData("new System.Text.StringB|", "StringB", "StringBuilder")]
    [InlineData("text.Select(c => c.CompareT|", "CompareT", "CompareTo")]
    [InlineData("foreach (var c in text) { c.CompareT|", "CompareT", "CompareTo")]
    [InlineData("var y = text.Trim().Sub|\nvar z = 3;", "Sub", "Substring")]
    [InlineData("var y = text\n    .Trim()\n    .Sub|", "Sub", "Substring")]
    [InlineData("if (text.Len|) { }", "Len", "Length")]
    [InlineData("$\"{text.Len|\"", "Len", "Length")]
    [InlineData("new Point(1, 2).Dow|", "Dow", "Down")]
    [InlineData("Enumerable.Range(0, 3).SelectM|", "SelectM", "SelectMany")]
    [InlineData("@poi|", "@poi", "point,Point")]
    public void Complete_Names_AreFoundWhereTheyCanStand(string source, string replaced, string items)
    {
        var (start, found) = Complete(source);
        Assert.Equal(replaced, start);
        Assert.Equal(items.Split(','), found);
    }

    [Fact]
    public void Complete_InScope_PutsWhatCellsDeclaredFirst()
    {
        var (_, items) = Complete("|");
        Assert.Equal(["model", "Point", "point", "text", "Twice"], items.Take(5));
        Assert.Contains("Vocabulary", items);
        Assert.Contains("display", items);
        Assert.Equal(["foreach", "for"], Complete("fore|").Items.Concat(Complete("for|").Items).Where(item => item is "for" or "foreach").Distinct());
    }

    [Fact]
    public void Complete_Members_PutEnumMembersFirstAndThoseOfEveryObjectLast()
    {
        Assert.Equal(["Gru", "Lstm", "Rnn"], Complete("CellKind.|").Items.Take(3));
        var items = Complete("point.|").Items;
        Assert.Equal(["Equals", "GetHashCode", "GetType", "ToString"], items.TakeLast(4).Order());
        Assert.Equal(["Across", "Deconstruct", "Down", "Display"], items.Take(4));
        Assert.DoesNotContain(items, item => item.Contains('<') || item.Contains('.'));
    }

    [Fact]
    public void Complete_InAnObjectInitialiser_GivesWhatCanBeSetAndIsNot()
    {
        Assert.Equal(["Cell", "CellKind"], Complete("new CharacterTraining { Ce|").Items.Where(item => item.StartsWith("Cell", StringComparison.Ordinal)));
        var rest = Complete("var o = new CharacterTraining { Cell = CellKind.Lstm, Hidden = 3, |").Items;
        Assert.Equal(["BatchSize", "Callbacks"], rest.Take(2));
        Assert.Contains("Steps", rest);
        Assert.DoesNotContain("Hidden", rest);
        Assert.Equal("Down", Complete("var q = point with { Do|").Items[0]);
    }

    [Fact]
    public void Complete_InACall_GivesTheNamesOfItsParameters()
    {
        Assert.Equal("temperature:", Complete("model.Sample(\"a\", 3, te|").Items[0]);
        Assert.Equal("length:", Complete("model.Sample(prompt: \"a\", l|").Items[0]);
        Assert.DoesNotContain("prompt:", Complete("model.Sample(prompt: \"a\", |").Items);
        Assert.Equal(["layers:", "layerNorm:"], Complete("new Lstm(2, 3, la|").Items.Where(item => item.EndsWith(':')));
    }

    [Theory]
    [InlineData("#r \"ki|", "ki", "kit/")]
    [InlineData("#r \"kit/|", "", "one.dll,two.dll")]
    [InlineData("#r \"./kit/t|", "t", "two.dll")]
    [InlineData("#r \"kit/one.dll\"|", "", "")]
    [InlineData("#r |", "", "")]
    [InlineData("#r \"nowhere/|", "", "")]
    [InlineData("System.IO.File.ReadAllText(\"kit/|\")", "", "one.dll,two.dll,words.txt")]
    [InlineData("System.IO.File.ReadAllText(\"./|", "", "kit/,plain.txt")]
    [InlineData("System.IO.File.ReadAllText(\"./.h|", ".h", ".hidden")]
    [InlineData("var a = \"tex|", "", "")]
    public void Complete_Paths_AreThoseOfTheNotebooksFolder(string source, string replaced, string items)
    {
        var (start, found) = Complete(source);
        Assert.Equal(replaced, start);
        Assert.Equal(items.Split(',', StringSplitOptions.RemoveEmptyEntries), found);
    }

    [Theory]
    [InlineData("// tex|")]
    [InlineData("/* tex| */")]
    [InlineData("var a = \"te|x\";")]
    [InlineData("$\"te|x {text}\"")]
    [InlineData("12|")]
    [InlineData("0x1F|")]
    [InlineData("nothing.kno|")]
    [InlineData("text.Nothing.|")]
    [InlineData(".|")]
    public void Complete_WhereNothingCanStand_GivesNothing(string source) => Assert.Empty(Complete(source).Items);

    [Fact]
    public void Complete_AnyCursorInBrokenCode_Answers()
    {
        const string source = "#r \"x\nvar a = new Point(1, ) { X = \"\"\" $\"{text.\n foreach (var in point. => 'c @ ?? ]] model.Sample(p: , #if x\n text?.[0]..";
        for (var cursor = 0; cursor <= source.Length; cursor++)
        {
            cells.Language.Complete(source, cursor);
            cells.Language.Explain(source, cursor, true);
        }
        cells.Language.Complete("", 0);
        Assert.Null(cells.Language.Explain("", 0, true));
    }

    [Fact]
    public void Explain_Method_ShowsSignatureAndWords()
    {
        var text = Explain("model.Sam|ple(\"a\", 3)")!.ToText();
        Assert.StartsWith("string CharacterModel.Sample(string prompt, int length, double temperature = 1, long seed = 1)\n\nWrites on from a prompt.\n", text, StringComparison.Ordinal);
        Assert.Contains("\nParameters\n  prompt: What the text begins with", text, StringComparison.Ordinal);
        Assert.Contains("\nReturns\n  The characters after the prompt.\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  DataException: The prompt has an unknown character.\n", text, StringComparison.Ordinal);
        // The same from inside the brackets.
        Assert.Equal(text, Explain("model.Sample(\"a\", |")!.ToText());
    }

    [Fact]
    public void Explain_Constructor_ShowsTheClassItsEquationAndShapes()
    {
        var text = Explain("new Ls|tm(2, 3)")!.ToText();
        Assert.StartsWith("new Lstm(int inputSize, int hiddenSize, int layers = 1", text, StringComparison.Ordinal);
        Assert.Contains("c_t = f·c_{t-1} + i·g", text, StringComparison.Ordinal);
        Assert.Contains("[3*hiddenSize]", text, StringComparison.Ordinal);
        Assert.Equal(text, Explain("Lstm l = new|(2, 3);")!.ToText());
    }

    [Fact]
    public void Explain_InheritedWords_AreFilledIn()
    {
        // Write inherits three parameters of Sample by a path; Title of a chart, all of its base's.
        Assert.Contains("temperature: 1 writes as the model believes", Explain("model.Wri|te(\"\")")!.ToText(), StringComparison.Ordinal);
        Assert.Contains("\nPuts a title above the picture.\n", Explain("Chart.Line(new[] { 1 }).Tit|le(\"\")")!.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Variable_ShowsItsTypeAndTheTypesWords()
    {
        var text = Explain("mod|el")!.ToText();
        Assert.StartsWith("CharacterModel model\n\nReads text character by character", text, StringComparison.Ordinal);
        Assert.Equal("int a", Explain("var |a = 3;")!.Signatures[0]);
        Assert.Equal("string text", Explain("text|")!.Signatures[0]);
    }

    [Fact]
    public void Explain_OwnFunction_ShowsItsSourceWhenAsked()
    {
        Assert.Equal("int Twice(int x)", Explain("Twi|ce(3)")!.ToText());
        Assert.Equal("int Twice(int x)\n\nint Twice(int x) => 2 * x;", Explain("Twice(|", withSource: true)!.ToText());
    }

    [Fact]
    public void Explain_DotNetsOwn_ComesFromTheReferencePack()
    {
        var text = Explain("Math.Sqr|t(2)")!.ToText();
        Assert.StartsWith("static double Math.Sqrt(double d)\n\nReturns the square root of a specified number.\n", text, StringComparison.Ordinal);
        var overloads = Explain("Console.WriteLine(|")!.Signatures;
        Assert.Equal("static void Console.WriteLine()", overloads[0]);
        Assert.Matches("^// and \\d+ more$", overloads[^1]);
        Assert.StartsWith("IEnumerable<char> IEnumerable<char>.Where", Explain("text.Whe|re(c => true)")!.Signatures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_AsHtml_IsEscapedAndColoured()
    {
        var html = Explain("model.Wri|te(\"\")")!.ToHtml();
        Assert.StartsWith("<pre><code>", html, StringComparison.Ordinal);
        Assert.Contains("IEnumerable</span>&lt;<span class=\"k\">string</span>&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<li><code>temperature</code> 1 writes", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 |+ 2")]
    [InlineData("nothing|")]
    [InlineData("// mod|el")]
    [InlineData("|")]
    public void Explain_WhereNothingIsNamed_IsNull(string source) => Assert.Null(Explain(source));

    [Theory]
    [InlineData("M:System.Math.Sqrt(System.Double)", "Math.Sqrt")]
    [InlineData("T:System.Collections.Generic.List`1", "List")]
    [InlineData("M:CourseKit.Layers.Lstm.#ctor(System.Int32,System.Int32)", "Lstm")]
    [InlineData("P:A.B`2.C", "B.C")]
    [InlineData("null", "null")]
    public void ShortName_DocumentationId_IsAsPeopleWriteIt(string id, string name) => Assert.Equal(name, DocumentationText.ShortName(id));

    [Theory]
    [InlineData("a𝒳b", 1, 1)]
    [InlineData("a𝒳b", 2, 3)]
    [InlineData("a𝒳b", 3, 4)]
    [InlineData("a𝒳b", 9, 4)]
    [InlineData("", 0, 0)]
    public void CodePoints_Cursor_IsCountedAsJupyterDoes(string text, int codePoints, int index)
    {
        Assert.Equal(index, CodePoints.ToIndex(text, codePoints));
        Assert.Equal(Math.Min(codePoints, 3), CodePoints.FromIndex(text, index));
    }
}

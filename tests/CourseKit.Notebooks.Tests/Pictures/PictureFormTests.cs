using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Textbook;
using CourseKit.Training;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.DotNet.Interactive.Formatting;

namespace CourseKit.Notebooks.Tests.Pictures;

/// <summary>What holds for every picture: found by .NET Interactive's own formatter, well-formed, the same for the same, with words for those who cannot see it.</summary>
public class PictureFormTests
{
    public static TheoryData<string> Names => [.. Drawings().Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Picture_Any_IsWellFormedWithoutIdsAndAlwaysTheSame(string name)
    {
        var drawing = Drawings()[name];
        var html = drawing.ToHtml();
        Assert.Equal(html, Drawings()[name].ToHtml());
        var root = XElement.Parse(html);
        Assert.DoesNotContain(root.DescendantsAndSelf(), e => e.Attribute("id") is not null);
        Assert.DoesNotContain("http", html.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.All(root.Descendants().Where(e => e.Name.LocalName == "svg"), svg =>
        {
            Assert.NotEmpty(svg.Attribute("aria-label")!.Value);
            Assert.NotEmpty(svg.Elements().First(e => e.Name.LocalName == "desc").Value);
        });
        Assert.Contains(root.DescendantsAndSelf(), e => e.Attribute("role")?.Value == "img");
        Assert.DoesNotContain('\n', drawing.ToString());
        Assert.EndsWith(".", drawing.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Formatter_OfDotNetInteractive_FindsHtmlAndText(string name)
    {
        var drawing = Drawings()[name];
        Assert.Equal(["text/html", "text/plain"], Formatter.GetPreferredMimeTypesFor(drawing.GetType()));
        Assert.Equal(drawing.ToHtml(), drawing.ToDisplayString("text/html"));
        Assert.Equal(drawing.ToString(), drawing.ToDisplayString("text/plain"));
    }

    /// <summary>A picture that is new needs a row in docs/pictures.md and a place in the gallery.</summary>
    [Theory]
    [InlineData("docs/pictures.md")]
    [InlineData("notebooks/pictures.ipynb")]
    public void Page_NamesEveryPictureAndChart(string page)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "CourseKit.sln")))
            folder = folder.Parent;
        var text = File.ReadAllText(Path.Combine(folder.FullName, page));
        var calls = new[] { typeof(Picture), typeof(Chart) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly).Select(method => $"{type.Name}.{method.Name}")).Distinct();
        Assert.All(calls, call => Assert.Contains(call, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Picture_ForeignCulture_IsTheSame()
    {
        var before = Drawings().Select(pair => (pair.Value.ToHtml(), pair.Value.ToString())).ToArray();
        var culture = CultureInfo.CurrentCulture;
        try
        {
            var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            foreign.NumberFormat.NumberDecimalSeparator = ",";
            foreign.NumberFormat.NumberGroupSeparator = ".";
            foreign.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = foreign;
            Assert.Equal(before, Drawings().Select(pair => (pair.Value.ToHtml(), pair.Value.ToString())).ToArray());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Picture_MarkupInTexts_IsEscaped()
    {
        const string bad = "</script><img src=x>&'\"\u0001";
        var model = CharacterModel.Create(Vocabulary.OfCharacters(bad), new CharacterTraining { Hidden = 4 });
        var layer = new Gru(1, 2) { Name = bad };
        var network = new Model(1, layer);
        var record = Recorder.Of(() => network.Predict(Tensor.Zeros(1, 2, 1)), network.Parameters).Records[0];
        Drawing[] drawings =
        [
            Picture.Unrolled(network), Picture.Weights(network), Picture.Gates(record, [bad, bad]), Picture.Gates(model, bad), Picture.Trajectory(model, bad),
            Picture.NextCharacters(model, bad), Picture.Confusion([[1]], [[2]], _ => bad), Picture.Attention(Tensor.Zeros(1, 1), [bad], [bad]),
            Picture.LossCliff(GradientPictureTests.Bowl, (-2, 2), (-1, 1), (1.5, 0.5), learningRate: 0.1, clipNorm: 1, updates: 1, firstName: bad, secondName: bad),
            Picture.Windows(["a", bad, "b", "c"], 2), Picture.CellPlayer(new Model(1, new SimpleRnn(1, 2)), Tensor.Zeros(2, 1), [bad, bad]),
            Picture.Bidirectional(network, Tensor.Zeros(1, 2, 1), [bad, bad], [bad, bad]), Picture.Layers(model, bad),
        ];
        foreach (var drawing in drawings)
        {
            var html = drawing.ToHtml();
            XElement.Parse(html);
            Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
            Assert.Equal(html.IndexOf("</script>", StringComparison.Ordinal), html.LastIndexOf("</script>", StringComparison.Ordinal));
        }
    }

    private static Dictionary<string, Drawing> Drawings()
    {
        const string text = "a cab, a bad cab";
        var characters = CharacterModel.Create(Vocabulary.OfCharacters(text), new CharacterTraining { Hidden = 6, Embedding = 3 });
        var log = new GradientFlowLog();
        var model = new Model(1, new Embedding(7, 4), new Lstm(4, 3, bidirectional: true), new Linear(6, 7));
        model.Fit(new TokenStream([.. Enumerable.Range(0, 68).Select(i => i * i * 3 % 7)], 3, 5), new() { Steps = 3, Callbacks = [log], Progress = null });
        var (lstm, inputs) = (new LstmCell(CellWeights.Random(1, 2, 4, seed: 1)), Enumerable.Range(0, 5).Select(t => Vector<double>.Build.Dense(1, t - 2)).ToArray());
        return new()
        {
            ["unrolled"] = Picture.Unrolled(model),
            ["weights"] = Picture.Weights(model),
            ["gates"] = Picture.Gates(characters, text),
            ["trajectory"] = Picture.Trajectory(characters, text),
            ["next"] = Picture.NextCharacters(characters, text),
            ["confusion"] = Picture.Confusion([[1, 2], [2, 1]], [[1, 1], [2]]),
            ["flow"] = Picture.GradientFlow(log),
            ["attention"] = Picture.Attention(Tensor.From(new[,] { { 0.25f, 0.75f } }), ["a", "b"], ["c"]),
            ["lstm cell"] = Picture.LstmCell(Sequence.Forward(lstm, inputs), 1),
            ["switches"] = Picture.Switches(lstm, inputs),
            ["forget bias"] = Picture.ForgetBias(lstm, inputs),
            ["blend"] = Picture.Blend(new GruCell(CellWeights.Random(1, 2, 3, seed: 1)), inputs),
            ["backward"] = GradientPictureTests.Backward(),
            ["radius"] = Picture.SpectralRadius(GradientPictureTests.Rotation(0.3), [0.5, 1.2], steps: 12),
            ["cliff"] = Picture.LossCliff(GradientPictureTests.Bowl, (-2, 2), (-1, 1), (1.5, 0.5), learningRate: 0.1, clipNorm: 1, updates: 3),
            ["windows"] = Picture.Windows([1, 2, 3, 2, 1, 0, 1]),
            ["words"] = Picture.Windows(text.Split(' ')),
            ["player"] = Picture.CellPlayer(new Model(1, new SimpleRnn(2, 3), new Linear(3, 2)), Tensor.From([1f, 0, 0, 1], 2, 2), ["a", "b"]),
            ["bidirectional"] = Picture.Bidirectional(model, [1, 2, 3], ["a", "b", "c"]),
            ["layers"] = Picture.Layers(model, [1, 2, 3], ["a", "b", "c"]),
            ["programs"] = Picture.Programs([new("a=1;\nprint((a+2))", "3.")]),
            ["dials"] = Picture.Programs(new CourseKit.Tasks.ProgramTask(), [1, 3], [1, 2], count: 2),
            ["slider"] = Picture.Slider("t", [1, 2], t => Picture.NextCharacters(characters, text[..t])),
        };
    }
}

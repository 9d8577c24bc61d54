using CourseKit.Data;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;
using CourseKit.Layers;
using CourseKit.Notebooks;
using CourseKit.Tensors;
using CourseKit.Training;
using CellKind = CourseKit.Host.Notebooks.CellKind;

namespace CourseKit.Host.Tests.Browser;

/// <summary>The kit's pictures on a page in a real browser: what the mouse reads, sliders by mouse, finger and keys, without scripts, on a phone and on paper.</summary>
public sealed class PictureBrowserTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("coursekit pictures").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [BrowserTheory]
    [InlineData("hover")]
    [InlineData("keys")]
    [InlineData("mouse")]
    [InlineData("finger")]
    [InlineData("plain")]
    [InlineData("stripped")]
    [InlineData("again")]
    [InlineData("narrow")]
    [InlineData("print")]
    [InlineData("dials")]
    [InlineData("dialsPlain")]
    [InlineData("dialsStripped")]
    public void Picture_OnAPage_Works(string name)
    {
        SiteBuilder.Build([new SiteNotebook("pictures.ipynb", Pictures(), AppContext.BaseDirectory)], Path.Combine(_root, "site"), cores: 2);
        var (code, error) = ChromiumProcess.Run("pictures.js", name, new Uri(Path.Combine(_root, "site", "pictures.html")).AbsoluteUri);
        Assert.True(code == 0, error);
    }

    private static NotebookDocument Pictures()
    {
        const string text = "a cab, a bad cab";
        var model = CharacterModel.Create(Vocabulary.OfCharacters(text), new CharacterTraining { Hidden = 6, Embedding = 3 });
        var network = new Model(1, new Embedding(9, 4), new Lstm(4, 6, layers: 2, bidirectional: true), new Linear(12, 9));
        Drawing[] drawings =
        [
            Picture.Unrolled(network), Picture.Gates(model, text), Picture.Trajectory(model, text), Picture.NextCharacters(model, text), Picture.Weights(network),
            Picture.Confusion([[1, 2], [2, 1]], [[1, 1], [2]]),
            Picture.Slider("temperature", [0.5, 1, 2, 4], t => Picture.NextCharacters(model, text, 3, t)),
            Picture.Slider("outer", ["a", "b"], o => Picture.Slider("inner", [1, 2, 3], i => Chart.Bar([$"{o}{i}"], [i]).Title($"{o}{i}"))),
            Picture.Windows([1, 3, 2, 4, 3, 5, 4], size: 4), Picture.CellPlayer(new Model(1, new SimpleRnn(2, 3), new Linear(3, 2)), Tensor.From([1f, 0, 0, 1], 2, 2), ["one", "two"]),
        ];
        return new NotebookDocument(
        [
            new NotebookCell(CellKind.Markdown, "# Pictures\n\n## Goal\n\nLook."),
            .. drawings.Select((drawing, k) => new NotebookCell(CellKind.Code, $"picture {k}")
            {
                ExecutionCount = k + 1,
                Outputs = { DisplayOutput.Of(k + 1, ("text/html", drawing.ToHtml())) },
            }),
        ]);
    }
}

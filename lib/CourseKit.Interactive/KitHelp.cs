using System.Net;
using System.Text;
using CourseKit.Backends;
using CourseKit.Notebooks;

namespace CourseKit.Interactive;

/// <summary>What the magic command shows: the kit, its backends, the most used calls.</summary>
internal sealed class KitHelp(KitInfo info)
{
    private const string About = "Recurrent neural networks in C#: a course of notebooks on a compiled library. Everything works offline, on the CPU.";

    internal static readonly (string Title, (string Call, string What)[] Rows)[] Calls =
    [
        ("Networks", [
            ("new Model(seed: 1, new Embedding(V, 64), new Lstm(64, 128), new Linear(128, V))", "a model of layers; SimpleRnn and Gru go where Lstm stands"),
            ("model.Fit(batches, new FitOptions { Optimizer = new Adam(0.005f), Steps = 300, ClipNorm = 5 })", "trains; gives the history of its losses"),
            ("model.Evaluate(batches)", "the loss on other data"),
            ("model.Predict(x)", "what the model gives for one batch"),
            ("CharacterModel.Train(text)", "a network that writes, from a text, in one call"),
        ]),
        ("Data", [
            ("Vocabulary.OfCharacters(text)", "numbers for characters: Encode, Decode"),
            ("new TokenStream(ids, batchSize: 16, window: 32)", "batches of a long text"),
            ("Tensor.From(array)", "an array as a tensor; dimensions are [batch, time, feature]"),
        ]),
        ("Display: let a cell end on it, without a semicolon", [
            ("model", "layers and parameters; a tensor shows its numbers, a history its losses as a chart"),
            ("new Table(\"model\", \"loss\").Row(\"LSTM\", 1.2)", "a table"),
            ("new Live(vocabulary)", "a picture that changes while a model trains, as one of FitOptions.Callbacks"),
        ]),
        ("Charts", [
            ("Chart.Line(ys, \"name\").Title(\"Loss\").YAxis(\"nats\")", "also Scatter, Bar, Heatmap, ColoredText; AddLine, Baseline"),
            ("Picture.Unrolled(model)", "pictures of networks: all are in the notebook pictures.ipynb"),
            ("chart.ToPlotly()", "the same chart as Plotly.NET's, to zoom and restyle; drawn without a network"),
        ]),
        ("Checks", [
            ("Check.Same(mine, library)", "compares numbers and says where they differ"),
            ("Check.Exercise(\"03.1\", mine)", "checks an exercise and gives a hint"),
        ]),
    ];

    /// <summary>The help as HTML.</summary>
    public string Html()
    {
        var html = new StringBuilder("<style>.ck-help table{border-collapse:collapse;margin:.2em 0 .8em;width:auto;display:table}.ck-help td{padding:2px 9px 2px 0;text-align:left;vertical-align:top;border:0;background:none}.ck-help code{white-space:pre-wrap}</style>\n<div class=\"ck-help\">\n");
        html.Append($"<div><b>{Encode(info.ToString())}</b></div>\n<div>{Encode(About)}</div>\n<table>\n");
        foreach (var (title, rows) in Sections())
        {
            html.Append($"<tr><td colspan=\"2\" style=\"padding-top:.6em\"><b>{Encode(title)}</b></td></tr>\n");
            foreach (var (call, what) in rows)
                html.Append($"<tr><td><code>{Encode(call)}</code></td><td>{Encode(what)}</td></tr>\n");
        }
        return html.Append("</table>\n</div>\n").ToString();
    }

    /// <summary>The help as text.</summary>
    public string Text()
    {
        var text = new StringBuilder($"{info}\n{About}\n");
        foreach (var (title, rows) in Sections())
        {
            text.Append($"\n{title}\n");
            foreach (var (call, what) in rows)
                text.Append($"  {call}\n      {what}\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(string Title, (string Call, string What)[] Rows)> Sections() => [("Backends", [.. Backends()]), .. Calls];

    private static IEnumerable<(string, string)> Backends()
    {
        yield return ("Backend.Open(\"cpu\")", $"{Backend.Open("cpu").Name}; the default");
        var picked = "";
        Backend.Best(line => picked = line);
        yield return ("Backend.Open(\"best\")", picked);
        yield return ("new Float64Backend()", "plain loops in float64, to check gradients with");
        yield return ("model.To(backend)", "moves a model's parameters there");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

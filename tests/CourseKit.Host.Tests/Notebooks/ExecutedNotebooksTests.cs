using System.Globalization;
using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Tests.Notebooks;

/// <summary>Every notebook runs from top to bottom, in its time, and shows what its prose speaks of.</summary>
[Collection("console")]
public sealed class ExecutedNotebooksTests
{
    // Words that must stand in some output, because the text around it explains them.
    private static readonly Dictionary<string, string[]> Shown = new()
    {
        ["00-start-here.ipynb"] = ["63 different characters", "4.143 nats", "2.357 nats", "recurrent network", "seed 2:", "not solved yet"],
        ["01-windows.ipynb"] =
            ["inputs: same", "guesses: same", "dealt windows: same", "bags: same", "Windows over a sequence", "x must be [..., 4], but got [1, 5]", "97 parameters", "not solved yet"],
        ["03-simple-rnn.ipynb"] =
            ["A 20 + B 30 + C 24 = 74", "74 parameters", "stacked matrix: same", "outputs of the day: same", "textbook cell: same", "from Keras: same",
                "another end: same", "Network unrolled over 7 time steps", "Recurrent cell, step 1 read to 7 give out", "not solved yet"],
        ["05-bptt.ipynb"] =
            ["∂L/∂W_hh: same", "Slider \"backward step\": 13 drawings", "the gradient is right", "W_hh, textbook: same", "W_hh, library: same", "x, textbook: same", "always the mean", "What truncation loses",
                "0 with windows of 12", "not solved yet"],
        ["06-gradients.ipynb"] =
            ["length 5.726e-3", "length after 49 steps: same", "with tanh: same", "Slider \"spectral radius\": 17 drawings", "Slider \"updates\": 15 drawings", "length of the gradient by time step: same",
                "clipped from 7.01 to 1: same", "0.1667 by the law", "IRNN: step 3000 of 3000", "LSTM, 800 updates", "not solved yet"],
        ["07-lstm.ipynb"] =
            ["weights of an LSTM: same", "LSTM forward: same", "forget gate: same", "Lstm layer: same", "LSTM, bias 3", "not solved yet"],
        ["08-gru-and-variants.ipynb"] =
            ["GRU, reset after: same", "the other blend: same", "Gru: same", "the gradient is right", "simplified GRU = GRU with r = 1: same", "coupled LSTM = LSTM with f = 1 - i: same", "not solved yet"],
        ["09-bidirectional.ipynb"] =
            ["32 words have two tags", "both directions: same", "padded, with a mask: same", "both directions, 16 each", "Slider \"word\": 14 drawings", "Answering late", "not solved yet"],
        ["10-deep.ipynb"] =
            ["63,098 words, 30 different ones", "thousand is right in 0.15165", "three layers: same", "LSTM, 2 layers", "residual: same", "Hidden states of 3 layers", "not solved yet"],
        ["13-character-models.ipynb"] =
            ["5.977 bits", "2.497 bits", "trigram", "GRU network", "temperature 0.4", "1,023", "103.58 nats", "gradient: same", "RNN by hand", "25 letters: same", "are in the list", "not solved yet",
                "Next characters under", "Slider \"temperature\": 8 drawings, 0.2 to 4"],
        ["23-learning-to-execute.ipynb"] =
            ["25011, 12184", "2,000 programs: same", "network, programs never seen", "Learning to execute: step 2000 of 2000", "not solved yet"],
        ["25-cpu-and-gpu.ipynb"] =
            ["2.59 GFLOP", "three loops: same", "The same product, four times", "3 threads: same: largest difference 0 ", "losses in float64: same", "losses on ", "449 launches or 57", "A training step by hidden size",
                "Speed by batch size", "bytes: same", "all numbers: same: largest difference 0 ", "the same text:", "from the file, 60 steps more", "not solved yet"],
        ["pictures.ipynb"] =
            ["Training: step 700 of 700", "Network unrolled over 4 time steps", "Encoder-decoder unrolled", "Histograms of 7 parameters", "(Lstm): i, f, g, o, c, h", "(Gru): r, z, n, h", "Trajectory of 31 states",
                "Next characters under", "How far the gradient flows back", "Where the decoder looks", "Confusion by position", "Slider \"temperature\"", "Slider \"time step\": 31 drawings",
                "Slider \"recurrent weight\"", "Bar chart", "Scatter chart", "Coloured text", "Line chart", "One time step", "Windows over a sequence", "Slider \"nesting\""],
    };

    public static TheoryData<string> Notebooks => CourseFiles.All;

    [Theory]
    [MemberData(nameof(Notebooks))]
    public async Task Notebook_FromTopToBottom_RunsWithoutErrorAndShowsItsResults(string name)
    {
        var run = await ExecutedCourse.RunAsync(name);

        Assert.Null(run.Error);
        RequireNumbers(Quote.Of(name), ExecutedCourse.Numbers[name]);
        RequireResults(name, run.Document);
    }

    [Fact]
    public void Shown_EveryNotebook_HasItsWords() => Assert.Equal(CourseFiles.Names, Shown.Keys.Order(StringComparer.Ordinal));

    /// <summary>Requires of an executed notebook that every cell shows something, and that its prose's words are among it.</summary>
    internal static void RequireResults(string name, NotebookDocument document)
    {
        var cells = document.Cells.Where(cell => cell.Kind == CellKind.Code).ToList();
        Assert.All(cells, cell => Assert.True(cell.Outputs.Count > 0, $"shows nothing: {cell.Source.Split('\n')[0]}"));
        var outputs = cells.SelectMany(cell => cell.Outputs).ToList();
        Assert.DoesNotContain(outputs, output => output is StreamOutput { Name: "stderr" });
        var text = string.Join("\n", outputs.Select(Text));
        Assert.All(Shown.GetValueOrDefault(name, []), words => Assert.Contains(words, text, StringComparison.Ordinal));
    }

    // The numbers that the prose quotes are those of this run.
    private static void RequireNumbers(IReadOnlyList<Quote> quotes, NotebookCell cell)
    {
        var numbers = string.Concat(cell.Outputs.OfType<StreamOutput>().Select(stream => stream.Text)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(quotes.Count, numbers.Length);
        Assert.All(quotes.Zip(numbers, (quote, number) => (Quote: quote, Number: double.Parse(number, CultureInfo.InvariantCulture))), pair =>
            Assert.True(
                Math.Abs(pair.Number - pair.Quote.Number) <= pair.Quote.Tolerance,
                $"the prose says \"{pair.Quote.Text}\", but {pair.Quote.Expression} is {pair.Number.ToString(CultureInfo.InvariantCulture)}"));
    }

    private static string Text(CellOutput output) => output switch
    {
        StreamOutput stream => stream.Text,
        DisplayOutput display => display.Text("text/plain") ?? "",
        _ => "",
    };
}

using System.Text.Json;

namespace CourseKit.Benchmarks;

/// <summary>One case of benchmarks/cases.json: a model, and what is done with it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">RNN, LSTM or GRU.</param>
/// <param name="Vocabulary">How many ids there are.</param>
/// <param name="Embedding">Numbers an id's vector.</param>
/// <param name="Hidden">Neurons a layer and direction.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="Time">Time steps; 0 where text is generated.</param>
/// <param name="Batch">Sequences side by side; 0 where text is generated.</param>
/// <param name="Output">every_step, or last_sigmoid for one logit from the last state.</param>
/// <param name="Bidirectional">Whether layers run in both directions.</param>
/// <param name="Characters">Characters to generate; 0 for a case of training.</param>
internal sealed record BenchCase(
    string Name, string Kind, int Vocabulary, int Embedding, int Hidden, int Layers, int Time = 0, int Batch = 0, string? Output = null, bool Bidirectional = false, int Characters = 0)
{
    /// <summary>The file of all cases.</summary>
    public static string File { get; } = Path.Combine(Project.Root, "benchmarks", "cases.json");

    /// <summary>All cases: those of training, then those of generation.</summary>
    public static IReadOnlyList<BenchCase> All { get; } = Read();

    /// <summary>Whether it generates text; else it trains.</summary>
    public bool Generates => Characters > 0;

    /// <summary>Whether one logit comes from the last state, instead of one a class from every step.</summary>
    public bool LastOnly => Output == "last_sigmoid";

    /// <summary>Numbers that the decoder reads.</summary>
    public int Width => Bidirectional ? 2 * Hidden : Hidden;

    /// <summary>
    /// Operations of a step's matrix products, a multiply-add counted as two: three times those of the forward pass, because the backward pass needs one product for the
    /// gradient of what goes in (of the first layer too, since that is the embedding's) and one for that of the weights.
    /// </summary>
    public double StepFlops
    {
        get
        {
            var (rows, gates, directions) = ((double)Batch * Time, Kind switch { "LSTM" => 4, "GRU" => 3, _ => 1 }, Bidirectional ? 2 : 1);
            var forward = 2 * (LastOnly ? Batch : rows) * Width * (LastOnly ? 1 : Vocabulary);
            for (var layer = 0; layer < Layers; layer++)
                forward += 2 * rows * gates * Hidden * ((layer == 0 ? Embedding : Width) + Hidden) * directions;
            return 3 * forward;
        }
    }

    /// <summary>The case of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BenchCase Find(string name) => All.FirstOrDefault(one => one.Name == name)
        ?? throw new ArgumentException($"bench: no case \"{name}\". Cases: {string.Join(", ", All.Select(one => one.Name))}.");

    private static BenchCase[] Read()
    {
        using var json = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        return [.. Group("train"), .. Group("generate")];

        BenchCase[] Group(string name) => json.RootElement.GetProperty(name).Deserialize<BenchCase[]>(JsonSerializerOptions.Web)!;
    }
}

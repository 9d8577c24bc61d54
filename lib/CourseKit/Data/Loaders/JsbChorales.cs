using System.Text.Json;
using CourseKit.Tensors;

namespace CourseKit.Data.Loaders;

/// <summary>The chorales of Johann Sebastian Bach as chords, one a time step: each the pitches that sound then, none to four of them.</summary>
/// <param name="Train">Chorales, each a list of chords, each a list of MIDI pitches 0..127 from low to high; 229 in the usual file.</param>
/// <param name="Validation">Likewise; 76.</param>
/// <param name="Test">Likewise; 77.</param>
/// <remarks>Allan and Williams, 2005; as in Boulanger-Lewandowski, Bengio and Vincent, Modeling Temporal Dependencies in High-Dimensional Sequences, 2012.</remarks>
public sealed record JsbChorales(IReadOnlyList<int[][]> Train, IReadOnlyList<int[][]> Validation, IReadOnlyList<int[][]> Test)
{
    /// <summary>The keys of a piano: the columns of <see cref="PianoRoll"/>.</summary>
    public const int Keys = 88;

    /// <summary>The MIDI pitch of a piano's lowest key.</summary>
    public const int LowestKey = 21;

    private static readonly DataSource s_source = new("JsbChorales", ["jsb-chorales-quarter.json", "jsb-chorales-16th.json", "jsb-chorales-8th.json"],
        "https://raw.githubusercontent.com/czhuang/JSB-Chorales-dataset/master/jsb-chorales-quarter.json");

    /// <summary>Reads the three parts.</summary>
    /// <param name="path">The JSON file, an object of the lists train, valid and test, or a folder with jsb-chorales-quarter.json (or -16th, -8th); null for the folder in COURSEKIT_DATA. Default: null.</param>
    /// <exception cref="DataException">It is not there or is not such a file; the message says what was expected where, and how to get it.</exception>
    public static JsbChorales Load(string? path = null)
    {
        var file = s_source.Find(path);
        try
        {
            using var json = JsonDocument.Parse(TextFile.Read(file));
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                throw s_source.Wrong(file, "must be a JSON object with the lists train, valid and test");
            return new(Part("train"), Part("valid"), Part("test"));

            int[][][] Part(string name)
            {
                if (!root.TryGetProperty(name, out var part))
                    throw s_source.Wrong(file, $"must have the list {name}, but has not");
                return [.. Elements(part, name).Select((chorale, c) => Elements(chorale, $"{name}[{c}]").Select((chord, t) => Chord(chord, $"{name}[{c}][{t}]")).ToArray())];
            }
        }
        catch (JsonException e)
        {
            throw new DataException($"{s_source.Wrong(file, "is not JSON").Message} ({e.Message})", e);
        }

        JsonElement.ArrayEnumerator Elements(JsonElement element, string place) => element.ValueKind == JsonValueKind.Array
            ? element.EnumerateArray()
            : throw s_source.Wrong(file, $"must have a list at {place}, but has {element.ValueKind}");

        int[] Chord(JsonElement element, string place) => [.. Elements(element, place).Select(number =>
            number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var pitch) && pitch is >= 0 and <= 127
                ? pitch
                : throw s_source.Wrong(file, $"must have MIDI pitches 0..127 at {place}, but has {number.GetRawText()}")).Order()];
    }

    /// <summary>A chorale as a model takes it: 1 where a key of the piano sounds, 0 where it does not.</summary>
    /// <param name="chorale">Chords of MIDI pitches.</param>
    /// <returns>[time, 88].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A pitch is not on a piano, 21..108.</exception>
    public static Tensor PianoRoll(IReadOnlyList<int[]> chorale)
    {
        ArgumentNullException.ThrowIfNull(chorale);
        var roll = new float[chorale.Count * Keys];
        for (var t = 0; t < chorale.Count; t++)
        {
            foreach (var pitch in chorale[t])
            {
                if ((uint)(pitch - LowestKey) >= Keys)
                    throw new ArgumentOutOfRangeException(nameof(chorale), $"JsbChorales.PianoRoll: every pitch must be in {LowestKey}..{LowestKey + Keys - 1}, but chorale[{t}] has {pitch}.");
                roll[(t * Keys) + pitch - LowestKey] = 1;
            }
        }
        return Tensor.From(roll, chorale.Count, Keys);
    }
}

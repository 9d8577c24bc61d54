using System.Text;

namespace CourseKit.Data;

/// <summary>The symbols of a text and their ids 0..Count−1. It never changes.</summary>
/// <remarks>A character is a Unicode code point, so that 😀 is one symbol although a C# string holds it as two.</remarks>
public sealed class Vocabulary
{
    private readonly string[] symbols;
    private readonly Dictionary<string, int> ids;
    private readonly Dictionary<int, int> characterIds = [];

    private Vocabulary(string[] symbols)
    {
        this.symbols = symbols;
        ids = new(symbols.Length, StringComparer.Ordinal);
        for (var id = 0; id < symbols.Length; id++)
        {
            if (symbols[id].Length == 0)
                throw new DataException($"Vocabulary: symbol {id} is empty. Every symbol must have at least one character.");
            if (!ids.TryAdd(symbols[id], id))
                throw new DataException($"Vocabulary: the symbol {Quote(symbols[id])} comes twice, as {ids[symbols[id]]} and {id}. Every symbol must differ.");
            if (Rune.DecodeFromUtf16(symbols[id], out var character, out var length) == System.Buffers.OperationStatus.Done && length == symbols[id].Length)
                characterIds.Add(character.Value, id);
        }
        if (symbols.Length < 2)
            throw new DataException(symbols.Length == 0
                ? "Vocabulary: there must be at least 2 different symbols, but there are none. Give a text that is not empty."
                : $"Vocabulary: there must be at least 2 different symbols, but there is only {Quote(symbols[0])}. With one symbol there is nothing to predict.");
    }

    /// <summary>How many symbols there are, at least 2: the number of classes that a model tells apart.</summary>
    public int Count => symbols.Length;

    /// <summary>All symbols in the order of their ids.</summary>
    public IReadOnlyList<string> Symbols => symbols;

    /// <summary>The symbol of an id.</summary>
    /// <param name="id">0..Count−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => (uint)id < (uint)symbols.Length
        ? symbols[id]
        : throw new ArgumentOutOfRangeException(nameof(id), $"Vocabulary: id {id} is not among the {Count} symbols (0..{Count - 1}).");

    /// <summary>The different characters of a text, in the order of their code points.</summary>
    /// <param name="text">At least two different characters.</param>
    /// <exception cref="DataException">The text has fewer than two different characters, or half of a surrogate pair.</exception>
    public static Vocabulary OfCharacters(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var characters = new SortedSet<int>();
        for (var index = 0; index < text.Length;)
            characters.Add(CharacterAt(text, ref index));
        return new([.. characters.Select(character => new Rune(character).ToString())]);
    }

    /// <summary>Symbols of any length, in the order given.</summary>
    /// <param name="symbols">At least two, all different, none empty.</param>
    /// <exception cref="DataException">There are fewer than two symbols, one is empty, or one comes twice.</exception>
    public static Vocabulary OfSymbols(IEnumerable<string> symbols) => new([.. symbols]);

    /// <summary>The id of a symbol.</summary>
    /// <returns>0..Count−1, or −1 when the symbol is unknown.</returns>
    public int IndexOf(string symbol) => ids.GetValueOrDefault(symbol, -1);

    /// <summary>The ids of a text's characters.</summary>
    /// <param name="text">Any length; every character must be a symbol of the vocabulary.</param>
    /// <returns>One id a character (code point).</returns>
    /// <exception cref="DataException">A character is not in the vocabulary; the message names the first one and where it stands.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var encoded = new List<int>(text.Length);
        for (var index = 0; index < text.Length;)
        {
            var start = index;
            var character = CharacterAt(text, ref index);
            if (!characterIds.TryGetValue(character, out var id))
                throw new DataException($"Vocabulary: the text has {Quote(text[start..index])} at index {start}, which is not among the {Count} symbols. Remove it, or build the vocabulary from a text that has it.");
            encoded.Add(id);
        }
        return [.. encoded];
    }

    /// <summary>The ids of symbols.</summary>
    /// <param name="sequence">Every one must be in the vocabulary.</param>
    /// <returns>One id a symbol.</returns>
    /// <exception cref="DataException">A symbol is not in the vocabulary; the message names the first one and where it stands.</exception>
    public int[] Encode(IEnumerable<string> sequence) => [.. sequence.Select((symbol, index) => ids.TryGetValue(symbol, out var id)
        ? id
        : throw new DataException($"Vocabulary: the sequence has {Quote(symbol)} at index {index}, which is not among the {Count} symbols. Remove it, or build the vocabulary from symbols that hold it."))];

    /// <summary>The symbols of ids, one after another.</summary>
    /// <param name="sequence">Ids, each 0..Count−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string Decode(params ReadOnlySpan<int> sequence)
    {
        var text = new StringBuilder(sequence.Length);
        foreach (var id in sequence)
            text.Append(this[id]);
        return text.ToString();
    }

    /// <summary>How many symbols there are and the first of them: "Vocabulary of 65: '\n' ' ' '!' ...".</summary>
    public override string ToString() => $"Vocabulary of {Count}: {string.Join(' ', symbols.Take(12).Select(Quote))}{(Count > 12 ? " ..." : "")}";

    private static int CharacterAt(string text, ref int index)
    {
        if (!Rune.TryGetRuneAt(text, index, out var character))
            throw new DataException($"Vocabulary: the text has half of a surrogate pair (U+{(int)text[index]:X4}) at index {index}. Give well-formed Unicode text.");
        index += character.Utf16SequenceLength;
        return character.Value;
    }

    private static string Quote(string symbol) => symbol switch
    {
        "\n" => "'\\n'",
        "\r" => "'\\r'",
        "\t" => "'\\t'",
        _ when char.IsControl(symbol[0]) || char.IsSurrogate(symbol[^1]) && symbol.Length == 1 => $"U+{(int)symbol[0]:X4}",
        _ => $"'{symbol}'",
    };
}

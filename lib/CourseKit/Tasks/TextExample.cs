using System.Text;

namespace CourseKit.Tasks;

/// <summary>An example of a task on text: what is read, and what must be written.</summary>
/// <param name="Input">What is read, such as a program.</param>
/// <param name="Target">What must be written; its last character is the dot that ends the answer.</param>
public sealed record TextExample(string Input, string Target)
{
    /// <summary>The character that ends every target.</summary>
    public const char End = '.';

    /// <summary>The part of the data that the input belongs to: its hash modulo 3.</summary>
    public TextPart Part => PartOf(Input);

    /// <summary>The part of the data that a text belongs to.</summary>
    /// <param name="input">The text as the task gives it, neither reversed nor doubled.</param>
    /// <returns>Train, Validation or Test for a remainder of 0, 1 or 2.</returns>
    public static TextPart PartOf(string input) => (TextPart)(int)(Hash(input) % 3);

    /// <summary>A number that stands for a text, the same on every machine and in every version.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>64 bits.</returns>
    /// <remarks>FNV-1a over the bytes of UTF-8: hash = (hash xor byte)·1099511628211 mod 2^64, from 14695981039346656037 on. Fowler, Noll and Vo, 1991.</remarks>
    public static ulong Hash(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = 14695981039346656037UL;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ value) * 1099511628211UL);
        return hash;
    }

    /// <summary>The same example with its input from the last character to the first; the target stays. Sutskever, Vinyals and Le, 2014.</summary>
    public TextExample WithInputReversed() => this with { Input = new([.. Input.Reverse()]) };

    /// <summary>The same example with its input twice, a semicolon between; the target stays. Zaremba and Sutskever, 2014.</summary>
    public TextExample WithInputDoubled() => this with { Input = $"{Input};{Input}" };
}

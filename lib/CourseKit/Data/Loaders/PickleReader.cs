using System.Buffers.Binary;
using System.Text;

namespace CourseKit.Data.Loaders;

/// <summary>
/// Reads the one pickle that NumPy writes for an array of lists of whole numbers. A pickle is a program; of its instructions only those that build lists,
/// tuples, texts and numbers are known, and of all functions that it can name only the three that make the array itself. None is ever called: what they
/// would return is written down, and everything else is refused.
/// </summary>
/// <remarks>Protocols 2 to 5 (PEP 307, PEP 3154). What is built holds at most one object for every byte of the file.</remarks>
internal sealed class PickleReader(byte[] bytes, int position)
{
    private static readonly HashSet<string> s_functions = ["numpy.core.multiarray _reconstruct", "numpy._core.multiarray _reconstruct", "numpy ndarray", "numpy dtype", "_codecs encode"];

    // Nearly all of a file's numbers are small: each is one object, however often it comes.
    private readonly object?[] small = new object?[1 << 16];

    private readonly List<object?> stack = [];
    private readonly List<object?> memo = [];
    private readonly List<int> marks = [];

    /// <summary>The elements of the array.</summary>
    /// <exception cref="DataException">The pickle is something else, or is cut off; the message has no name of a file.</exception>
    public IReadOnlyList<object?> ReadArray()
    {
        while (Step())
        {
        }
        return Pop() is Call { Function: Name { Text: "numpy ndarray" }, Elements: { } elements } ? elements : throw Bad("is no array of objects");
    }

    // Runs one instruction; false after the last.
    private bool Step()
    {
        var code = (char)Byte();
        switch (code)
        {
            case '\x80': Take(1); break;                                   // PROTO
            case '\x95': Take(8); break;                                   // FRAME
            case '.': return false;                                        // STOP
            case '(': marks.Add(stack.Count); break;                       // MARK
            case ']': stack.Add(new List<object?>()); break;               // EMPTY_LIST
            case ')': stack.Add(Array.Empty<object?>()); break;            // EMPTY_TUPLE
            case 'N': stack.Add(null); break;                              // NONE
            case '\x88' or '\x89': stack.Add(code == '\x88'); break;       // NEWTRUE, NEWFALSE
            case 'K': stack.Add(Small(Byte())); break;                     // BININT1
            case 'M': stack.Add(Small(BinaryPrimitives.ReadUInt16LittleEndian(Take(2)))); break;
            case 'J': stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case '\x8a': stack.Add(Whole(Take(Byte()))); break;            // LONG1
            case 'U' or 'C' or '\x8c': stack.Add(Text(Take(Byte()))); break;       // SHORT_BINSTRING, SHORT_BINBYTES, SHORT_BINUNICODE
            case 'T' or 'B' or 'X': stack.Add(Text(Take(Length()))); break;        // BINSTRING, BINBYTES, BINUNICODE
            case '\x85': Tuple(1); break;
            case '\x86': Tuple(2); break;
            case '\x87': Tuple(3); break;
            case 't': Tuple(stack.Count - Mark()); break;
            case 'a': AppendTo(stack.Count - 1); break;                    // APPEND
            case 'e': AppendTo(Mark()); break;                             // APPENDS
            case 'q': Remember(Byte()); break;                             // BINPUT
            case 'r': Remember(Length()); break;                           // LONG_BINPUT
            case '\x94': memo.Add(Peek()); break;                          // MEMOIZE
            case 'h': Recall(Byte()); break;                               // BINGET
            case 'j': Recall(Length()); break;                             // LONG_BINGET
            case 'c': stack.Add(Function(Line(), Line())); break;          // GLOBAL
            case '\x93': StackGlobal(); break;                             // STACK_GLOBAL
            case 'R': Reduce(); break;
            case 'b': Build(); break;
            default: throw Bad($"has the instruction 0x{(int)code:X2}, which arrays of lists of numbers do not need");
        }
        return true;
    }

    private void Tuple(int count)
    {
        if (count > stack.Count)
            throw Bad("takes more from its stack than lies there");
        var items = stack.GetRange(stack.Count - count, count).ToArray();
        stack.RemoveRange(stack.Count - count, count);
        stack.Add(items);
    }

    private void AppendTo(int first)
    {
        if (first < 1 || first > stack.Count || stack[first - 1] is not List<object?> list)
            throw Bad("appends to what is no list");
        list.AddRange(stack.GetRange(first, stack.Count - first));
        stack.RemoveRange(first, stack.Count - first);
    }

    // numpy's _reconstruct(ndarray, ...) makes an array, dtype(...) its type, encode(text, "latin1") bytes.
    private void Reduce()
    {
        var (arguments, function) = (Pop() as object?[], Pop() as Name);
        stack.Add(function switch
        {
            { Text: "numpy.core.multiarray _reconstruct" or "numpy._core.multiarray _reconstruct" } when arguments is [Name { Text: "numpy ndarray" } array, ..] => new Call(array),
            { Text: "numpy dtype" } when arguments is [string { Length: > 0 } kind, ..] && kind[0] == 'O' => new Call(function),
            { Text: "_codecs encode" } when arguments is [string text, ..] => text,
            _ => throw Bad("calls a function that an array of lists of numbers does not need"),
        });
    }

    // The state of an array: version, shape, type, order, elements. That of a type is of no interest.
    private void Build()
    {
        var state = Pop() as object?[];
        switch (Peek())
        {
            case Call { Function.Text: "numpy dtype" }:
                return;
            case Call { Function.Text: "numpy ndarray", Elements: null } array when state is [_, object?[] { Length: 1 } shape, Call { Function.Text: "numpy dtype" }, _, List<object?> elements]:
                if (shape[0] is not long length || length != elements.Count)
                    throw Bad($"gives an array the shape ({shape[0]}), but {elements.Count} elements");
                array.Elements = elements;
                return;
            default:
                throw Bad("gives a state to what is no array of one dimension");
        }
    }

    private void StackGlobal()
    {
        var (name, module) = (Pop() as string, Pop() as string);
        stack.Add(Function(module ?? "", name ?? ""));
    }

    private static Name Function(string module, string name) => s_functions.Contains($"{module} {name}")
        ? new($"{module} {name}")
        : throw Bad($"names the function '{Shown(module)}.{Shown(name)}', which an array of lists of numbers does not need");

    // Places are numbered in order, so that no number in the file asks for more memory than there are instructions.
    private void Remember(int slot)
    {
        if (slot < memo.Count)
            memo[slot] = Peek();
        else if (slot == memo.Count)
            memo.Add(Peek());
        else
            throw Bad($"remembers in place {slot} after {memo.Count}");
    }

    private void Recall(int slot) => stack.Add(slot < memo.Count ? memo[slot] : throw Bad($"recalls place {slot} of {memo.Count}"));

    private int Mark()
    {
        if (marks.Count == 0 || marks[^1] > stack.Count)
            throw Bad("has no mark where one is needed");
        var mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return mark;
    }

    private object? Peek() => stack.Count > 0 ? stack[^1] : throw Bad("takes more from its stack than lies there");

    private object? Pop()
    {
        var top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object Small(int number) => small[number] ??= (long)number;

    private byte Byte() => Take(1)[0];

    private int Length()
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
        return length >= 0 ? length : throw Bad("has a negative length");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > bytes.Length - position)
            throw Bad("is cut off");
        position += count;
        return bytes.AsSpan(position - count, count);
    }

    private string Line()
    {
        var end = bytes.AsSpan(position).IndexOf((byte)'\n');
        if (end < 0)
            throw Bad("is cut off");
        var line = Text(Take(end));
        Take(1);
        return line;
    }

    private static long Whole(ReadOnlySpan<byte> little)
    {
        if (little.Length > 8)
            throw Bad("has a number of more than 64 bits");
        var value = 0L;
        for (var i = little.Length - 1; i >= 0; i--)
            value = (value << 8) | little[i];
        return little.Length is 0 or 8 || little[^1] < 0x80 ? value : value - (1L << (8 * little.Length));
    }

    private static string Text(ReadOnlySpan<byte> latin) => Encoding.Latin1.GetString(latin);

    private static string Shown(string text) => string.Concat(text.Take(60).Select(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_' ? character : '?'));

    private static DataException Bad(string what) => new(what);

    private sealed record Name(string Text);

    private sealed class Call(Name function)
    {
        public Name Function { get; } = function;

        public List<object?>? Elements { get; set; }
    }
}

using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;
using CourseKit.Tensors;

namespace CourseKit.Tests.Interchange;

/// <summary>What a hostile hand does to a file: drawn from a seed, so that a failure can be repeated.</summary>
internal static partial class Mutations
{
    private static readonly string[] Numbers =
        ["-1", "0", "1", "2", "3.5", "-0", "1e400", "1e3", "4294967296", "2147483648", "9223372036854775807", "9223372036854775808", "18446744073709551616", "null", "[]", "\"8\"", "true"];

    private static readonly string[] Types = ["I8", "F32", "F64", "F16", "BF16", "", "f32", "I64", "\\u0000", "F\\u00332", "F8_E4M3"];

    /// <summary>A whole safetensors file, changed in one of many ways.</summary>
    public static byte[] OfSafetensors(byte[] whole, RandomSource random)
    {
        var headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(whole);
        var (json, data) = (Encoding.UTF8.GetString(whole, 8, headerLength), whole.AsSpan(8 + headerLength).ToArray());
        switch (random.NextInt(16))
        {
            case 0:
                return whole[..random.NextInt(whole.Length)];
            case 1:
                return Flipped(whole, random, whole.Length);
            case 2:
                return Flipped(whole, random, 8 + headerLength);
            case 3:
                return HostileFile.Bytes(random.NextBits() >> random.NextInt(64), json, data);
            case 4:
                return [.. whole, .. new byte[1 + random.NextInt(100)]];
            case 5:
                return HostileFile.Bytes(Replaced(json, Number(), Numbers, random), data);
            case 6:
                return HostileFile.Bytes(Replaced(json, Number(), [$"{random.NextInt(data.Length + 1)}"], random), data);
            case 7:
                return HostileFile.Bytes(Replaced(json, Type(), [.. Types.Select(type => $"\"dtype\":\"{type}\"")], random), data);
            case 8:
                return HostileFile.Bytes(Replaced(json, Name(), [Name().Match(json).Value], random), data);
            case 9:
                return HostileFile.Bytes(Replaced(json, Number(), [new string('[', 1 + random.NextInt(5000))], random), data);
            case 10:
                return HostileFile.Bytes(Replaced(json, Shape(), [$"\"shape\":[{string.Join(',', Enumerable.Repeat("65536", 1 + random.NextInt(40)))}]"], random), data);
            case 11:
                return HostileFile.Bytes(json[..random.NextInt(json.Length)] + json[random.NextInt(json.Length)..], data);
            case 12:
                return HostileFile.Bytes(json.Insert(random.NextInt(json.Length), ((char)random.NextInt(256)).ToString()), data);
            case 13:
                return HostileFile.Bytes(json + new string(' ', random.NextInt(5000)) + "{}"[..random.NextInt(3)], data);
            case 14:
                return HostileFile.Bytes(Replaced(json, Name(), [$"\"{new string('n', random.NextInt(3000))}\":{{"], random), data);
            default:
                return HostileFile.Bytes(Replaced(json, Offsets(), [$"\"data_offsets\":[{random.NextInt(data.Length)},{random.NextInt(data.Length)}]"], random), data);
        }
    }

    /// <summary>JSON, changed in one of many ways.</summary>
    public static byte[] OfJson(byte[] whole, RandomSource random)
    {
        var json = Encoding.UTF8.GetString(whole);
        switch (random.NextInt(8))
        {
            case 0:
                return whole[..random.NextInt(whole.Length)];
            case 1:
                return Flipped(whole, random, whole.Length);
            case 2 or 3:
                return Encoding.UTF8.GetBytes(Replaced(json, Number(), Numbers, random));
            case 4:
                return Encoding.UTF8.GetBytes(Replaced(json, Number(), [new string('[', 1 + random.NextInt(5000))], random));
            case 5:
                return Encoding.UTF8.GetBytes(Replaced(json, Key(), ["\"shape\":", "\"data\":", "\"x\":", "\"hidden\":"], random));
            case 6:
                return Encoding.UTF8.GetBytes(Replaced(json, Key(), ["\"other\":"], random));
            default:
                return Encoding.UTF8.GetBytes(json[..random.NextInt(json.Length)] + json[random.NextInt(json.Length)..]);
        }
    }

    private static byte[] Flipped(byte[] whole, RandomSource random, int within)
    {
        var bytes = whole.ToArray();
        for (var flips = 1 + random.NextInt(32); flips > 0; flips--)
            bytes[random.NextInt(within)] ^= (byte)(1 << random.NextInt(8));
        return bytes;
    }

    private static string Replaced(string json, Regex what, string[] by, RandomSource random)
    {
        var matches = what.Matches(json);
        var match = matches[random.NextInt(matches.Count)];
        return json[..match.Index] + by[random.NextInt(by.Length)] + json[(match.Index + match.Length)..];
    }

    [GeneratedRegex(@"-?\b\d[\d.e+-]*")]
    private static partial Regex Number();

    [GeneratedRegex("\"dtype\":\"\\w+\"")]
    private static partial Regex Type();

    [GeneratedRegex("\"[\\w.]+\":\\{")]
    private static partial Regex Name();

    [GeneratedRegex("\"[\\w.]+\": ?")]
    private static partial Regex Key();

    [GeneratedRegex("\"shape\":\\[[^]]*\\]")]
    private static partial Regex Shape();

    [GeneratedRegex("\"data_offsets\":\\[[^]]*\\]")]
    private static partial Regex Offsets();
}

using System.Security.Cryptography;
using System.Text;

namespace CourseKit.Host.Tests.Commands;

/// <summary>Looks at a checkpoint's bytes by the rule that docs/training.md gives, without the library.</summary>
internal static class CheckpointBytes
{
    /// <summary>Whether the SHA-256 in the file is that of the file with zeros in its place.</summary>
    public static bool AreWhole(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf("\"sha256\":\""u8) + 10;
        if (at < 10 || at + 64 > bytes.Length)
            return false;
        var written = Encoding.ASCII.GetString(bytes, at, 64);
        bytes.AsSpan(at, 64).Fill((byte)'0');
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == written;
    }
}

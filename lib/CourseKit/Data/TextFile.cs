using System.Text;
using System.Text.Unicode;

namespace CourseKit.Data;

/// <summary>Reads text, and says plainly when a file is not text.</summary>
public static class TextFile
{
    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads a whole file of UTF-8 text. A byte order mark at its start is left out; line ends stay as they are.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">The file is missing, cannot be read, is empty, has NUL bytes, or is not UTF-8; the message names the first bad byte.</exception>
    public static string Read(string path)
    {
        var bytes = ReadBytes(path).AsSpan();
        if (bytes.StartsWith(Utf8Mark))
            bytes = bytes[Utf8Mark.Length..];
        if (bytes.IsEmpty)
            throw new DataException($"'{path}' is empty. Give a file with text in it.");
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new DataException($"'{path}' is UTF-16, not UTF-8. Save it as UTF-8.");

        var nul = bytes.IndexOf((byte)0);
        if (nul >= 0)
            throw new DataException($"'{path}' is not text: the byte at offset {nul} is 0. Give a text file in UTF-8.");
        if (!Utf8.IsValid(bytes))
        {
            var bad = FirstInvalid(bytes);
            throw new DataException($"'{path}' is not UTF-8: the byte 0x{bytes[bad]:X2} at offset {bad} begins no character. Save the file as UTF-8.");
        }
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads the lines of a file of UTF-8 text, without their ends: \n, \r\n or \r.</summary>
    /// <param name="path">The file.</param>
    /// <returns>All lines, empty ones too; none for what follows a last line end.</returns>
    /// <exception cref="DataException">As <see cref="Read"/>.</exception>
    public static IReadOnlyList<string> ReadLines(string path)
    {
        var lines = new List<string>();
        using var reader = new StringReader(Read(path));
        while (reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>All bytes of a file that has an end. Devices and pipes, which may never end or block when they are opened, have no length, and are not opened.</summary>
    internal static byte[] ReadBytes(string path)
    {
        try
        {
            return HasLength(path) ? File.ReadAllBytes(path) : [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"There is no file '{path}'. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            var isFolder = Directory.Exists(path);
            throw new DataException(isFolder ? $"'{path}' is a folder. Give a text file." : $"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static bool HasLength(string path)
    {
        var file = new FileInfo(path);
        var target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo;
        if (!file.Exists || target is { Exists: true, Length: > 0 })
            return true;
        foreach (var name in new[] { file.FullName, target?.FullName })
        {
            if (!OperatingSystem.IsWindows() && (name?.StartsWith("/dev/", StringComparison.Ordinal) == true || name?.StartsWith("/proc/", StringComparison.Ordinal) == true))
                throw new DataException($"'{path}' is no ordinary file. Give a text file.");
        }
        return false;
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var consumed) == System.Buffers.OperationStatus.Done)
            offset += consumed;
        return offset;
    }
}

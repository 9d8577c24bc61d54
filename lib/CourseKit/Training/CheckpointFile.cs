using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CourseKit.Interchange;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>
/// A safetensors file that knows its own SHA-256, and the one before it. The metadata's "sha256" holds, in 64 hexadecimal digits, the hash of the whole file with 64 zeros in
/// their place.
/// </summary>
internal sealed partial class CheckpointFile(string path)
{
    private const string HashName = "sha256";
    private const int HashLength = 64;

    // While the newest is damaged it must not take the place of the good one before it.
    private bool _newestIsWhole = true;

    public string Path { get; } = path;

    public string Previous => Path + ".previous";

    public bool Exists => File.Exists(Path) || File.Exists(Previous);

    // Of a fixed name: what a killed process leaves behind is overwritten by the next one.
    private string Temporary => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, $".{System.IO.Path.GetFileName(Path)}.tmp");

    /// <summary>Finds out before hours of work whether the file could be written.</summary>
    public void RequireWritable()
    {
        try
        {
            if (Directory.Exists(Path))
                throw new IOException("it is a folder");
            File.WriteAllBytes(Temporary, []);
            File.Delete(Temporary);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Writes a new newest; the newest becomes the one before. At every moment a whole one is on the disk.</summary>
    public void Write(IEnumerable<KeyValuePair<string, Tensor>> tensors, Dictionary<string, string> texts)
    {
        try
        {
            using (var file = new FileStream(Temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
            {
                texts[HashName] = new string('0', HashLength);
                Safetensors.Write(file, [.. tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal)], texts);
                var (at, _) = FindHash(file);
                file.Position = 0;
                var hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(file)));
                file.Position = at;
                file.Write(hash);
                file.Flush(flushToDisk: true);
            }
            if (_newestIsWhole && File.Exists(Path))
                File.Replace(Temporary, Path, Previous);
            else
                File.Move(Temporary, Path, overwrite: true);
            FlushFolder();
            _newestIsWhole = true;
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            Discard();
            throw CannotWrite(e);
        }
    }

    /// <summary>Reads the newest, or the one before when the newest is damaged or missing.</summary>
    /// <returns>The content, and what is wrong with the newest; null when nothing is.</returns>
    public (SafetensorsFile Content, string? Damage) Read()
    {
        try
        {
            return (Read(Path), null);
        }
        catch (CheckpointException newest)
        {
            _newestIsWhole = false;
            try
            {
                return (Read(Previous), newest.Message);
            }
            catch (CheckpointException previous)
            {
                throw new CheckpointException($"{newest.Message}. {previous.Message}. Put a good copy in its place, or delete both and begin anew.", newest);
            }
        }
    }

    private static SafetensorsFile Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var (at, written) = FindHash(file);
            if (written != HashWithout(file, at))
                throw new CheckpointException($"The checkpoint '{path}' is damaged (its SHA-256 is not the one that it was written with)");
            file.Position = 0;
            return Safetensors.Read(path, file);
        }
        catch (FileNotFoundException e)
        {
            throw new CheckpointException($"The checkpoint '{path}' is missing", e);
        }
        catch (Exception e) when (IsOfTheDisk(e) || e is SafetensorsException)
        {
            throw new CheckpointException($"The checkpoint '{path}' cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    // Quotes inside JSON texts are escaped, so these bytes stand nowhere in the header but before the hash.
    private static (long At, string Hash) FindHash(FileStream file)
    {
        file.Position = 0;
        Span<byte> prefix = stackalloc byte[8];
        if (file.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) == prefix.Length)
        {
            var header = new byte[Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(prefix), (ulong)Math.Min(file.Length - prefix.Length, Safetensors.LongestHeader))];
            file.ReadExactly(header);
            var key = Encoding.ASCII.GetBytes($"\"{HashName}\":\"");
            var found = header.AsSpan().IndexOf(key) + key.Length;
            if (found >= key.Length && found + HashLength <= header.Length)
                return (prefix.Length + found, Encoding.ASCII.GetString(header, found, HashLength));
        }
        throw new CheckpointException($"The checkpoint '{file.Name}' is damaged (it has no SHA-256 in its header)");
    }

    private static string HashWithout(FileStream file, long at)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        file.Position = 0;
        int read;
        for (var start = 0L; (read = file.Read(buffer)) > 0; start += read)
        {
            var zeros = buffer.AsSpan(0, read);
            for (var i = Math.Max(at - start, 0); i < Math.Min(at - start + HashLength, read); i++)
                zeros[(int)i] = (byte)'0';
            hash.AppendData(zeros);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The rename itself must reach the disk, which on Unix is a matter of the folder; elsewhere, and where the file system cannot, it is left to the system.</summary>
    private void FlushFolder()
    {
        if (OperatingSystem.IsWindows())
            return;
        var folder = Open(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!, 0);
        if (folder < 0)
            return;
        _ = Flush(folder);
        _ = Close(folder);
    }

    private void Discard()
    {
        try
        {
            File.Delete(Temporary);
        }
        catch (Exception e) when (IsOfTheDisk(e))
        {
            // The first failure is the one to report.
        }
    }

    private CheckpointException CannotWrite(Exception why)
    {
        var reason = why switch
        {
            DirectoryNotFoundException => "there is no such folder",
            // The system's message names the temporary file, which nobody knows: only what stands before it matters.
            _ => why.Message.Split(" : '")[0].TrimEnd('.'),
        };
        return new($"The checkpoint '{Path}' cannot be written: {reason}. {(Exists ? "The last one is as it was; m" : "M")}ake room, or choose a place that you may write to.", why);
    }

    private static bool IsOfTheDisk(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string folder, int readOnly);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int folder);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int folder);
}

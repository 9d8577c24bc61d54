namespace CourseKit.Host;

/// <summary>Writes a file whole or not at all: a temporary file in the same folder, then a rename.</summary>
internal static class AtomicFile
{
    /// <summary>Writes bytes. Makes the folder when it is missing; leaves no temporary file behind when it fails.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="bytes">Its whole content.</param>
    /// <exception cref="IOException">It cannot be written (disk full, read-only, a folder): the message says why.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var (full, temporary) = Prepare(path);
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw CannotWrite(full, e);
        }
    }

    /// <summary>Finds out before minutes of work whether a file could be written; leaves nothing behind but the folder.</summary>
    /// <param name="path">The file to be written later.</param>
    /// <exception cref="IOException">It cannot be written: the message says why.</exception>
    public static void CheckWritable(string path)
    {
        var (full, temporary) = Prepare(path);
        try
        {
            File.WriteAllBytes(temporary, []);
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(full, e);
        }
    }

    private static (string Full, string Temporary) Prepare(string path)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full)!;
        try
        {
            if (Directory.Exists(full))
                throw new IOException("it is a folder");
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(full, e);
        }
        return (full, Path.Combine(folder, $".{Path.GetFileName(full)}.{Environment.ProcessId}.tmp"));
    }

    /// <summary>The error that says of a path why it cannot be written.</summary>
    /// <param name="full">The path.</param>
    /// <param name="why">What the runtime threw.</param>
    public static IOException CannotWrite(string full, Exception why)
    {
        // The runtime names the temporary file after " : ", which would puzzle the reader.
        var reason = why is DirectoryNotFoundException or FileNotFoundException ? "its folder is not there and cannot be made" : why.Message.Split(" : '")[0].TrimEnd('.');
        return new IOException($"cannot write {full}: {reason}", why);
    }
}

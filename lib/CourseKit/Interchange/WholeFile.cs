namespace CourseKit.Interchange;

/// <summary>Writes a file whole or not at all: the bytes go to a temporary file in the same folder, which takes the file's place when they are on the disk.</summary>
internal static class WholeFile
{
    /// <param name="path">The file; its folder must exist. An existing file is replaced.</param>
    /// <param name="write">Writes the bytes. When it throws, nothing is left behind and an existing file is as it was.</param>
    /// <exception cref="IOException">The file cannot be written; the message says why and what to do.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string? temporary = null;
        try
        {
            var full = Path.GetFullPath(path);
            temporary = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.{Guid.NewGuid():N}.tmp");
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            Discard(temporary);
            if (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
                throw new IOException($"'{path}' cannot be written: {Reason(e)}. Choose another place, or make room and try again.", e);
            throw;
        }
    }

    private static string Reason(Exception e) => e switch
    {
        DirectoryNotFoundException => "there is no such folder",
        UnauthorizedAccessException => "the folder or the file is read-only",
        // The system's message names the temporary file, which nobody knows: only what stands before it matters.
        _ => e.Message.Split(" : '")[0].TrimEnd('.'),
    };

    private static void Discard(string? temporary)
    {
        try
        {
            if (temporary is not null)
                File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}

namespace CourseKit.Host.Jupyter;

/// <summary>The folder "kernels" in one of Jupyter's data folders: a folder for each kernelspec.</summary>
/// <param name="data">The data folder, such as ~/.local/share/jupyter; it need not exist.</param>
internal sealed class KernelsFolder(string data)
{
    /// <summary>The data folder.</summary>
    public string Data { get; } = System.IO.Path.GetFullPath(data);

    /// <summary>The folder.</summary>
    public string Path => System.IO.Path.Combine(Data, "kernels");

    /// <summary>What stands under a name, in capitals or small letters as Jupyter reads it.</summary>
    /// <param name="name">A kernel's name.</param>
    /// <returns>Null when the name is free.</returns>
    public KernelSpec? Find(string name)
    {
        try
        {
            return Directory.Exists(Path)
                ? Directory.EnumerateFileSystemEntries(Path).Where(entry => string.Equals(System.IO.Path.GetFileName(entry), name, StringComparison.OrdinalIgnoreCase))
                    .Order(StringComparer.Ordinal).Select(KernelSpec.Read).FirstOrDefault(spec => spec is not null)
                : null;
        }
        catch (UnauthorizedAccessException)
        {
            // Jupyter cannot see into it either.
            return null;
        }
    }

    /// <summary>Writes this program's kernelspec, whole or not at all. Other files in its folder stay.</summary>
    /// <param name="name">The kernel's name, which must be free or ours.</param>
    /// <returns>The kernelspec's folder.</returns>
    /// <exception cref="IOException">It cannot be written: the message says why.</exception>
    public string Install(string name)
    {
        var existing = Find(name);
        var target = existing?.Folder ?? System.IO.Path.Combine(Path, name);
        // Jupyter takes a folder for a kernel when kernel.json lies directly in it: one folder deeper it is not seen half written.
        var temporary = System.IO.Path.Combine(Path, $".coursekit.{Environment.ProcessId}.tmp");
        var staged = System.IO.Path.Combine(temporary, name);
        try
        {
            Directory.CreateDirectory(staged);
            foreach (var (file, content) in KernelSpec.Files(name))
                File.WriteAllBytes(System.IO.Path.Combine(staged, file), content);
            if (existing is null)
            {
                if (Directory.Exists(target))
                    Directory.Delete(target);
                Directory.Move(staged, target);
            }
            else
            {
                foreach (var file in KernelSpec.FileNames)
                    File.Move(System.IO.Path.Combine(staged, file), System.IO.Path.Combine(target, file), overwrite: true);
            }
            return target;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(target, e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Removes a kernelspec of ours: the files that <see cref="Install"/> writes, and the folder when nothing else is in it.</summary>
    /// <param name="spec">Ours, in this folder.</param>
    /// <returns>What else is in the folder, which stays.</returns>
    /// <exception cref="IOException">It cannot be removed: the message says why.</exception>
    public static IReadOnlyList<string> Uninstall(KernelSpec spec)
    {
        try
        {
            // kernel.json goes last: until then it can be uninstalled again.
            foreach (var file in KernelSpec.FileNames)
                File.Delete(System.IO.Path.Combine(spec.Folder, file));
            string[] others = [.. Directory.EnumerateFileSystemEntries(spec.Folder).Select(System.IO.Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
            if (others.Length == 0)
                Directory.Delete(spec.Folder);
            return others;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.CannotWrite(spec.Folder, e);
        }
    }
}

namespace CourseKit.Host.Site;

/// <summary>
/// A folder that changes whole or not at all: files go into a temporary folder beside it, which takes its place at the end.
/// It only ever replaces a folder that is empty or that it wrote itself.
/// </summary>
internal sealed class SiteFolder : IDisposable
{
    private const string Marker = ".coursekit-site";

    private readonly string _target;
    private readonly string _temporary;

    /// <summary>Makes the temporary folder.</summary>
    /// <param name="target">The folder to create or replace.</param>
    /// <exception cref="SiteException">The folder holds something else, or cannot be written.</exception>
    public SiteFolder(string target)
    {
        _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        _temporary = $"{_target}.{Environment.ProcessId}.tmp";
        if (File.Exists(_target))
            throw new SiteException($"site: {_target} is a file. Choose another folder with --out DIR.");
        Guarded(() =>
        {
            if (Directory.Exists(_target) && Directory.EnumerateFileSystemEntries(_target).Any() && !File.Exists(Path.Combine(_target, Marker)))
                throw new SiteException($"site: {_target} holds files that are not a site of this course. Choose an empty or new folder with --out DIR.");
            Dispose();
            Directory.CreateDirectory(_temporary);
        });
    }

    /// <summary>What the site in a folder came from, as <see cref="Commit"/> was told; null when there is no site or it does not say.</summary>
    /// <param name="folder">Any path.</param>
    public static string? FingerprintOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, Marker)).Trim() is { Length: > 0 } fingerprint ? fingerprint : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes one file into the temporary folder.</summary>
    /// <exception cref="SiteException">The disk is full or the folder cannot be written.</exception>
    public void Write(string name, byte[] content) => Guarded(() => File.WriteAllBytes(Path.Combine(_temporary, name), content));

    /// <summary>Puts the temporary folder in the target's place.</summary>
    /// <param name="fingerprint">What the site came from; empty when nobody will ask.</param>
    /// <exception cref="SiteException">The target cannot be replaced.</exception>
    public void Commit(string fingerprint) => Guarded(() =>
    {
        File.WriteAllText(Path.Combine(_temporary, Marker), fingerprint);
        var old = $"{_target}.{Environment.ProcessId}.old";
        var replaces = Directory.Exists(_target);
        if (replaces)
            Directory.Move(_target, old);
        try
        {
            Directory.Move(_temporary, _target);
        }
        catch when (replaces)
        {
            Directory.Move(old, _target);
            throw;
        }
        if (replaces)
            Directory.Delete(old, recursive: true);
    });

    /// <summary>Removes the temporary folder, unless <see cref="Commit"/> has made it the target.</summary>
    public void Dispose()
    {
        if (Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new SiteException(
                $"site: cannot write {_target} ({e.Message.TrimEnd('.')}). Choose a folder that you may write, on a disk with room, with --out DIR.", e);
        }
    }
}

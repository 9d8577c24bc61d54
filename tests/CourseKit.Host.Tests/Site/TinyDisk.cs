using System.Diagnostics;

namespace CourseKit.Host.Tests.Site;

/// <summary>A test that mounts a small disk of its own; skipped, with the reason, where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TinyDiskFactAttribute : FactAttribute
{
    private static readonly string? Reason = Why();

    public TinyDiskFactAttribute() => Skip = Reason;

    private static string? Why()
    {
        if (!OperatingSystem.IsLinux())
            return "Mounts a tmpfs, which only Linux has.";
        try
        {
            using var disk = new TinyDisk("size=64k");
            return null;
        }
        catch (InvalidOperationException e)
        {
            return $"Mounting a tmpfs is not allowed here: {e.Message}";
        }
    }
}

/// <summary>A tmpfs mounted on a temporary folder, gone when disposed.</summary>
public sealed class TinyDisk : IDisposable
{
    public TinyDisk(string options)
    {
        Path = Directory.CreateTempSubdirectory("coursekit-disk-").FullName;
        try
        {
            Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Path);
        }
        catch (InvalidOperationException)
        {
            Directory.Delete(Path);
            throw;
        }
    }

    public string Path { get; }

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            if (process.ExitCode != 0)
                throw new InvalidOperationException(error);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException(e.Message, e);
        }
    }
}

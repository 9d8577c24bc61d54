using System.Diagnostics;
using CourseKit.Interchange;
using CourseKit.Tensors;

namespace CourseKit.Tests.Interchange;

/// <summary>A write that fails leaves the folder as it was.</summary>
public sealed class SafetensorsWriteFailureTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-write-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Write_NoFolder_ThrowsNamingTheFile()
    {
        var path = Path.Combine(folder, "none", "model.safetensors");
        var error = Assert.Throws<SafetensorsException>(() => Write(path, 1));
        Assert.Equal($"'{path}' cannot be written: there is no such folder. Choose another place, or make room and try again.", error.Message);
    }

    [Fact]
    public void Write_FolderInItsPlace_ThrowsAndLeavesNothingBehind()
    {
        var path = Path.Combine(folder, "model.safetensors");
        Directory.CreateDirectory(path);

        var error = Assert.Throws<SafetensorsException>(() => Write(path, 1));

        Assert.StartsWith($"'{path}' cannot be written: ", error.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Write_ExistingFile_IsReplaced()
    {
        var path = Path.Combine(folder, "model.safetensors");
        Write(path, 100);
        Write(path, 1);

        Assert.Equal(1, Safetensors.Read(path).Tensors["a"].Length);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public void Write_TensorThatIsGone_ThrowsAndLeavesTheOldFile()
    {
        var path = Path.Combine(folder, "model.safetensors");
        Write(path, 1);
        var gone = CourseKit.Autograd.Tape.Inference(() => CourseKit.Autograd.Ops.Tanh(Tensor.Zeros(3)));

        Assert.Throws<InvalidOperationException>(() => Safetensors.Write(path, [KeyValuePair.Create("a", gone)]));

        Assert.Equal(1, Safetensors.Read(path).Tensors["a"].Length);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
    }

    [TmpfsFact]
    public void Write_DiskFull_ThrowsAndKeepsTheOldFile()
    {
        using var disk = new SmallDisk(folder, "size=64k");
        var path = Path.Combine(folder, "model.safetensors");
        Write(path, 1000);

        var error = Assert.Throws<SafetensorsException>(() => Write(path, 100_000));

        Assert.StartsWith($"'{path}' cannot be written: No space left on device. Choose another place, or make room and try again.", error.Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder));
        Assert.Equal(1000, Safetensors.Read(path).Tensors["a"].Length);
    }

    [TmpfsFact]
    public void Write_ReadOnlyFolder_ThrowsSayingSo()
    {
        using var disk = new SmallDisk(folder, "ro");
        var path = Path.Combine(folder, "model.safetensors");

        var error = Assert.Throws<SafetensorsException>(() => Write(path, 1));

        Assert.StartsWith($"'{path}' cannot be written: Read-only file system.", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static void Write(string path, int length) => Safetensors.Write(path, [KeyValuePair.Create("a", Tensor.Zeros(length))]);

    /// <summary>A memory file system over a folder, for as long as it is not disposed.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private readonly string folder;

        public SmallDisk(string folder, string options)
        {
            this.folder = folder;
            if (!Run("mount", "-t", "tmpfs", "-o", options, "coursekit", folder))
                throw new InvalidOperationException("mount failed");
        }

        public void Dispose() => Run("umount", folder);

        internal static bool Run(string program, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }

    /// <summary>A test that needs to mount a memory file system, which only an administrator of Linux may.</summary>
    private sealed class TmpfsFactAttribute : FactAttribute
    {
        private static readonly Lazy<bool> CanMount = new(() =>
        {
            var folder = Directory.CreateTempSubdirectory("coursekit-mount-").FullName;
            try
            {
                return SmallDisk.Run("mount", "-t", "tmpfs", "-o", "size=4k", "coursekit", folder) && SmallDisk.Run("umount", folder);
            }
            finally
            {
                Directory.Delete(folder);
            }
        });

        public TmpfsFactAttribute()
        {
            if (!CanMount.Value)
                Skip = "Mounting a small tmpfs needs Linux and the right to mount.";
        }
    }
}

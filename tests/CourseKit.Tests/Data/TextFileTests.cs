using System.Text;
using CourseKit.Data;

namespace CourseKit.Tests.Data;

public sealed class TextFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-text-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Read_Utf8_GivesTheTextWithItsLineEnds()
    {
        Assert.Equal("Grüße,\r\n😀\n", TextFile.Read(Make(Encoding.UTF8.GetBytes("Grüße,\r\n😀\n"))));
    }

    [Fact]
    public void Read_ByteOrderMark_IsLeftOut()
    {
        Assert.Equal("text", TextFile.Read(Make([0xEF, 0xBB, 0xBF, .. "text"u8])));
    }

    [Fact]
    public void Read_NoFile_ThrowsNamingIt()
    {
        var path = Path.Combine(folder, "none.txt");
        Assert.Equal($"There is no file '{path}'. Check the path.", Assert.Throws<DataException>(() => TextFile.Read(path)).Message);
    }

    [Fact]
    public void Read_Folder_ThrowsNamingIt()
    {
        Assert.Equal($"'{folder}' is a folder. Give a text file.", Assert.Throws<DataException>(() => TextFile.Read(folder)).Message);
    }

    public static TheoryData<byte[], string> BadFiles => new()
    {
        { [], "'{0}' is empty. Give a file with text in it." },
        { [0xEF, 0xBB, 0xBF], "'{0}' is empty. Give a file with text in it." },
        { [.. "GIF89a"u8, 0, 1, 0], "'{0}' is not text: the byte at offset 6 is 0. Give a text file in UTF-8." },
        { [0xFF, 0xFE, 0x61, 0x00], "'{0}' is UTF-16, not UTF-8. Save it as UTF-8." },
        { [.. "Gr"u8, 0xFC, .. "sse"u8], "'{0}' is not UTF-8: the byte 0xFC at offset 2 begins no character. Save the file as UTF-8." },
        { [.. "ä"u8, 0xC0, 0x80], "'{0}' is not UTF-8: the byte 0xC0 at offset 2 begins no character. Save the file as UTF-8." },
        { [.. "end "u8, 0xE2, 0x82], "'{0}' is not UTF-8: the byte 0xE2 at offset 4 begins no character. Save the file as UTF-8." },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void Read_NotText_ThrowsNamingFileAndMend(byte[] bytes, string message)
    {
        var path = Make(bytes);
        Assert.Equal(message.Replace("{0}", path, StringComparison.Ordinal), Assert.Throws<DataException>(() => TextFile.Read(path)).Message);
    }

    [Fact]
    public void ReadLines_EachLineEnd_IsLeftOut() => Assert.Equal(["a", "", "b", "c"], TextFile.ReadLines(Make("a\n\r\nb\rc\n"u8.ToArray())));

    [DeviceTheory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/urandom")]
    [InlineData("/dev/null")]
    [InlineData("/proc/self/status")]
    public void Read_Device_ThrowsWithoutReading(string path)
    {
        Assert.Equal($"'{path}' is no ordinary file. Give a text file.", Assert.Throws<DataException>(() => TextFile.Read(path)).Message);
        var link = Path.Combine(folder, "link.txt");
        File.CreateSymbolicLink(link, path);
        Assert.Equal($"'{link}' is no ordinary file. Give a text file.", Assert.Throws<DataException>(() => TextFile.Read(link)).Message);
    }

    [DeviceTheory]
    [InlineData("pipe")]
    public void Read_Pipe_ThrowsWithoutWaiting(string name)
    {
        var path = Path.Combine(folder, name);
        using (var make = System.Diagnostics.Process.Start("mkfifo", path))
            make.WaitForExit();
        Assert.Equal($"'{path}' is empty. Give a file with text in it.", Assert.Throws<DataException>(() => TextFile.Read(path)).Message);
    }

    [Fact]
    public void Read_LinkToAFile_ReadsIt()
    {
        var link = Path.Combine(folder, "link.txt");
        File.CreateSymbolicLink(link, Make("text"u8.ToArray()));
        Assert.Equal("text", TextFile.Read(link));
    }

    private string Make(byte[] bytes)
    {
        var path = Path.Combine(folder, "some.txt");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

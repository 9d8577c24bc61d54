using CourseKit.Interchange;
using CourseKit.Tests.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Interchange;

/// <summary>Files from strangers: always one SafetensorsException, and never memory that the file's real size does not call for.</summary>
public sealed class SafetensorsHostileTests : IDisposable
{
    private const string Good = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}""";

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-hostile-").FullName;

    private string FilePath => Path.Combine(folder, "some.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("", "the header must be a JSON object and begin with '{'")]
    [InlineData("[]", "the header must be a JSON object and begin with '{'")]
    [InlineData(" {}", "the header must be a JSON object and begin with '{'")]
    [InlineData("{", "the header is not the JSON that it should be")]
    [InlineData("{}{}", "the header is not the JSON that it should be")]
    [InlineData("""{"a":[1]}""", "tensor \"a\" must be an object, but is StartArray")]
    [InlineData("""{"a":null}""", "tensor \"a\" must be an object, but is Null")]
    [InlineData("""{"a":{}}""", "tensor \"a\" must have a dtype, a shape, and data_offsets of two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0]}}""", "tensor \"a\" must have a dtype, a shape, and data_offsets of two numbers")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "tensor \"a\" must have one dtype (a text), one shape and one data_offsets, but has \"dtype\" with String")]
    [InlineData("""{"a":{"dtype":4,"shape":[3],"data_offsets":[0,12]}}""", "but has \"dtype\" with Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"more":1}}""", "but has \"more\" with Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":3,"data_offsets":[0,12]}}""", "tensor \"a\": shape must be a list of whole numbers, but is Number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-3],"data_offsets":[0,12]}}""", "tensor \"a\": shape must be a list of whole numbers of at least 0, but holds another value at place 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3.5],"data_offsets":[0,12]}}""", "but holds another value at place 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,99999999999999999999]}}""", "tensor \"a\": data_offsets must be a list of whole numbers of at least 0, but holds another value at place 1")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[3]],"data_offsets":[0,12]}}""", "the header is not the JSON that it should be")]
    [InlineData("""{"a":{"dtype":"I8","shape":[12],"data_offsets":[0,12]}}""", "tensor \"a\" has dtype I8, but only F64, F32, F16, BF16 can be read")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""", "tensor \"a\" of F32 [2] must have 8 bytes, but its data_offsets give 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "tensor \"a\" lies at bytes 0 to 16, but the file has 12 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "tensor \"a\" lies at bytes 8 to 4, but the file has 12 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536,65536,65536,65536],"data_offsets":[0,12]}}""", "which is more than the 2147483647 numbers that a tensor holds")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,12]}}""", "which is more than the 2147483647 numbers that a tensor holds")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}""", "which is more than the 2147483647 numbers that a tensor holds")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the tensors end at byte 8 of the data, but the file has 12 bytes of data")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "tensor \"a\" must begin at byte 0 of the data, right behind the one before it, but begins at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "tensor \"b\" must begin at byte 8 of the data, right behind the one before it, but begins at 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", "tensor \"b\" must begin at byte 4 of the data, right behind the one before it, but begins at 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "the tensor \"a\" comes twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "__metadata__ \"k\" comes twice")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "__metadata__ \"k\" must be a text, but is Number")]
    [InlineData("""{"__metadata__":[],"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "__metadata__ must be an object of texts")]
    [InlineData("""{"__metadata__":{"k":"1"},"__metadata__":{},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "__metadata__ comes twice")]
    [InlineData("""{"__metadata__":{"k":"\ud800"},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "the header is not the JSON that it should be")]
    public void Read_HeaderThatDoesNotFit_ThrowsSayingWhy(string json, string why)
    {
        var message = Refused(HostileFile.Bytes(json, new byte[12]));

        Assert.StartsWith($"'{FilePath}' is not a whole safetensors file: ", message, StringComparison.Ordinal);
        Assert.Contains(why, message, StringComparison.Ordinal);
        Assert.EndsWith("It may be cut short, damaged, or of another kind; get it again.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_JsonAMillionDeep_ThrowsSayingWhy()
    {
        foreach (var json in new[] { "{\"a\":" + new string('[', 1_000_000), string.Concat(Enumerable.Repeat("{\"a\":", 200_000)) })
            Assert.StartsWith($"'{FilePath}' is not a whole safetensors file: ", Refused(HostileFile.Bytes(json, [])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1UL << 63)]
    [InlineData(0x7FFF_FFFF_FFFF_FFFF)]
    [InlineData(0x7FFF_FFFF)]
    [InlineData(3)]
    public void Read_HeaderLengthBeyondTheFile_ThrowsWithoutAllocatingIt(ulong length)
    {
        var bytes = HostileFile.Bytes(length, "{}", []);
        File.WriteAllBytes(FilePath, bytes);
        Assert.Throws<SafetensorsException>(() => Safetensors.Read(FilePath));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SafetensorsException>(() => Safetensors.Read(FilePath));

        Assert.Equal($"'{FilePath}' is not a whole safetensors file: its first 8 bytes announce a header of {length} bytes, but 2 is the most it can be. It may be cut short, damaged, or of another kind; get it again.", error.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void Read_CutAnywhere_Throws()
    {
        var whole = HostileFile.Bytes(Good, new byte[12]);
        File.WriteAllBytes(FilePath, whole);
        Assert.Equal(2, Safetensors.Read(FilePath).Tensors.Count);

        for (var length = 0; length < whole.Length; length++)
            Refused(whole[..length]);
    }

    [Fact]
    public void Read_OneByteMore_Throws()
    {
        Assert.Contains("the tensors end at byte 12 of the data, but the file has 13 bytes of data", Refused(HostileFile.Bytes(Good, new byte[13])), StringComparison.Ordinal);
    }

    /// <summary>Whatever bytes are changed, the file is read or refused; no other exception comes out.</summary>
    [Fact]
    public void Read_AnyBytesChanged_IsReadOrRefused() =>
        Prop.ForAll(Gen.Choose(0, 159).Zip(Gen.Choose(0, 255)).ArrayOf().ToArbitrary(), changes =>
        {
            var bytes = HostileFile.Bytes(Good, new byte[12]);
            foreach (var (place, value) in changes)
                bytes[place % bytes.Length] = (byte)value;
            File.WriteAllBytes(FilePath, bytes);
            try
            {
                return Safetensors.Read(FilePath).Tensors.Values.Sum(tensor => tensor.Length) <= 6;
            }
            catch (SafetensorsException)
            {
                return true;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Read_RandomBytes_Throws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Refused(bytes).Length > 0).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_NotANumber_IsRead()
    {
        File.WriteAllBytes(FilePath, HostileFile.Bytes("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", [0, 0, 0xC0, 0x7F]));
        Assert.True(float.IsNaN(Safetensors.Read(FilePath).Tensors["a"].Item()));
    }

    [Fact]
    public void Read_NoFile_ThrowsNamingIt()
    {
        var error = Assert.Throws<SafetensorsException>(() => Safetensors.Read(FilePath));
        Assert.Equal($"There is no file '{FilePath}'. Check the path.", error.Message);
    }

    [DeviceTheory]
    [InlineData("pipe")]
    public void Read_Pipe_ThrowsWithoutWaiting(string name)
    {
        var path = Path.Combine(folder, name + ".json");
        using (var make = System.Diagnostics.Process.Start("mkfifo", path))
            make.WaitForExit();

        var error = Assert.Throws<SafetensorsException>(() => Safetensors.Read(path));
        Assert.StartsWith($"'{path}' is not a whole safetensors file: it must have at least 8 bytes, but has 0. ", error.Message, StringComparison.Ordinal);
        Assert.Equal("the file is empty", CourseKit.Inspection.Parity.Check(path).Reason);
    }

    [Fact]
    public void Read_Folder_ThrowsNamingIt()
    {
        var error = Assert.Throws<SafetensorsException>(() => Safetensors.Read(folder));
        Assert.Equal($"'{folder}' is a folder. Give a safetensors file.", error.Message);
    }

    private string Refused(byte[] bytes)
    {
        File.WriteAllBytes(FilePath, bytes);
        return Assert.Throws<SafetensorsException>(() => Safetensors.Read(FilePath)).Message;
    }
}

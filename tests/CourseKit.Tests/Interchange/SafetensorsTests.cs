using System.Buffers.Binary;
using System.Text;
using CourseKit.Interchange;
using CourseKit.Tensors;
using FsCheck;
using FsCheck.Fluent;

namespace CourseKit.Tests.Interchange;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-safetensors-").FullName;

    private string FilePath => Path.Combine(folder, "some.safetensors");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Write_TwoTensors_GivesTheseBytes()
    {
        Safetensors.Write(FilePath,
            new Dictionary<string, Tensor> { ["b"] = Tensor.From([1f, -2f], 2, 1), ["a"] = Tensor.From([0.5f], new Shape()) },
            new Dictionary<string, string> { ["k"] = "v" });

        // 143 bytes of JSON, and spaces up to a multiple of 8.
        const string Json = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]}}""";
        var padded = Encoding.UTF8.GetBytes(Json.PadRight((Json.Length + 7) / 8 * 8));
        byte[] numbers = [0x00, 0x00, 0x00, 0x3F, 0x00, 0x00, 0x80, 0x3F, 0x00, 0x00, 0x00, 0xC0];
        byte[] expected = [(byte)padded.Length, 0, 0, 0, 0, 0, 0, 0, .. padded, .. numbers];
        Assert.Equal(expected, File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void WriteThenRead_AnyNumbers_GivesTheSameBits() =>
        Prop.ForAll(ArbMap.Default.ArbFor<float[]>(), ArbMap.Default.ArbFor<NonNull<string>>(), (numbers, text) =>
        {
            var value = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Get));
            float[] special = [.. numbers, float.NaN, float.PositiveInfinity, -0f, float.Epsilon];
            Safetensors.Write(FilePath,
                [KeyValuePair.Create("line", Tensor.From(special, special.Length)), KeyValuePair.Create("none", Tensor.Zeros(3, 0)), KeyValuePair.Create("\"ü\\", Tensor.From(special, 1, special.Length))],
                new Dictionary<string, string> { ["text"] = value, [""] = "" });
            var read = Safetensors.Read(FilePath);
            return read.Tensors["line"].ToArray().Select(BitConverter.SingleToUInt32Bits).SequenceEqual(special.Select(BitConverter.SingleToUInt32Bits))
                && read.Tensors["\"ü\\"].Shape == new Shape(1, special.Length) && read.Tensors["none"].Shape == new Shape(3, 0) && read.Tensors.Count == 3
                && read.Metadata["text"] == value && read.Metadata[""].Length == 0 && read.Metadata.Count == 2;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_OtherTypes_BecomeFloat32()
    {
        var data = new byte[8 + 8 + 2 + 2 + 2];
        BinaryPrimitives.WriteDoubleLittleEndian(data, 0.1);
        BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(8), -1e300);
        BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(16), (Half)1.5);
        data[18] = 0x80;
        data[19] = 0xBF;
        data[20] = 0x01;
        MakeFile("""{"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"h":{"dtype":"F16","shape":[1],"data_offsets":[16,18]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[18,22]}}""", data);

        var tensors = Safetensors.Read(FilePath).Tensors;

        Assert.Equal([0.1f, float.NegativeInfinity], tensors["d"].ToArray());
        Assert.Equal([1.5f], tensors["h"].ToArray());
        Assert.Equal([-1f, BitConverter.UInt32BitsToSingle(0x0001_0000)], tensors["b"].ToArray());
    }

    [Fact]
    public void Read_LargeHalfTensor_ConvertsEveryPart()
    {
        const int Length = 20_000;
        var data = new byte[2 * Length];
        for (var i = 0; i < Length; i++)
            BinaryPrimitives.WriteHalfLittleEndian(data.AsSpan(2 * i), (Half)(i % 100));
        MakeFile($$$"""{"h":{"dtype":"F16","shape":[200,100],"data_offsets":[0,{{{2 * Length}}}]}}""", data);

        Assert.Equal(Enumerable.Range(0, Length).Select(i => (float)(i % 100)), Safetensors.Read(FilePath).Tensors["h"].ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("__metadata__")]
    public void Write_NameThatCannotBe_Throws(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Safetensors.Write(FilePath, [KeyValuePair.Create(name, Tensor.Zeros(1))]));
        Assert.StartsWith($"Safetensors.Write: every tensor must have a name of its own that is not empty and not __metadata__, but got \"{name}\".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NameTwice_Throws()
    {
        var error = Assert.Throws<ArgumentException>(() => Safetensors.Write(FilePath, [KeyValuePair.Create("a", Tensor.Zeros(1)), KeyValuePair.Create("a", Tensor.Zeros(1))]));
        Assert.Contains("but got \"a\"", error.Message, StringComparison.Ordinal);
    }

    private void MakeFile(string json, byte[] data) => File.WriteAllBytes(FilePath, HostileFile.Bytes(json, data));
}

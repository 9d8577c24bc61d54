using System.Diagnostics;
using System.Globalization;
using CourseKit.Inspection;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Tests.Fixtures;
using CourseKit.Training;
using Xunit.Abstractions;

namespace CourseKit.Tests.Interchange;

/// <summary>Thousands of damaged files: each is read or refused with the one documented exception, at once. Safetensors cost at most twice their size; golden files, whose numbers are texts that become tensors, at most 64 times.</summary>
public sealed class MutatedFilesTests(ITestOutputHelper output) : IDisposable
{
    // What a read costs whatever the file: two buffers, the exception with its message and stack.
    private const long Fixed = 64 << 10;

    private readonly string folder = Directory.CreateTempSubdirectory("coursekit-mutated-").FullName;

    private string FilePath => Path.Combine(folder, "some");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Read_1000MutatedSafetensors_AreReadOrRefusedWithinTwiceTheirSize() => ReadSafetensors(1000, seed: 1);

    [Fact]
    [Trait("Category", "Long")]
    public void Read_10000MutatedSafetensors_AreReadOrRefusedWithinTwiceTheirSize() => ReadSafetensors(10_000, seed: 2);

    [Fact]
    public void Check_200MutatedGoldenFiles_AreComparedOrRefused() => CheckGoldenFiles(200, seed: 3);

    [Fact]
    [Trait("Category", "Long")]
    public void Check_10000MutatedGoldenFiles_AreComparedOrRefused() => CheckGoldenFiles(10_000, seed: 4);

    /// <summary>A header may name many things that take no data; then memory follows their number.</summary>
    [Theory]
    [InlineData("\"{0}\":{{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}}", 20_000)]
    [InlineData("\"{0}\":{{\"dtype\":\"F16\",\"shape\":[1,0],\"data_offsets\":[0,0]}}", 5_000)]
    public void Read_ManyEmptyTensors_CostsAtMost1536BytesEach(string entry, int count)
    {
        var json = "{" + string.Join(',', Enumerable.Range(0, count).Select(i => string.Format(CultureInfo.InvariantCulture, entry, i))) + "}";
        File.WriteAllBytes(FilePath, HostileFile.Bytes(json, []));
        var (_, allocated, _) = Measure(() => Assert.Equal(count, Safetensors.Read(FilePath).Tensors.Count));
        output.WriteLine($"{allocated / count} bytes a tensor, of which {json.Length / count} in the file");
        Assert.InRange(allocated, 0, (3L * json.Length) + (1536L * count) + Fixed);
    }

    [Theory]
    [InlineData("{\"__metadata__\":{\"k\":\"", "k", "\"}}")]
    [InlineData("{\"a\":{\"dtype\":\"", "F", "\"}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[", "1,", "1]}}")]
    [InlineData("{\"a\":{\"data_offsets\":[", "1,", "1]}}")]
    [InlineData("{\"", "a", "\":{}}")]
    [InlineData("{\"a\":{\"", "a", "\":1}}")]
    [InlineData("{\"a\":{\"shape\":[", "\\u0031", "]}}")]
    public void Read_HeaderOfOneLongThing_CostsAtMostThreeTimesItsSize(string before, string repeated, string after)
    {
        var json = before + string.Concat(Enumerable.Repeat(repeated, 2_000_000 / repeated.Length)) + after;
        File.WriteAllBytes(FilePath, HostileFile.Bytes(json, []));
        var (refused, allocated, _) = Measure(() => Safetensors.Read(FilePath));
        output.WriteLine($"{(refused ? "refused" : "read")}, {(double)allocated / json.Length:F2} times the size");
        Assert.InRange(allocated, 0, (3L * json.Length) + Fixed);
    }

    private void ReadSafetensors(int count, int seed)
    {
        var model = new Model(1, new Embedding(60, 32), new Lstm(32, 48, layers: 2), new Linear(48, 60));
        Safetensors.Write(FilePath, model.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Tensor)), new Dictionary<string, string> { ["format"] = "a model", ["sizes"] = "60, 32, 48" });
        byte[][] wholes = [File.ReadAllBytes(FilePath), MixedTypes()];
        var random = new RandomSource(seed);
        var totals = new Totals();
        foreach (var whole in wholes)
            Try(whole, totals);
        Assert.Equal(0, totals.Refused);

        for (var i = 0; i < count; i++)
            Try(Mutations.OfSafetensors(wholes[i % wholes.Length], random), totals);

        output.WriteLine(totals.ToString());
        Assert.InRange(totals.Refused, count / 2, count - 1);

        void Try(byte[] bytes, Totals into)
        {
            File.WriteAllBytes(FilePath, bytes);
            var (refused, allocated, seconds) = Measure(() => Safetensors.Read(FilePath));
            into.Add(refused, allocated, seconds, bytes.Length);
            Assert.True(allocated <= (2L * bytes.Length) + Fixed, $"file {into.Count}: {bytes.Length} bytes cost {allocated}");
            Assert.True(seconds < 5, $"file {into.Count} took {seconds} s");
        }
    }

    private void CheckGoldenFiles(int count, int seed)
    {
        byte[][] wholes = [.. new[] { "rnn_l1", "gru_l2_bi", "keras_gru_last", "keras_sentiment_simplernn", "optimizers", "losses", "layers", "train_rnn" }.Select(name => File.ReadAllBytes(Path.Combine(FixtureFiles.Folder, name + ".json")))];
        var random = new RandomSource(seed);
        var totals = new Totals();
        for (var i = 0; i < count; i++)
        {
            var bytes = Mutations.OfJson(wholes[i % wholes.Length], random);
            File.WriteAllBytes(FilePath, bytes);
            var agrees = false;
            var (_, allocated, seconds) = Measure(() => agrees = Parity.Check(FilePath).Agrees);
            totals.Add(!agrees, allocated, seconds, bytes.Length);
            Assert.True(allocated <= (64L * bytes.Length) + (1 << 20), $"file {i}: {bytes.Length} bytes cost {allocated}");
            Assert.True(seconds < 5, $"file {i} took {seconds} s");
        }

        output.WriteLine(totals.ToString());
        // Some changes touch what no comparison reads; most must be seen.
        Assert.InRange(totals.Refused, count / 2, count);
    }

    private static byte[] MixedTypes() => HostileFile.Bytes(
        """{"__metadata__":{"k":"v"},"a":{"dtype":"F64","shape":[100,20],"data_offsets":[0,16000]},"b":{"dtype":"F32","shape":[10,10,10],"data_offsets":[16000,20000]},"c":{"dtype":"F16","shape":[1000],"data_offsets":[20000,22000]},"d":{"dtype":"BF16","shape":[2,0,3],"data_offsets":[22000,22000]},"e":{"dtype":"F32","shape":[],"data_offsets":[22000,22004]}}""",
        new byte[22004]);

    private static (bool Refused, long Allocated, double Seconds) Measure(Action read)
    {
        var (before, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        var refused = false;
        try
        {
            read();
        }
        catch (SafetensorsException)
        {
            refused = true;
        }

        return (refused, GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed.TotalSeconds);
    }

    private sealed class Totals
    {
        private readonly TimeSpan start = Environment.CpuUsage.TotalTime;
        private double largest, slowest;

        public int Count { get; private set; }

        public int Refused { get; private set; }

        public void Add(bool refused, long allocated, double seconds, long size)
        {
            Count++;
            Refused += refused ? 1 : 0;
            largest = Math.Max(largest, (double)Math.Max(0, allocated - Fixed) / Math.Max(size, 1));
            slowest = Math.Max(slowest, seconds);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{Count} files, {Refused} refused; most memory beyond {Fixed >> 10} KiB {largest:F2} times the file's size, slowest {slowest * 1000:F1} ms, {(Environment.CpuUsage.TotalTime - start).TotalSeconds:F1} s of CPU time, peak working set of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
    }
}

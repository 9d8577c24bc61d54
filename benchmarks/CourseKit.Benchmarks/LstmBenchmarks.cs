using BenchmarkDotNet.Attributes;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Benchmarks;

/// <summary>One LSTM layer over a batch of sequences of 50 steps, forward and back through time.</summary>
[MemoryDiagnoser]
public class LstmBenchmarks
{
    private const int Steps = 50;
    private CpuBackend _backend = new(1);
    private Storage? _x, _y, _h, _c, _weightIh, _weightHh, _bias, _reserve, _dY, _dX, _dIh, _dHh, _dBias;

    [Params(1, 0)]
    public int Threads { get; set; }

    /// <summary>Batch size, and what goes in and out of each step.</summary>
    [Params("32x128", "64x256")]
    public string Shape { get; set; } = "";

    private int BatchSize => Shape == "32x128" ? 32 : 64;

    private int Hidden => Shape == "32x128" ? 128 : 256;

    [GlobalSetup]
    public void Setup()
    {
        _backend = new CpuBackend(Threads);
        var (rows, h) = (BatchSize * Steps, Hidden);
        Storage New(int length)
        {
            var storage = _backend.Rent(length);
            _backend.Fill(storage, 0.01f);
            return storage;
        }

        (_x, _y, _dY, _dX) = (New(rows * h), New(rows * h), New(rows * h), New(rows * h));
        (_h, _c, _bias, _dBias) = (New(BatchSize * h), New(BatchSize * h), New(4 * h), New(4 * h));
        (_weightIh, _weightHh, _dIh, _dHh) = (New(4 * h * h), New(4 * h * h), New(4 * h * h), New(4 * h * h));
        _reserve = New(_backend.LstmReserve(Sequence));
        Forward();
    }

    private RecurrentSequence Sequence => new()
    {
        B = BatchSize,
        T = Steps,
        I = Hidden,
        H = Hidden,
        X = _x!,
        WeightIh = _weightIh!,
        WeightHh = _weightHh!,
        BiasIh = _bias,
        BiasHh = _bias,
    };

    [Benchmark]
    public void Forward() => _backend.LstmForward(Sequence, _y!, _h!, _c!, _reserve);

    [Benchmark]
    public void Backward() => _backend.LstmBackward(Sequence, _y!, _reserve!, new RecurrentGradients
    {
        DY = _dY,
        DX = _dX,
        DWeightIh = _dIh,
        DWeightHh = _dHh,
        DBiasIh = _dBias,
        DBiasHh = _dBias,
    });
}

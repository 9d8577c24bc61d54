using BenchmarkDotNet.Attributes;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Benchmarks;

/// <summary>Products as layers use them: forward (b transposed), gradient of the input, gradient of the weights (a transposed).</summary>
[MemoryDiagnoser]
public class MatMulBenchmarks
{
    private CpuBackend _backend = new(1);
    private Storage? _a, _b, _c;

    [Params(1, 0)]
    public int Threads { get; set; }

    [Params(128, 1024)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _backend = new CpuBackend(Threads);
        (_a, _b, _c) = (_backend.Rent(Size * Size), _backend.Rent(Size * Size), _backend.Rent(Size * Size));
        _backend.Fill(_a, 0.5f);
        _backend.Fill(_b, 0.25f);
    }

    [Benchmark]
    public void Forward() => _backend.MatMul(_a!, _b!, _c!, Size, Size, Size, transposeA: false, transposeB: true, accumulate: false);

    [Benchmark]
    public void InputGradient() => _backend.MatMul(_a!, _b!, _c!, Size, Size, Size, transposeA: false, transposeB: false, accumulate: false);

    [Benchmark]
    public void WeightGradient() => _backend.MatMul(_a!, _b!, _c!, Size, Size, Size, transposeA: true, transposeB: false, accumulate: false);
}

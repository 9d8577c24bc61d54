using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;

using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace CourseKit.Gpu.Tests;

/// <summary>What ILGPU makes of every kernel for NVIDIA's GPUs, as text: that it compiles without a GPU, and that nothing in it loses digits or order.</summary>
public partial class PtxTests
{
    private static readonly Assembly Library = typeof(GpuBackend).Assembly;

    private static readonly Type[] Operations = [.. Library.GetTypes().Where(type => type.IsValueType && (Is(type, typeof(IEach)) || Is(type, typeof(IGrouped)))).SelectMany(Closed)];

    public static TheoryData<int, int> Architectures { get; } = new() { { 6, 0 }, { 7, 5 }, { 8, 0 }, { 9, 0 } };

    [Fact]
    public void Operations_AreAllOfTheLibrary() => Assert.InRange(Operations.Length, 60, 200);

    [Theory]
    [MemberData(nameof(Architectures))]
    public void EveryKernel_CompilesAndKeepsItsDigits(int major, int minor)
    {
        var architecture = new CudaArchitecture(major, minor);
        using var context = Context.Create(_ => { });
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, null);
        var faults = new List<string>();
        foreach (var operation in Operations)
        {
            var text = Compile(backend, operation);
            // ILGPU 1.5.3 names sm_80 for newer GPUs, whose drivers compile it for them.
            Assert.Contains($".target sm_{Math.Min(80, (10 * major) + minor)}", text, StringComparison.Ordinal);

            // A device's own functions of few digits, float64, which most GPUs do slowly, and sums in an order that differs from run to run.
            faults.AddRange(from match in Unwanted().Matches(text) select $"{operation.Name}: {match.Value}");

            // Numbers that a thread holds must lie in registers, and what a group holds in the 48 KB that every GPU has.
            if (text.Contains(".local ", StringComparison.Ordinal)) faults.Add($"{operation.Name}: local memory");
            var shared = Shared().Matches(text).Sum(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
            if (shared > 48 * 1024) faults.Add($"{operation.Name}: {shared} bytes of shared memory");
        }

        Assert.Empty(faults.Distinct());
    }

    /// <summary>The check above sees what it is for: a kernel with MathF.Tanh has what it looks for.</summary>
    [Fact]
    public void Unwanted_InAKernelOfTheDevicesOwnFunctions_IsFound()
    {
        var architecture = new CudaArchitecture(7, 5);
        using var context = Context.Create(_ => { });
        using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, CudaInstructionSet.ISA_80, null);
        Assert.Matches(Unwanted(), Compile(backend, typeof(OwnTanh)));
    }

    private static string Compile(PTXBackend backend, Type operation)
    {
        var entry = typeof(Kernels).GetMethod(Is(operation, typeof(IEach)) ? nameof(Kernels.Each) : nameof(Kernels.Grouped), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(operation);
        return ((PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(entry), KernelSpecialization.Empty)).PTXAssembly;
    }

    // An operation over cells, tiles or terms is one for each of them.
    private static IEnumerable<Type> Closed(Type type)
    {
        if (!type.IsGenericTypeDefinition) return [type];
        var wanted = type.GetGenericArguments()[0].GetGenericParameterConstraints().Single(constraint => constraint.IsInterface);
        return Library.GetTypes().Where(argument => argument.IsValueType && !argument.IsGenericTypeDefinition && Is(argument, wanted)).Select(argument => type.MakeGenericType(argument));
    }

    private static bool Is(Type type, Type wanted) => wanted.IsAssignableFrom(type);

    [GeneratedRegex(@"\b(?:(?:tanh|sin|cos|lg2|ex2|sqrt|rsqrt|rcp|div)\.(?:approx|full)\S*|\S*\.f64\S*|(?:atom|red)\.\S+)")]
    private static partial Regex Unwanted();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8 \S+\[(\d+)\]")]
    private static partial Regex Shared();

    internal struct OwnTanh : IEach
    {
        public ArrayView<float> X { get; init; }

        public readonly void At(int i)
        {
            var x = X;
            x[i] = MathF.Tanh(x[i]);
        }
    }
}

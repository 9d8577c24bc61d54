namespace CourseKit.Benchmarks;

/// <summary>One case on all programs.</summary>
/// <param name="Kit">The kit's.</param>
/// <param name="PyTorch">PyTorch's; null where it was not measured.</param>
/// <param name="OnnxRuntime">That of ONNX Runtime; null where it was not measured.</param>
internal sealed record BenchResults(BenchResult Kit, BenchResult? PyTorch, BenchResult? OnnxRuntime)
{
    /// <summary>Takes the medians of all runners.</summary>
    public static BenchResults Of(BenchCase one, Runner kit, Runner? pyTorch, Runner? onnxRuntime) =>
        new(BenchResult.Of(one, kit, isKit: true), Peer(one, pyTorch), Peer(one, onnxRuntime));

    private static BenchResult? Peer(BenchCase one, Runner? peer) => peer is null ? null : BenchResult.Of(one, peer, isKit: false);
}

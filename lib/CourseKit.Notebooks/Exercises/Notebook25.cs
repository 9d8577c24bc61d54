namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 25.</summary>
internal static class Notebook25
{
    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<int, int, int, int, int, (double, double)>>("25.1", "(double, double) LstmFlops(int inputSize, int hiddenSize, int layers, int batchSize, int steps)",
            solution: (inputSize, hiddenSize, layers, batchSize, steps) => Both(Forward(inputSize, hiddenSize, layers) * batchSize * steps, 3),
            cases: [[8, 32, 1, 4, 10], [8, 32, 3, 4, 10], [64, 16, 2, 1, 5]],
            parts: ["forward", "training step"],
            mistakes:
            [
                new("A multiplication and an addition are two operations: a product [m, k]·[k, n] costs 2·m·k·n.", (inputSize, hiddenSize, layers, batchSize, steps) => Both(Forward(inputSize, hiddenSize, layers) * batchSize * steps / 2, 3)),
                new("An LSTM makes four parts, i, f, g and o, each with a product of its own.", (inputSize, hiddenSize, layers, batchSize, steps) => Both(Forward(inputSize, hiddenSize, layers) * batchSize * steps / 4, 3)),
                new("Only the first layer reads the input. The layers above read the states of the one below.",
                    (inputSize, hiddenSize, layers, batchSize, steps) => Both(Forward(inputSize, hiddenSize, 1) * layers * batchSize * steps, 3)),
                new("Each layer has two products: one with its input, and one with its own state of the time step before.",
                    (inputSize, hiddenSize, layers, batchSize, steps) => Both(8.0 * hiddenSize * (inputSize + ((layers - 1.0) * hiddenSize)) * batchSize * steps, 3)),
                new("The work is done at every time step: the weights are shared, the products are not.", (inputSize, hiddenSize, layers, batchSize, _) => Both(Forward(inputSize, hiddenSize, layers) * batchSize, 3)),
                new("Every example of the batch needs its own products.", (inputSize, hiddenSize, layers, _, steps) => Both(Forward(inputSize, hiddenSize, layers) * steps, 3)),
                new("Backward makes two products for each one of forward, for the gradient of the input and for that of the weights. Forward itself counts too.",
                    (inputSize, hiddenSize, layers, batchSize, steps) => Both(Forward(inputSize, hiddenSize, layers) * batchSize * steps, 2)),
            ],
            tolerance: 0.5),
        Exercise.OfFunction<Func<double, double, double, double, double, double, double>>("25.2", "double StepSeconds(double launches, double flops, double bytes, double launch, double peak, double bandwidth)",
            solution: (launches, flops, bytes, launch, peak, bandwidth) => (launches * launch) + Math.Max(flops / peak, bytes / bandwidth),
            cases: [[449.0, 2e9, 1e8, 1e-5, 1e12, 4e11], [57.0, 1e9, 8e9, 2e-5, 1e13, 4e11], [1000.0, 3e10, 2e9, 5e-6, 1e13, 1e12]],
            mistakes:
            [
                new("Operations and fetching go on at the same time, so the slower of the two decides. Yours lets one wait for the other.",
                    (launches, flops, bytes, launch, peak, bandwidth) => (launches * launch) + (flops / peak) + (bytes / bandwidth)),
                new("The slower one decides, not the faster one.", (launches, flops, bytes, launch, peak, bandwidth) => (launches * launch) + Math.Min(flops / peak, bytes / bandwidth)),
                new("Launches come on top of the work: while the device is asked it does not compute. Only operations and bytes are hidden behind each other.",
                    (launches, flops, bytes, launch, peak, bandwidth) => Math.Max(launches * launch, Math.Max(flops / peak, bytes / bandwidth))),
                new("Every launch costs its time, not only one of them.", (_, flops, bytes, launch, peak, bandwidth) => launch + Math.Max(flops / peak, bytes / bandwidth)),
                new("The launches are missing. For small networks they are nearly all there is.", (_, flops, bytes, _, peak, bandwidth) => Math.Max(flops / peak, bytes / bandwidth)),
                new("The bytes are missing: where few operations come on each byte, memory decides.", (launches, flops, _, launch, peak, _) => (launches * launch) + (flops / peak)),
                new("Operations belong to the peak, bytes to the bandwidth. Yours are exchanged.", (launches, flops, bytes, launch, peak, bandwidth) => (launches * launch) + Math.Max(flops / bandwidth, bytes / peak)),
            ],
            tolerance: 1e-9),
        Exercise.OfFunction<Func<int[], double[], double[], int>>("25.3", "int WinsFrom(int[] sizes, double[] cpu, double[] gpu)",
            solution: (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => Wins(cpu[k..], gpu[k..])).Select(k => sizes[k]).FirstOrDefault(),
            cases:
            [
                [new[] { 16, 32, 64, 128 }, new[] { 1.0, 3, 9, 30 }, new[] { 4.0, 4, 5, 6 }],
                [new[] { 8, 16, 32, 64, 128, 256 }, new[] { 2.0, 5, 3, 6, 9, 40 }, new[] { 4.0, 4, 4, 6, 7, 8 }],
                [new[] { 16, 32, 64 }, new[] { 1.0, 2, 3 }, new[] { 2.0, 2, 3 }],
                [new[] { 16, 32, 64 }, new[] { 5.0, 6, 7 }, new[] { 4.0, 4, 9 }],
                [new[] { 32, 64 }, new[] { 5.0, 6 }, new[] { 4.0, 4 }],
            ],
            mistakes:
            [
                new("You stop at the first size at which the GPU is faster, but it loses again at a larger one. It must be faster from there to the end.",
                    (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => gpu[k] < cpu[k]).Select(k => sizes[k]).FirstOrDefault()),
                new("As fast as the processor is not faster: equal times are no victory.", (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => Enumerable.Range(k, sizes.Length - k).All(j => gpu[j] <= cpu[j])).Select(k => sizes[k]).FirstOrDefault()),
                new("Return the hidden size, not its place in the list.", (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).FirstOrDefault(k => Wins(cpu[k..], gpu[k..]))),
                new("That is where the processor wins. A smaller time is the better one.", (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => Wins(gpu[k..], cpu[k..])).Select(k => sizes[k]).FirstOrDefault()),
                new("That is the last size at which the GPU still loses. It wins from the next one on.", (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => gpu[k] >= cpu[k]).Select(k => sizes[k]).LastOrDefault()),
                new("Where the processor is as fast or faster at the largest size, there is no size from which on the GPU wins: return 0.",
                    (sizes, cpu, gpu) => Enumerable.Range(0, sizes.Length).Where(k => Wins(cpu[k..], gpu[k..])).Select(k => sizes[k]).FirstOrDefault(sizes[^1])),
            ]),
        Exercise.OfFunction<Func<int, int, int, int, long>>("25.4", "long FileBytes(int V, int E, int H, int layers)",
            solution: (V, E, H, layers) => 4 * Numbers(V, E, H, layers, biases: 2),
            cases: [[63, 32, 96, 1], [63, 32, 96, 3], [10, 4, 2, 2]],
            mistakes:
            [
                new("That is how many numbers there are. A number in float32 takes 4 bytes.", (V, E, H, layers) => Numbers(V, E, H, layers, biases: 2)),
                new("Each layer has two biases, one beside either matrix: that is PyTorch's layout.", (V, E, H, layers) => 4 * Numbers(V, E, H, layers, biases: 1)),
                new("The layers have biases too, two of them with 4H numbers each.", (V, E, H, layers) => 4 * Numbers(V, E, H, layers, biases: 0)),
                new("Only the first layer reads the embedding. The layers above read H numbers.", (V, E, H, layers) => 4 * (Numbers(V, E, H, 1, biases: 2) + ((layers - 1) * 4L * H * (E + H + 2)))),
                new("float32 takes 4 bytes a number; 8 is float64.", (V, E, H, layers) => 8 * Numbers(V, E, H, layers, biases: 2)),
                new("The decoder has a bias as well, one number for each character.", (V, E, H, layers) => 4 * (Numbers(V, E, H, layers, biases: 2) - V)),
                new("The embedding is learned, and lies in the file like every other weight.", (V, E, H, layers) => 4 * (Numbers(V, E, H, layers, biases: 2) - ((long)V * E))),
            ]),
    ];

    // Operations of the products forward, an example and time step.
    private static double Forward(int inputSize, int hiddenSize, int layers) =>
        Enumerable.Range(0, layers).Sum(layer => 2.0 * 4 * hiddenSize * ((layer == 0 ? inputSize : hiddenSize) + hiddenSize));

    private static (double, double) Both(double forward, double times) => (forward, times * forward);

    private static bool Wins(double[] cpu, double[] gpu) => gpu.Zip(cpu).All(pair => pair.First < pair.Second);

    private static long Numbers(int V, int E, int H, int layers, int biases) =>
        ((long)V * E) + Enumerable.Range(0, layers).Sum(layer => 4L * H * ((layer == 0 ? E : H) + H + biases)) + ((long)V * H) + V;
}

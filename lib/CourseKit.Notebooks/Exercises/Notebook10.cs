namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 10.</summary>
internal static class Notebook10
{
    private static readonly double[][] X = [[1, -2], [0.5, 3], [2, 1]];

    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<int, int, int, bool, int[][]>>("10.1", "int[][] WeightShapes(int inputSize, int hiddenSize, int layers, bool bidirectional)",
            solution: (inputSize, hiddenSize, layers, both) => Shapes(layers, l => [4 * hiddenSize, l == 0 ? inputSize : Width(hiddenSize, both)]),
            cases: [[8, 32, 3, false], [8, 32, 2, true], [100, 20, 1, true]],
            mistakes:
            [
                new("Only the first layer reads the input. What does the second one read?", (inputSize, hiddenSize, layers, _) => Shapes(layers, _ => [4 * hiddenSize, inputSize])),
                new("In both directions the layer below gives two states for each time step, one behind the other. The layer above reads both.", (inputSize, hiddenSize, layers, _) => Shapes(layers, l => [4 * hiddenSize, l == 0 ? inputSize : hiddenSize])),
                new("An LSTM has four parts, i, f, g and o, and their weights lie below one another in one matrix.", (inputSize, hiddenSize, layers, both) => Shapes(layers, l => [hiddenSize, l == 0 ? inputSize : Width(hiddenSize, both)])),
                new("Weights are [to, from]: rows are what comes out, columns what goes in.", (inputSize, hiddenSize, layers, both) => Shapes(layers, l => [l == 0 ? inputSize : Width(hiddenSize, both), 4 * hiddenSize])),
                new("Each direction has a matrix of its own, with the rows of one. What doubles is what the next layer reads.", (inputSize, hiddenSize, layers, both) => Shapes(layers, l => [4 * Width(hiddenSize, both), l == 0 ? inputSize : Width(hiddenSize, both)])),
                new("The first layer reads the input, whatever the size of its state.", (_, hiddenSize, layers, both) => Shapes(layers, _ => [4 * hiddenSize, Width(hiddenSize, both)])),
            ],
            parts: ["result[layer, dimension]"]),
        Exercise.OfFunction<Func<Func<double[][], double[][]>[], double[][], double[][]>>("10.2", "double[][] Deep(Func<double[][], double[][]>[] layers, double[][] x)",
            solution: (layers, x) => layers[1..].Aggregate(layers[0](x), (h, layer) => Add(h, layer(h))),
            cases: [[Layers(3), X], [Layers(2), X], [Layers(1), X]],
            mistakes:
            [
                new("This is a plain stack: each layer's result replaces what it read. Add what a layer read to what it makes of it.", (layers, x) => layers.Aggregate(x, (h, layer) => layer(h))),
                new("You add the very first input each time. A layer adds what it read itself: the result of the layer below.", (layers, x) => layers[1..].Aggregate(layers[0](x), (h, layer) => Add(x, layer(h)))),
                new("The first layer must not be added to the input, which mostly has another size.", (layers, x) => layers.Aggregate(x, (h, layer) => Add(h, layer(h)))),
                new("Every layer read the input of the first. They are stacked: each reads the result of the one below.", (layers, x) => layers[1..].Aggregate(layers[0](x), (h, layer) => Add(h, layer(x)))),
                new("You add what the layer made twice and never what it read.", (layers, x) => layers[1..].Aggregate(layers[0](x), (h, layer) => Add(layer(h), layer(h)))),
            ],
            parts: ["result[time, feature]"]),
        Exercise.OfFunction<Func<double, int, bool, double>>("10.3", "double SlopeThrough(double slope, int layers, bool residual)",
            solution: (slope, layers, residual) => Math.Pow(residual ? 1 + slope : slope, layers),
            cases: [[0.1, 8, false], [0.1, 8, true], [0.5, 3, false], [0.5, 3, true], [-0.2, 4, true]],
            mistakes:
            [
                new("With a residual each layer is y = x + f(x). What is the derivative of x itself?", (slope, layers, _) => Math.Pow(slope, layers)),
                new("Slopes of functions behind one another multiply, they do not add: the chain rule.", (slope, layers, residual) => layers * (residual ? 1 + slope : slope)),
                new("You added one way around the whole stack. Here each layer has a way around it.", (slope, layers, residual) => (residual ? 1 : 0) + Math.Pow(slope, layers)),
                new("x + f(x) has the sum of both slopes, not the slope of x alone: the layer still counts.", (slope, layers, residual) => residual ? 1 : Math.Pow(slope, layers)),
                new("Also without a residual you add the way around. Look at the argument `residual`.", (slope, layers, _) => Math.Pow(1 + slope, layers)),
            ]),
    ];

    private static int Width(int hiddenSize, bool both) => both ? 2 * hiddenSize : hiddenSize;

    private static int[][] Shapes(int layers, Func<int, int[]> shape) => [.. Enumerable.Range(0, layers).Select(shape)];

    // Layers that change every number by itself, all in another way, so that their order shows.
    private static Func<double[][], double[][]>[] Layers(int count) =>
    [
        .. Enumerable.Range(0, count).Select(k => (Func<double[][], double[][]>)(rows => [.. rows.Select(row => row.Select(value => Math.Tanh((k + 1) * value) - 0.3 * k).ToArray())]))
    ];

    private static double[][] Add(double[][] a, double[][] b) => [.. a.Zip(b, (row, other) => row.Zip(other, (x, y) => x + y).ToArray())];
}

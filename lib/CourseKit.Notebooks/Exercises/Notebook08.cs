namespace CourseKit.Notebooks;

/// <summary>The exercises of notebook 08.</summary>
internal static class Notebook08
{
    public static IReadOnlyList<Exercise> All { get; } =
    [
        Exercise.OfFunction<Func<double[,], int, double[,]>>("08.1", "double[,] FromKeras(double[,] kernel, int hiddenSize)",
            solution: (kernel, hiddenSize) => Rows(kernel, hiddenSize, 1, 0, 2),
            cases: [[Ramp(2, 6), 2], [Ramp(3, 3), 1]],
            mistakes:
            [
                new("Transposed it is right, but the gates are still in Keras' order, z, r, h.", (kernel, hiddenSize) => Rows(kernel, hiddenSize, 0, 1, 2)),
                new("The order of the gates is right, but the matrix must be transposed: rows are what the gates give, columns what they read.", (kernel, hiddenSize) => Transpose(Rows(kernel, hiddenSize, 1, 0, 2))),
                new("The candidate stands last in both, as h and as n. Which two change places?", (kernel, hiddenSize) => Rows(kernel, hiddenSize, 2, 1, 0)),
                new("The update gate has the other sign here, but Keras blends in the same direction: no sign changes.", (kernel, hiddenSize) => Signed(Rows(kernel, hiddenSize, 1, 0, 2), hiddenSize, 1)),
                new("A gate is a block of hiddenSize columns, not every third column.", (kernel, hiddenSize) => Interleaved(kernel, hiddenSize)),
            ]),
        Exercise.OfFunction<Func<double[,], int, double[,]>>("08.2", "double[,] FromSlides(double[,] weight, int hiddenSize)",
            solution: (weight, hiddenSize) => Signed(weight, hiddenSize, 0),
            cases: [[Ramp(4, 3), 2], [Ramp(2, 2), 1], [Ramp(6, 1), 3]],
            mistakes:
            [
                new("With the same weights z is Γu, and the blend goes the other way: what should be kept is replaced.", (weight, _) => weight),
                new("The candidate must stay as it is. Only the gate is turned round.", (weight, hiddenSize) => Signed(Signed(weight, hiddenSize, 0), hiddenSize, 1)),
                new("These are the candidate's rows; the update gate's are the first.", (weight, hiddenSize) => Signed(weight, hiddenSize, 1)),
                new("z is 1 - Γu, but that is behind the sigmoid. Which weights give σ a sum for which it becomes 1 - σ?", (weight, hiddenSize) => Map(weight, (row, value) => row < hiddenSize ? 1 - value : value)),
                new("The gates need not change places: update gate first, candidate second, in both.", (weight, hiddenSize) => Swapped(weight, hiddenSize)),
            ]),
        Exercise.OfFunction<Func<string, int, int, int>>("08.3", "int Parameters(string kind, int inputSize, int hiddenSize)",
            solution: (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 2),
            cases: [.. new[] { "rnn", "mgu", "gru", "lstm", "peephole" }.Select(kind => (object?[])[kind, 16, 32]), ["lstm", 3, 5], ["peephole", 7, 2]],
            mistakes:
            [
                new("That is with one bias a gate. Here each has two, beside the input's and beside the state's product.", (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 1)),
                new("The biases are missing.", (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 0)),
                new("The candidate is a layer too: a GRU has three layers, an LSTM four.", (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 2, layers: kind switch { "rnn" => 1, "mgu" => 1, "gru" => 2, _ => 3 })),
                new("Only the peephole cell is wrong: i, f and o look at the cell, the candidate does not.", (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 2) + (kind == "peephole" ? hiddenSize : 0)),
                new("Only the peephole cell is wrong: each gate looks at its own cell, with one weight, not at all of them.", (kind, inputSize, hiddenSize) => Count(kind, inputSize, hiddenSize, 2) + (kind == "peephole" ? 3 * hiddenSize * hiddenSize - 3 * hiddenSize : 0)),
                new("The recurrent matrix is square, from all neurons to all neurons: hiddenSize times hiddenSize.", (kind, inputSize, hiddenSize) => Layers(kind) * hiddenSize * (inputSize + 3) + (kind == "peephole" ? 3 * hiddenSize : 0)),
            ]),
    ];

    private static int Layers(string kind) => kind switch { "rnn" => 1, "mgu" => 2, "gru" => 3, _ => 4 };

    private static int Count(string kind, int inputSize, int hiddenSize, int biases, int? layers = null) =>
        (layers ?? Layers(kind)) * (hiddenSize * inputSize + hiddenSize * hiddenSize + biases * hiddenSize) + (kind == "peephole" ? 3 * hiddenSize : 0);

    // Numbers that are all different, so that every mistake shows.
    private static double[,] Ramp(int rows, int columns) => Fill(rows, columns, (row, column) => 0.1 + row * columns + column);

    // The gates' blocks of columns as blocks of rows, in this order.
    private static double[,] Rows(double[,] kernel, int hiddenSize, params int[] order) =>
        Fill(order.Length * hiddenSize, kernel.GetLength(0), (row, column) => kernel[column, order[row / hiddenSize] * hiddenSize + row % hiddenSize]);

    private static double[,] Interleaved(double[,] kernel, int hiddenSize) =>
        hiddenSize == 1 ? Rows(kernel, 1, 1, 0, 2)
        : Fill(3 * hiddenSize, kernel.GetLength(0), (row, column) => kernel[column, row % hiddenSize * 3 + (row / hiddenSize) switch { 0 => 1, 1 => 0, _ => 2 }]);

    private static double[,] Signed(double[,] weight, int hiddenSize, int gate) => Map(weight, (row, value) => row / hiddenSize == gate ? -value : value);

    private static double[,] Swapped(double[,] weight, int hiddenSize) =>
        Fill(weight.GetLength(0), weight.GetLength(1), (row, column) => row < hiddenSize ? weight[row + hiddenSize, column] : -weight[row - hiddenSize, column]);

    private static double[,] Transpose(double[,] matrix) => Fill(matrix.GetLength(1), matrix.GetLength(0), (row, column) => matrix[column, row]);

    private static double[,] Map(double[,] matrix, Func<int, double, double> value) => Fill(matrix.GetLength(0), matrix.GetLength(1), (row, column) => value(row, matrix[row, column]));

    private static double[,] Fill(int rows, int columns, Func<int, int, double> value)
    {
        var matrix = new double[rows, columns];
        for (var row = 0; row < rows; row++)
            for (var column = 0; column < columns; column++)
                matrix[row, column] = value(row, column);
        return matrix;
    }
}

using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Tests.Autograd;

/// <summary>A recurrent operation with all that goes into it, as rows: X and LossY one for each example and time step, the states one for each example.</summary>
internal sealed record RecurrentProblem(string Kind, int B, int T, int I, int H, int Seed)
{
    public static readonly string[] Kinds = ["tanh", "relu", "lstm", "lstm coupled peephole", "lstm projection", .. Enum.GetNames<GruForm>()];

    public required float[][] X { get; init; }

    public required float[][] Hidden { get; init; }

    public required float[][] Cell { get; init; }

    /// <summary>What the loss multiplies the outputs by.</summary>
    public required float[][] LossY { get; init; }

    /// <summary>What the loss multiplies the final states by, the cell like the hidden state.</summary>
    public required float[][] LossHidden { get; init; }

    public float[]? Mask { get; init; }

    public bool Reverse { get; init; }

    public float RecurrentScale { get; init; } = 1;

    public int StateSize => Kind == "lstm projection" ? Projected(H) : H;

    private bool IsLstm => Kind.StartsWith("lstm", StringComparison.Ordinal);

    public static RecurrentProblem Draw(string kind, Random random)
    {
        var (B, T, I, H) = (random.Next(1, 6), random.Next(1, 7), random.Next(1, 5), random.Next(1, 20));
        var state = kind == "lstm projection" ? Projected(H) : H;
        float[][] Rows(int count, int width) => [.. Enumerable.Range(0, count).Select(_ => Numbers(random, width, 1))];
        return new RecurrentProblem(kind, B, T, I, H, random.Next())
        {
            X = Rows(B * T, I),
            Hidden = Rows(B, state),
            Cell = Rows(B, H),
            LossY = Rows(B * T, state),
            LossHidden = Rows(B, state),
            Reverse = random.Next(2) == 1,
        };
    }

    /// <summary>Runs the operation forward and backward, in chunks of so many time steps that hand the state on; 0: at once.</summary>
    public RecurrentSolution Solve(int chunk = 0)
    {
        var (weights, variant, parameters) = Parameters();
        var starts = Starts(chunk == 0 ? T : chunk);
        var x = starts.Select(range => Leaf(Steps(X, range), B, range.Count, I)).ToArray();
        Tensor hidden = Leaf(Hidden, B, StateSize), cell = Leaf(Cell, B, H);
        var solution = Tape.Step(() =>
        {
            var (y, h, c, loss) = (new float[B * T][], hidden, cell, Tensor.Zeros());
            for (var i = 0; i < starts.Count; i++)
            {
                var (from, count) = starts[i];
                var mask = Mask is null ? null : Tensor.From([.. Steps([.. Mask.Select(taken => new[] { taken })], starts[i]).SelectMany(row => row)], B, count);
                (var output, h, c) = Run(x[i], h, c, weights, variant, mask is null ? null : new RecurrentOptions { Mask = mask });
                loss += (output * Tensor.From([.. Steps(LossY, starts[i]).SelectMany(row => row)], output.Shape)).Sum();
                var rows = output.ToArray().Chunk(StateSize).ToArray();
                for (var row = 0; row < rows.Length; row++)
                    y[((row / count) * T) + from + (row % count)] = rows[row];
            }

            loss += (h * Tensor.From([.. LossHidden.SelectMany(row => row)], h.Shape)).Sum();
            if (IsLstm)
                loss += c.Sum();
            loss.Backward();
            return new RecurrentSolution(y, Rows(h), Rows(c), [], [], [], []);
        });

        var dX = new float[B * T][];
        for (var i = 0; i < starts.Count; i++)
        {
            var rows = x[i].Gradient!.ToArray().Chunk(I).ToArray();
            for (var row = 0; row < rows.Length; row++)
                dX[((row / starts[i].Count) * T) + starts[i].From + (row % starts[i].Count)] = rows[row];
        }

        return solution with
        {
            DX = dX,
            DHidden = Rows(hidden.Gradient!),
            DCell = IsLstm ? Rows(cell.Gradient!) : [.. Cell.Select(row => new float[row.Length])],
            DWeights = [.. parameters.Select(parameter => parameter.Gradient!.ToArray())],
        };
    }

    // Chunks in the order they are run: from the back when reversed.
    private List<(int From, int Count)> Starts(int chunk)
    {
        var starts = Enumerable.Range(0, (T + chunk - 1) / chunk).Select(i => (From: i * chunk, Count: Math.Min(chunk, T - (i * chunk)))).ToList();
        if (Reverse)
            starts.Reverse();
        return starts;
    }

    private float[][] Steps(float[][] rows, (int From, int Count) range) => [.. Enumerable.Range(0, B).SelectMany(b => rows.Skip((b * T) + range.From).Take(range.Count))];

    private (RecurrentWeights Weights, LstmVariant? Variant, Tensor[] Parameters) Parameters()
    {
        var random = new Random(Seed);
        Tensor Draw(float scale, params int[] shape)
        {
            var tensor = Tensor.From(Numbers(random, new Shape(shape).Length, scale), shape);
            tensor.RequiresGradient = true;
            return tensor;
        }

        var gates = H * (Kind switch { "tanh" or "relu" => 1, "lstm coupled peephole" or "ResetAfter" or "ResetBefore" => 3, "UpdateOnly" or "Minimal" => 2, _ => 4 });
        var weights = new RecurrentWeights(Draw(0.7f, gates, I), Draw(RecurrentScale / MathF.Sqrt(H), gates, StateSize), Draw(0.5f, gates), Draw(0.5f, gates));
        var variant = Kind switch
        {
            "lstm coupled peephole" => new LstmVariant { Coupled = true, Peephole = Draw(0.5f, 2 * H) },
            "lstm projection" => new LstmVariant { Projection = Draw(0.5f, StateSize, H) },
            _ => null,
        };
        Tensor?[] all = [weights.WeightIh, weights.WeightHh, weights.BiasIh, weights.BiasHh, variant?.Peephole, variant?.Projection];
        return (weights, variant, [.. all.OfType<Tensor>()]);
    }

    private (Tensor Output, Tensor Hidden, Tensor Cell) Run(Tensor x, Tensor hidden, Tensor cell, RecurrentWeights weights, LstmVariant? variant, RecurrentOptions? options)
    {
        if (IsLstm)
            return Ops.Lstm(x, hidden, cell, weights, Reverse, options, variant);
        var (y, h) = Enum.TryParse<GruForm>(Kind, out var form) ? Ops.Gru(x, hidden, weights, form, Reverse, options)
            : Ops.SimpleRnn(x, hidden, weights, Kind == "relu" ? Activation.Relu : Activation.Tanh, Reverse, options);
        return (y, h, cell);
    }

    private static int Projected(int H) => Math.Max(1, H * 2 / 3);

    private static float[] Numbers(Random random, int count, float scale) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1) * scale)];

    private static Tensor Leaf(float[][] rows, params int[] shape)
    {
        var tensor = Tensor.From([.. rows.SelectMany(row => row)], shape);
        tensor.RequiresGradient = true;
        return tensor;
    }

    private static float[][] Rows(Tensor states) => [.. states.ToArray().Chunk(states.Shape.Last)];
}

/// <summary>What came out of a <see cref="RecurrentProblem"/>.</summary>
internal sealed record RecurrentSolution(float[][] Y, float[][] FinalHidden, float[][] FinalCell, float[][] DX, float[][] DHidden, float[][] DCell, float[][] DWeights)
{
    /// <summary>All of it by name.</summary>
    public IEnumerable<(string What, float[] Numbers)> Parts =>
        new (string What, float[][] Rows)[] { ("y", Y), ("hidden", FinalHidden), ("cell", FinalCell), ("dX", DX), ("dHidden", DHidden), ("dCell", DCell) }
            .Select(part => (part.What, part.Rows.SelectMany(row => row).ToArray())).Concat(DWeights.Select((numbers, i) => ($"dWeights[{i}]", numbers)));
}

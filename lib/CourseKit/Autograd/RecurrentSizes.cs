using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>The sizes of one recurrent layer's pass over a sequence, after every shape has been held to them.</summary>
/// <param name="B">batchSize.</param>
/// <param name="T">steps.</param>
/// <param name="I">inputSize.</param>
/// <param name="H">hiddenSize.</param>
internal readonly record struct RecurrentSizes(int B, int T, int I, int H)
{
    /// <summary>Numbers in a hidden state: H, or an LSTM's projectionSize.</summary>
    public int StateSize { get; init; } = H;

    public Shape Output => new(B, T, StateSize);

    public Shape State => new(B, StateSize);

    public Shape Cell => new(B, H);

    public Shape Cells => new(B, T, H);

    /// <summary>Checks all tensors of a recurrent operation; sizes come from x and weightHh.</summary>
    /// <param name="who">The operation's name.</param>
    /// <param name="gates">How many gates the weights stack: 1, 4 or 3 (LSTM), 3 or 2 (GRU).</param>
    /// <param name="x">[batch, time, inputSize].</param>
    /// <param name="hidden">[batch, hiddenSize] or null.</param>
    /// <param name="cell">[batch, hiddenSize] or null.</param>
    /// <param name="weights">The four weights.</param>
    /// <param name="options">What it does beside its formula, or null.</param>
    /// <param name="hasCell">Whether it is an LSTM.</param>
    /// <param name="projection">An LSTM's, [projectionSize, hiddenSize], or null.</param>
    public static RecurrentSizes Check(
        string who, int gates, Tensor x, Tensor? hidden, Tensor? cell, in RecurrentWeights weights, RecurrentOptions? options = null, bool hasCell = false, Tensor? projection = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        var (weightIh, weightHh) = (weights.WeightIh.Shape, weights.WeightHh.Shape);
        var state = projection is null ? "hiddenSize" : "projectionSize";
        ShapeException.RequireRank(weightHh, 2, who, "weightHh", $"[{Rows(gates)}, {state}]");
        ShapeException.RequireRank(weightIh, 2, who, "weightIh", $"[{Rows(gates)}, inputSize]");
        if (projection is not null)
            ShapeException.RequireRank(projection.Shape, 2, who, "variant.Projection", "[projectionSize, hiddenSize]");
        var (stateSize, inputSize) = (weightHh.Last, weightIh.Last);
        var hiddenSize = projection?.Shape.Last ?? stateSize;
        if (projection is not null)
            ShapeException.Require(projection.Shape, new Shape(stateSize, hiddenSize), who, "variant.Projection", $"It is [projectionSize, hiddenSize], and weightHh is {weightHh}.");
        var rows = gates * hiddenSize;
        ShapeException.Require(weightHh, new Shape(rows, stateSize), who, "weightHh", $"It is [{Rows(gates)}, {state}].");
        ShapeException.Require(weightIh, new Shape(rows, inputSize), who, "weightIh", $"It is [{Rows(gates)}, inputSize], and weightHh is {weightHh}.");
        if (weights.BiasIh is { } biasIh)
            ShapeException.Require(biasIh.Shape, new Shape(rows), who, "biasIh", $"It is [{Rows(gates)}].");
        if (weights.BiasHh is { } biasHh)
            ShapeException.Require(biasHh.Shape, new Shape(rows), who, "biasHh", $"It is [{Rows(gates)}].");

        if (x.Shape.Rank != 3 || x.Shape.Last != inputSize)
            throw new ShapeException($"{who}: x must be [batch, time, {inputSize}], but got {x.Shape}. The last dimension must equal the inputSize of weightIh.");
        if (x.Length == 0)
            throw new ShapeException($"{who}: x must hold at least one sequence of at least one time step, but got {x.Shape}.");
        var sizes = new RecurrentSizes(x.Shape[0], x.Shape[1], inputSize, hiddenSize) { StateSize = stateSize };
        if (hidden is not null)
            ShapeException.Require(hidden.Shape, sizes.State, who, "hidden", $"It is [batch, {state}].");
        if (cell is not null)
            ShapeException.Require(cell.Shape, sizes.Cell, who, "cell", "It is [batch, hiddenSize].");
        if (options is not null)
            Check(who, hasCell, sizes, state, options);
        return sizes;
    }

    /// <summary>What the kernel reads.</summary>
    public static RecurrentSequence Sequence(Tensor x, Tensor? hidden, Tensor? cell, in RecurrentWeights weights, bool reverse, RecurrentOptions? options = null) => new()
    {
        B = x.Shape[0],
        T = x.Shape[1],
        I = x.Shape.Last,
        H = weights.WeightHh.Shape.Last,
        Reverse = reverse,
        X = x.Data,
        H0 = hidden?.Data,
        C0 = cell?.Data,
        WeightIh = weights.WeightIh.Data,
        WeightHh = weights.WeightHh.Data,
        BiasIh = weights.BiasIh?.Data,
        BiasHh = weights.BiasHh?.Data,
        Mask = options?.Mask?.Data,
        HiddenDropout = options?.HiddenDropout?.Data,
        HiddenZoneout = options?.HiddenZoneout?.Data,
        CellZoneout = options?.CellZoneout?.Data,
    };

    /// <summary>The gradients that have come to the results, and where those of the inputs are to be added.</summary>
    public static RecurrentGradients Gradients(Tensor x, Tensor? hidden, Tensor? cell, in RecurrentWeights weights, Tensor y, Tensor hN, Tensor? cN) => new()
    {
        DY = y.Gradient?.Data,
        DHN = hN.Gradient?.Data,
        DCN = cN?.Gradient?.Data,
        DX = Tape.GradientOf(x),
        DH0 = Tape.GradientOf(hidden),
        DC0 = Tape.GradientOf(cell),
        DWeightIh = Tape.GradientOf(weights.WeightIh),
        DWeightHh = Tape.GradientOf(weights.WeightHh),
        DBiasIh = Tape.GradientOf(weights.BiasIh),
        DBiasHh = Tape.GradientOf(weights.BiasHh),
    };

    private static void Check(string who, bool hasCell, in RecurrentSizes sizes, string state, RecurrentOptions options)
    {
        if (options.Mask is { } mask)
            ShapeException.Require(mask.Shape, new Shape(sizes.B, sizes.T), who, "options.Mask", "It is [batch, time].");
        if (options.HiddenDropout is { } dropout)
            ShapeException.Require(dropout.Shape, sizes.State, who, "options.HiddenDropout", $"It is [batch, {state}].");
        if (options.HiddenZoneout is { } zoneout)
            ShapeException.Require(zoneout.Shape, sizes.Output, who, "options.HiddenZoneout", $"It is [batch, time, {state}].");
        if (options.CellZoneout is not { } cellZoneout)
            return;
        if (!hasCell)
            throw new ShapeException($"{who}: options.CellZoneout must be null, but is {cellZoneout.Shape}. Only an LSTM has a cell.");
        ShapeException.Require(cellZoneout.Shape, sizes.Cells, who, "options.CellZoneout", "It is [batch, time, hiddenSize].");
    }

    private static string Rows(int gates) => gates == 1 ? "hiddenSize" : $"{gates}*hiddenSize";
}

using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Layers;

/// <summary>
/// A recurrent cell of your own: write <see cref="Step"/>, one time step in operations of <see cref="Ops"/>, and this class runs it over whole sequences,
/// with the state in and out, masks and the reverse direction. It stands in a model as any layer does.
/// </summary>
/// <remarks>
/// One tape node an operation and time step, so it is slower than <see cref="Lstm"/> and <see cref="Gru"/>, which take the sequence in one call.
/// <code>
/// sealed class Elman : RecurrentCellLayer
/// {
///     private readonly Linear fromInput, fromState;
///
///     public Elman(int inputSize, int hiddenSize) : base(inputSize, hiddenSize)
///     {
///         fromInput = AddLayer(new Linear(inputSize, hiddenSize));
///         fromState = AddLayer(new Linear(hiddenSize, hiddenSize));
///     }
///
///     public override StepState Step(Tensor x, StepState state) =&gt; Ops.Tanh(fromInput.Forward(x) + fromState.Forward(state.Hidden));
/// }
/// </code>
/// </remarks>
public abstract class RecurrentCellLayer : SequenceLayer
{
    /// <summary>Makes the layer; add parameters with AddParameter or AddLayer, and let <see cref="Initialize"/> or a model give them their numbers.</summary>
    /// <param name="inputSize">Numbers in at each time step, at least 1.</param>
    /// <param name="hiddenSize">Numbers in the state, at least 1.</param>
    /// <param name="hasCell">Whether the state has a second part, as an LSTM's c. Default: false.</param>
    /// <param name="reverse">Run from the last time step to the first; the output stays in the order of x. Default: false. Keras: go_backwards.</param>
    /// <param name="returnSequences">Whether every time step comes out, or the final hidden state alone. Default: true.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    protected RecurrentCellLayer(int inputSize, int hiddenSize, bool hasCell = false, bool reverse = false, bool returnSequences = true)
    {
        InputSize = RequirePositive(inputSize, GetType().Name, nameof(inputSize));
        HiddenSize = RequirePositive(hiddenSize, GetType().Name, nameof(hiddenSize));
        (HasCell, Reverse, ReturnSequences) = (hasCell, reverse, returnSequences);
    }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <summary>Numbers in the state, and out at each time step.</summary>
    public int HiddenSize { get; }

    /// <summary>Whether the state has a second part, as an LSTM's c.</summary>
    public bool HasCell { get; }

    /// <summary>Whether it runs from the last time step to the first.</summary>
    public bool Reverse { get; }

    /// <summary>Whether every time step's hidden state comes out, or the final one alone.</summary>
    public bool ReturnSequences { get; }

    /// <summary>One time step.</summary>
    /// <param name="x">[batch, inputSize].</param>
    /// <param name="state">What the step before gave, each [batch, hiddenSize]; Cell is null when HasCell is false.</param>
    /// <returns>The new state; its Hidden is also the output.</returns>
    public abstract StepState Step(Tensor x, StepState state);

    /// <summary>Draws the layer's own parameters evenly from ±1/√hiddenSize, as PyTorch does for its cells, and lets its parts draw theirs.</summary>
    /// <param name="random">Where the numbers come from.</param>
    public override void Initialize(RandomSource random)
    {
        DrawUniform(random, 1 / MathF.Sqrt(HiddenSize));
        foreach (var part in Parts)
            part.Initialize(random);
    }

    /// <summary>Runs <see cref="Step"/> over a sequence.</summary>
    /// <param name="x">[batch, time, inputSize], at least one sequence of one time step.</param>
    /// <param name="state">The state before the first step, one tensor each; null for zeros.</param>
    /// <param name="mask">
    /// [batch, time] of 1 and 0; null for all 1. At 0 the time step is passed over: the state is held, the output is 0, and no gradient comes from or goes to it.
    /// </param>
    /// <returns>The hidden states, [batch, time, hiddenSize], or with ReturnSequences false the final one, [batch, hiddenSize]; and the final state.</returns>
    /// <exception cref="ShapeException">x is not [batch, time, inputSize], the state or the mask does not fit, or Step gave a state of another shape.</exception>
    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        RequireInput(x.Shape);
        RequireMask(mask, x.Shape);
        var (batchSize, steps) = (x.Shape[0], x.Shape[1]);
        RequireState(state, 1, HasCell, batchSize, HiddenSize, HiddenSize);
        var stateShape = new Shape(batchSize, HiddenSize);
        var s = state is not null ? new StepState(state.Hidden[0], state.Cell?[0])
            : new StepState(Tape.Zeros(x.Backend, stateShape), HasCell ? Tape.Zeros(x.Backend, stateShape) : null);

        var taken = mask?.ToArray();
        if (mask is not null)
            x = Ops.ApplyMask(x, mask);
        var outputs = new Tensor[steps];
        for (var i = 0; i < steps; i++)
        {
            var t = Reverse ? steps - 1 - i : i;
            var after = Check(Step(Ops.SelectStep(x, t), s), batchSize);
            if (taken is null)
            {
                (s, outputs[t]) = (after, after.Hidden);
                continue;
            }

            var (take, hold) = Columns(taken, t, batchSize, steps, x);
            outputs[t] = after.Hidden * take;
            s = new StepState(outputs[t] + (s.Hidden * hold), after.Cell is null ? null : (after.Cell * take) + (s.Cell! * hold));
        }

        var output = ReturnSequences ? Ops.Reshape(Ops.Concat(outputs), new Shape(batchSize, steps, HiddenSize)) : s.Hidden;
        return (output, new RecurrentState([s.Hidden], s.Cell is null ? null : [s.Cell]));
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape inputShape)
    {
        RequireInput(inputShape);
        return ReturnSequences ? inputShape.WithLast(HiddenSize) : new Shape(inputShape[0], HiddenSize);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{GetType().Name}(inputSize: {InputSize}, hiddenSize: {HiddenSize}{(Reverse ? ", reverse: true" : "")}{(ReturnSequences ? "" : ", returnSequences: false")})";

    private StepState Check(StepState state, int batchSize)
    {
        var expected = new Shape(batchSize, HiddenSize);
        if (state.Hidden is null || state.Hidden.Shape != expected)
            throw new ShapeException($"{this}: Step must give a Hidden of {expected}, but gave {state.Hidden?.Shape.ToString() ?? "null"}. It is [batch, hiddenSize].");
        if (HasCell ? state.Cell is null || state.Cell.Shape != expected : state.Cell is not null)
            throw new ShapeException($"{this}: Step must give {(HasCell ? $"a Cell of {expected}" : "no Cell, as hasCell is false")}, but gave {state.Cell?.Shape.ToString() ?? "null"}.");
        return state;
    }

    // Which rows take time step t and which hold their state, as two constants [batch, hiddenSize].
    private (Tensor Take, Tensor Hold) Columns(float[] mask, int t, int batchSize, int steps, Tensor x)
    {
        var (take, hold) = (new float[batchSize * HiddenSize], new float[batchSize * HiddenSize]);
        for (var b = 0; b < batchSize; b++)
            (mask[(b * steps) + t] > 0 ? take : hold).AsSpan(b * HiddenSize, HiddenSize).Fill(1);
        var shape = new Shape(batchSize, HiddenSize);
        return (Tape.Constant(x.Backend, take, shape), Tape.Constant(x.Backend, hold, shape));
    }
}

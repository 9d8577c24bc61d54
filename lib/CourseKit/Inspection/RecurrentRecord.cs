using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>One pass of a recurrent layer in one direction over a sequence: what was inside, and the gradients through time. Time steps are in the order of the input.</summary>
/// <remarks>At a time step that a mask passes over, the hidden value and the gates' gradients are 0, the cell is held, and the gates mean nothing.</remarks>
public sealed class RecurrentRecord
{
    private readonly RecurrentTrace _trace;

    internal RecurrentRecord(string name, RecurrentTrace trace) => (Name, _trace) = (name, trace);

    /// <summary>What it is called: "l0", "lstm.l0_reverse".</summary>
    public string Name { get; }

    /// <summary>Which operation ran: "Lstm", "Gru" or "SimpleRnn".</summary>
    public string Operation => _trace.Operation;

    /// <summary>Whether it ran from the last time step to the first.</summary>
    public bool Reverse => _trace.Reverse;

    /// <summary>The gates by name, in stored order: i, f, g, o; r, z, n; none for a simple network.</summary>
    public IReadOnlyList<string> Gates => _trace.Gates;

    /// <summary>Sequences in the batch.</summary>
    public int BatchSize => Hidden.Shape[0];

    /// <summary>Time steps.</summary>
    public int Steps => Hidden.Shape[1];

    /// <summary>h_t, [batch, time, hiddenSize].</summary>
    public Tensor Hidden => _trace.Hidden!;

    /// <summary>c_t of an LSTM, [batch, time, hiddenSize]; null in other layers.</summary>
    public Tensor? Cell => _trace.Cells;

    /// <summary>The mask that the pass was given, [batch, time]; null for none.</summary>
    public Tensor? Mask => _trace.Mask;

    /// <summary>∂L/∂h_t, all that reaches h_t from its output and from later steps, [batch, time, hiddenSize]; null when no backward pass came through here.</summary>
    public Tensor? HiddenGradient => _trace.DStates;

    /// <summary>∂L/∂c_t, all that reaches c_t, [batch, time, hiddenSize]; null when no backward pass came through here, and in other layers than LSTMs.</summary>
    public Tensor? CellGradient => _trace.DCells;

    /// <summary>Whether f is 1 − i, so that it has no sum of its own.</summary>
    internal bool IsCoupled => _trace.Sums.Count < _trace.Gates.Count;

    /// <summary>A gate's values after its activation, [batch, time, hiddenSize].</summary>
    /// <param name="gate">One of <see cref="Gates"/>.</param>
    /// <exception cref="ArgumentException">There is no such gate.</exception>
    public Tensor Gate(string gate) => Part(_trace.GateValues, _trace.Gates, gate)!;

    /// <summary>∂L/∂a_t of a gate's sum a_t before its activation, [batch, time, hiddenSize]; null when no backward pass came through here.</summary>
    /// <param name="gate">One of <see cref="Gates"/>; "h" for a simple network's only sum. A coupled LSTM has none for f, which is 1 − i.</param>
    /// <exception cref="ArgumentException">There is no such gate.</exception>
    public Tensor? GateGradient(string gate) => Part(_trace.DGates, _trace.Sums, gate);

    /// <summary>Its name and operation, sizes and gates: "l0: Lstm over [4, 20] with gates i, f, g, o, with gradients".</summary>
    public override string ToString() => $"{Name}: {Operation} over [{BatchSize}, {Steps}]{(Gates.Count > 0 ? $" with gates {string.Join(", ", Gates)}" : "")}{(Reverse ? ", in reverse" : "")}{(HiddenGradient is null ? "" : ", with gradients")}";

    private Tensor? Part(Tensor? all, IReadOnlyList<string> names, string gate)
    {
        var at = Enumerable.Range(0, names.Count).FirstOrDefault(i => names[i] == gate, -1);
        if (at < 0)
            throw new ArgumentException($"{Name}: there is no gate \"{gate}\". {(names.Count == 0 ? "A simple network has none" : $"There are {string.Join(", ", names)}")}.", nameof(gate));
        if (all is null)
            return null;
        var size = all.Shape.Last / names.Count;
        var part = Tensor.Lasting(all.Backend, all.Shape.WithLast(size));
        all.Backend.CopyColumns(all.Data, all.Shape.Last, at * size, part.Data, size, 0, BatchSize * Steps, size, accumulate: false);
        return part;
    }
}

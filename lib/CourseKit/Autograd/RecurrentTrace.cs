using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>
/// One fused pass over a sequence as someone watches it: copies of what the kernel keeps for its backward pass, and what that pass gives when it is asked.
/// The kernels compute the same numbers either way. Nobody watches by default; then an operation looks at one field and goes on.
/// </summary>
internal sealed class RecurrentTrace
{
    internal static readonly string[] NoGates = [], OneSum = ["h"], LstmGates = ["i", "f", "g", "o"], CoupledSums = ["i", "g", "o"];
    private static readonly string[] s_resetGates = ["r", "z", "n"], s_updateGates = ["z", "n"], s_minimalGates = ["f", "n"];

    [ThreadStatic]
    private static Action<RecurrentTrace>? s_watch;

    private readonly IBackend _backend;
    private readonly RecurrentSequence _s;
    private readonly int _stateSize;

    private RecurrentTrace(string operation, IReadOnlyList<string> gates, IReadOnlyList<string> sums, IBackend backend, in RecurrentSequence s, int stateSize, in RecurrentWeights weights, Tensor? mask)
    {
        (Operation, Gates, Sums, _backend, _s, _stateSize) = (operation, gates, sums, backend, s, stateSize);
        (WeightIh, Reverse, Mask) = (weights.WeightIh, s.Reverse, mask?.Detach());
    }

    public string Operation { get; }

    /// <summary>The gates that are kept, in stored order.</summary>
    public IReadOnlyList<string> Gates { get; }

    /// <summary>The gates that the weights stack: coupled gates are kept four and stacked three.</summary>
    public IReadOnlyList<string> Sums { get; }

    public Tensor WeightIh { get; }

    public bool Reverse { get; }

    public Tensor? Mask { get; }

    /// <summary>y, [B, T, H].</summary>
    public Tensor? Hidden { get; private set; }

    /// <summary>After their activation, [B, T, gates·H]; null when there are none.</summary>
    public Tensor? GateValues { get; private set; }

    /// <summary>c, [B, T, H], of an LSTM.</summary>
    public Tensor? Cells { get; private set; }

    /// <summary>∂L/∂h_t, [B, T, H], once a backward pass has run.</summary>
    public Tensor? DStates { get; private set; }

    /// <summary>∂L/∂c_t, [B, T, H], of an LSTM.</summary>
    public Tensor? DCells { get; private set; }

    /// <summary>∂L/∂(sum before the activation), [B, T, sums·H].</summary>
    public Tensor? DGates { get; private set; }

    private bool HasCell => Operation == "Lstm";

    /// <summary>The gates of a form of the GRU, in stored order.</summary>
    public static string[] Of(GruForm form) => form switch { GruForm.UpdateOnly => s_updateGates, GruForm.Minimal => s_minimalGates, _ => s_resetGates };

    /// <summary>Runs something, handing over every pass of a recurrent operation on this thread as it ends, to who watches already too; its gradients come into it later.</summary>
    public static void Watch(Action<RecurrentTrace> watch, Action work)
    {
        var outer = s_watch;
        s_watch = outer + watch;
        try
        {
            work();
        }
        finally
        {
            s_watch = outer;
        }
    }

    /// <summary>The trace of a pass that begins now; null when nobody watches.</summary>
    public static RecurrentTrace? Begin(string operation, IReadOnlyList<string> gates, IReadOnlyList<string> sums, IBackend backend, in RecurrentSequence s, int stateSize, in RecurrentWeights weights, Tensor? mask) =>
        s_watch is null ? null : new RecurrentTrace(operation, gates, sums, backend, s, stateSize, weights, mask);

    /// <summary>Copies what the forward pass has made, and hands the trace over.</summary>
    public void Forward(Tensor y, Storage reserve)
    {
        var (rows, H) = (_s.B * _s.T, _s.H);
        Hidden = y.Detach();
        if (Gates.Count > 0)
            GateValues = Part(reserve, 0, Gates.Count * H);
        if (HasCell)
            Cells = Part(reserve, rows * Gates.Count * H, H);
        s_watch!(this);
    }

    /// <summary>Asks the backward pass for the gradients through time too.</summary>
    public static RecurrentGradients Ask(RecurrentTrace? trace, in RecurrentGradients d) => trace?.Ask(d) ?? d;

    private RecurrentGradients Ask(in RecurrentGradients d)
    {
        (DStates, DGates) = (Room(_stateSize), Room(Sums.Count * _s.H));
        DCells = HasCell ? Room(_s.H) : null;
        return d with { DStates = DStates.Data, DCells = DCells?.Data, DGates = DGates.Data };
    }

    private Tensor Room(int size) => Tensor.Lasting(_backend, new Shape(_s.B, _s.T, size));

    // [B, T, size] from a place in the reserve.
    private Tensor Part(Storage reserve, int from, int size)
    {
        var part = Room(size);
        _backend.CopyColumns(reserve, reserve.Length, from, part.Data, part.Length, 0, 1, part.Length, accumulate: false);
        return part;
    }
}

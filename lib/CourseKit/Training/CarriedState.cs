using CourseKit.Data;
using CourseKit.Tensors;

namespace CourseKit.Training;

/// <summary>What a batch that continues the one before starts from: a state without history, and the batches since then through which gradients still flow.</summary>
/// <remarks>Truncated backpropagation through time: Williams and Peng, 1990.</remarks>
internal sealed class CarriedState(int windows)
{
    private readonly List<Batch> _earlier = [];

    // What the step before last began from: nothing reads it any more, so the next state goes there.
    private ModelState? _spare;

    /// <summary>The state before the first of the batches that are kept; null for zeros.</summary>
    public ModelState? Start { get; set; }

    /// <summary>The state after the last batch, kept only where <see cref="Start"/> is an older one.</summary>
    public ModelState? Last { get; set; }

    /// <summary>What the last batch started from; null for zeros.</summary>
    public ModelState? Before { get; private set; }

    /// <summary>Runs the model on a batch, from where the batches before it began.</summary>
    public Tensor Forward(Model model, Batch batch)
    {
        Meet(batch);
        Before = windows > 1 && batch.Continues ? Last : Start;
        ModelState? state = Start, second = null;
        foreach (var earlier in _earlier)
        {
            (_, state) = model.Forward(earlier, state);
            second ??= state;
        }
        var (output, after) = model.Forward(batch, state);

        // The next batch needs one window more, so the oldest goes, and its state with it.
        if (_earlier.Count + 1 == windows)
            (Start, _spare) = (Lasting(second ?? after), Start);
        if (windows > 1)
            Last = after.Detach();
        Keep(batch);
        return output;
    }

    /// <summary>Passes over a batch that was trained on before a stop.</summary>
    public void Skip(Batch batch)
    {
        if (!batch.Continues)
            _earlier.Clear();
        Keep(batch);
    }

    /// <summary>The state goes on into the next epoch, gradients do not flow back out of it.</summary>
    public void EndEpoch()
    {
        if (windows > 1)
            Start = Last;
        _earlier.Clear();
    }

    private void Meet(Batch batch)
    {
        if (batch.Continues)
            return;
        Start = null;
        _earlier.Clear();
    }

    private void Keep(Batch batch)
    {
        _earlier.Add(batch);
        if (_earlier.Count == windows)
            _earlier.RemoveAt(0);
    }

    private ModelState Lasting(ModelState state)
    {
        if (_spare is null || !Fits(state, _spare))
            return state.Detach();
        for (var layer = 0; layer < state.Layers.Count; layer++)
        {
            Copy(state.Layers[layer]?.Hidden, _spare.Layers[layer]?.Hidden);
            Copy(state.Layers[layer]?.Cell, _spare.Layers[layer]?.Cell);
        }
        return _spare;
    }

    private static bool Fits(ModelState a, ModelState b)
    {
        for (var layer = 0; layer < a.Layers.Count; layer++)
        {
            if (!Fits(a.Layers[layer]?.Hidden, b.Layers[layer]?.Hidden) || !Fits(a.Layers[layer]?.Cell, b.Layers[layer]?.Cell))
                return false;
        }
        return true;
    }

    private static bool Fits(IReadOnlyList<Tensor>? a, IReadOnlyList<Tensor>? b)
    {
        if (a?.Count != b?.Count)
            return false;
        for (var i = 0; i < a?.Count; i++)
        {
            if (a[i].Shape != b![i].Shape || a[i].Backend != b[i].Backend)
                return false;
        }
        return true;
    }

    private static void Copy(IReadOnlyList<Tensor>? from, IReadOnlyList<Tensor>? to)
    {
        for (var i = 0; i < from?.Count; i++)
            to![i].CopyFrom(from[i]);
    }
}

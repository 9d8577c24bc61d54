using CourseKit.Backends;
using CourseKit.Tensors;

namespace CourseKit.Autograd;

/// <summary>
/// Remembers the operations of one training step, so that <c>loss.Backward()</c> can go through them in reverse. Inside <see cref="Step{T}"/> operations record
/// themselves, dropout drops, and all memory comes from a pool that takes it back at the end. Outside, the same operations record nothing.
/// </summary>
/// <remarks>
/// Known elsewhere as the autograd graph, tf.GradientTape; <see cref="Step{T}"/> is also model.train(), and code outside of it model.eval() with torch.no_grad().
/// A tape belongs to the thread that runs the step. Reverse-mode differentiation: Linnainmaa, 1970.
/// </remarks>
public sealed class Tape
{
    [ThreadStatic]
    private static Tape? s_current;

    [ThreadStatic]
    private static Tape? s_spare;

    private readonly List<Node> _nodes = [];
    private readonly List<(IBackend Backend, Storage Storage)> _rented = [];
    private readonly Func<IBackend, Shape, Tensor> _allocate;
    private StepMemory _memory = new();
    private bool _records;
    private bool _wentBack;

    private Tape() => _allocate = Rent;

    /// <summary>Whether this thread is inside <see cref="Step{T}"/>: operations record themselves and dropout drops.</summary>
    public static bool IsActive => s_current is { _records: true };

    /// <summary>Runs one training step: forward, Backward, and whatever must be read before the memory goes back.</summary>
    /// <param name="step">The step. A tensor that an operation made in it is gone afterwards; return numbers, or Detach() it.</param>
    /// <returns>What <paramref name="step"/> returns.</returns>
    /// <exception cref="InvalidOperationException">A step is already running on this thread.</exception>
    public static T Step<T>(Func<T> step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (IsActive)
            throw new InvalidOperationException("Tape.Step: a step is already running on this thread, and steps do not nest. End it first.");
        return Run(step, records: true);
    }

    /// <summary>Runs one training step: forward, Backward, and whatever must be read before the memory goes back.</summary>
    /// <param name="step">The step. A tensor that an operation made in it is gone afterwards; Detach() what must stay.</param>
    /// <exception cref="InvalidOperationException">A step is already running on this thread.</exception>
    public static void Step(Action step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Step(() =>
        {
            step();
            return 0;
        });
    }

    /// <summary>Runs operations that record nothing and drop nothing, and takes their memory back at the end as <see cref="Step{T}"/> does: for evaluation in a loop.</summary>
    /// <param name="inference">The computation. A tensor that an operation made in it is gone afterwards; return numbers, or Detach() it.</param>
    /// <returns>What <paramref name="inference"/> returns.</returns>
    /// <remarks>Known elsewhere as torch.inference_mode(). May be called inside a step.</remarks>
    public static T Inference<T>(Func<T> inference)
    {
        ArgumentNullException.ThrowIfNull(inference);
        return Run(inference, records: false);
    }

    /// <summary>Whether an operation on these inputs must record itself: a step is running and one of them requires a gradient.</summary>
    internal static bool Wants(params ReadOnlySpan<Tensor?> inputs)
    {
        if (!IsActive)
            return false;
        foreach (var input in inputs)
        {
            if (input is { RequiresGradient: true })
                return true;
        }

        return false;
    }

    /// <summary>A tensor for an operation's result, its numbers not yet written: from the step's memory inside a step, lasting outside.</summary>
    internal static Tensor Allocate(IBackend backend, Shape shape) =>
        s_current is { } tape ? tape.Rent(backend, shape) : new Tensor(backend, backend.Rent(shape.Length), shape, isLeaf: false);

    /// <summary>Zeros for a computation, with the life of an operation's result.</summary>
    internal static Tensor Zeros(IBackend backend, Shape shape)
    {
        var zeros = Allocate(backend, shape);
        backend.Fill(zeros.Data, 0);
        return zeros;
    }

    /// <summary>Numbers for a computation that get no gradient, with the life of an operation's result.</summary>
    internal static Tensor Constant(IBackend backend, ReadOnlySpan<float> values, Shape shape)
    {
        var constant = Allocate(backend, shape);
        backend.Write(values, constant.Data, 0);
        return constant;
    }

    /// <summary>The same numbers under another shape.</summary>
    internal static Tensor View(Tensor x, Shape shape) => new(x.Backend, x.Data, shape, s_current?._memory, isLeaf: false);

    /// <summary>Memory that an operation keeps for its backward pass, or for a <see cref="RecurrentTrace"/>.</summary>
    internal static Storage Reserve(IBackend backend, int length) => Allocate(backend, new Shape(length)).Data;

    /// <summary>Records how one result's gradient goes on to the inputs; nothing happens unless <see cref="Wants"/> is true for them.</summary>
    internal static void Record(Tensor y, ReadOnlySpan<Tensor?> inputs, Action<Storage> backward)
    {
        if (!Wants(inputs))
            return;
        y.RequireGradientAsResult();
        s_current!._nodes.Add(new Node(y, null, null, null, backward, null));
    }

    /// <summary>Records an operation with up to four results, any of which may have received a gradient when backward runs.</summary>
    internal static void Record(Tensor y, Tensor second, Tensor? third, ReadOnlySpan<Tensor?> inputs, Action backward, Tensor? fourth = null)
    {
        if (!Wants(inputs))
            return;
        y.RequireGradientAsResult();
        second.RequireGradientAsResult();
        third?.RequireGradientAsResult();
        fourth?.RequireGradientAsResult();
        s_current!._nodes.Add(new Node(y, second, third, fourth, null, backward));
    }

    /// <summary>Where to add an input's gradient, or null when none is wanted.</summary>
    internal static Storage? GradientOf(Tensor? input) =>
        input is { RequiresGradient: true } ? input.GradientToAddTo(s_current!._allocate) : null;

    /// <summary>Goes through the recorded operations in reverse.</summary>
    internal static void Backward(Tensor loss)
    {
        if (s_current is not { _records: true } tape)
            throw new InvalidOperationException("Backward: no step is being recorded. Call it inside Tape.Step, together with the operations that made the loss.");
        if (loss.Length != 1)
            throw new ShapeException($"Backward: loss must be one number, but has shape {loss.Shape}. Call Mean() first.");
        if (tape._wentBack)
            throw new InvalidOperationException("Backward: this step has already gone backward. Add the losses first, or take one Tape.Step for each.");
        _ = loss.Data;
        if (!loss.RequiresGradient)
            throw new InvalidOperationException("Backward: loss depends on no tensor that requires a gradient. Set RequiresGradient on the tensors to be learned, and compute the loss inside this step.");

        tape._wentBack = true;
        loss.Backend.Fill(GradientOf(loss)!, 1);
        for (var i = tape._nodes.Count - 1; i >= 0; i--)
            tape._nodes[i].Run();
    }

    private static T Run<T>(Func<T> work, bool records)
    {
        var outer = s_current;
        var tape = s_spare ?? new Tape();
        s_spare = null;
        s_current = tape;
        tape._records = records;
        try
        {
            return work();
        }
        finally
        {
            s_current = outer;
            tape.Release();
            s_spare = tape;
        }
    }

    private Tensor Rent(IBackend backend, Shape shape)
    {
        var storage = backend.Rent(shape.Length);
        _rented.Add((backend, storage));
        return new Tensor(backend, storage, shape, _memory, isLeaf: false);
    }

    private void Release()
    {
        _memory.Released = true;
        foreach (var (backend, storage) in _rented)
            backend.Return(storage);
        _rented.Clear();
        _nodes.Clear();
        _memory = new StepMemory();
        _wentBack = false;
    }

    private readonly record struct Node(Tensor First, Tensor? Second, Tensor? Third, Tensor? Fourth, Action<Storage>? FromOne, Action? FromSeveral)
    {
        public void Run()
        {
            if (First.Gradient is null && Second?.Gradient is null && Third?.Gradient is null && Fourth?.Gradient is null)
                return;
            FromOne?.Invoke(First.Gradient!.Data);
            FromSeveral?.Invoke();
        }
    }
}

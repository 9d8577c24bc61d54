using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CourseKit.Backends;
using CourseKit.Backends.Cpu;

namespace CourseKit.Tensors;

/// <summary>
/// A dense, row-major block of float32 numbers. A tensor that you make lasts; what an operation makes inside <c>Tape.Step</c> lasts until the step ends,
/// when its memory goes back to a pool: <see cref="Detach"/> keeps a copy. Nothing needs to be disposed.
/// </summary>
/// <remarks>Known elsewhere as torch.Tensor, tf.Tensor, numpy.ndarray. Operations stand in CourseKit.Autograd.</remarks>
[TypeFormatterSource]
public sealed class Tensor
{
    [ThreadStatic]
    private static IBackend? s_backend;

    private readonly StepMemory? _memory;
    private Storage _data;
    private Tensor? _gradient;
    private bool _hasGradient;
    private bool _requiresGradient;

    internal Tensor(IBackend backend, Storage data, Shape shape, StepMemory? memory = null, bool isLeaf = true)
    {
        Backend = backend;
        _data = data;
        Shape = shape;
        _memory = memory;
        IsLeaf = isLeaf;
    }

    /// <summary>The sizes of the dimensions.</summary>
    public Shape Shape { get; }

    /// <summary>How many numbers there are.</summary>
    public int Length => Shape.Length;

    /// <summary>What to call it in messages and files; null for none.</summary>
    public string? Name { get; set; }

    /// <summary>Where the numbers lie and operations on them run. Default: the CPU.</summary>
    public IBackend Backend { get; private set; }

    /// <summary>Whether it was made by hand, not by an operation.</summary>
    public bool IsLeaf { get; }

    /// <summary>
    /// Whether Backward computes a gradient for it. Default: false; true for a layer's parameters. Only a leaf can be set; what an operation
    /// makes inside Tape.Step requires one when an input does.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set on a tensor that an operation made.</exception>
    public bool RequiresGradient
    {
        get => _requiresGradient;
        set => _requiresGradient = IsLeaf
            ? value
            : throw new InvalidOperationException($"{this}: RequiresGradient can be set on tensors made by hand only, and an operation made this one.");
    }

    /// <summary>
    /// d loss/d this, of the same shape, after Backward; null before, and when none was asked for. A leaf's gradient lasts and collects
    /// from step to step until <see cref="ZeroGradient"/>; that of an operation's result goes with the step.
    /// </summary>
    public Tensor? Gradient => _hasGradient ? _gradient : null;

    /// <summary>The memory; throws when it has gone back to the pool.</summary>
    internal Storage Data => _memory is { Released: true } ? throw Released() : _data;

    /// <summary>The number of a tensor that holds one, as precise as its backend keeps it.</summary>
    internal double Number => Backend.Sum(Data);

    /// <summary>One number. Setting is for tensors made by hand.</summary>
    /// <param name="indices">One index a dimension, from 0.</param>
    /// <exception cref="ShapeException">There is not one index a dimension.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is not below its size.</exception>
    /// <exception cref="InvalidOperationException">The step that made it has ended; or it is set and an operation made it.</exception>
    [IndexerName("Element")]
    public float this[params ReadOnlySpan<int> indices]
    {
        get
        {
            var value = 0f;
            Backend.Read(Data, Shape.Offset(indices), MemoryMarshal.CreateSpan(ref value, 1));
            return value;
        }

        set
        {
            RequireLeaf("set a number");
            Backend.Write(MemoryMarshal.CreateReadOnlySpan(in value, 1), Data, Shape.Offset(indices));
        }
    }

    /// <summary>A lasting tensor of zeros.</summary>
    /// <param name="shape">The sizes.</param>
    public static Tensor Zeros(Shape shape)
    {
        var zeros = Lasting(s_backend ?? CpuBackend.Default, shape);
        zeros.Backend.Fill(zeros._data, 0);
        return zeros;
    }

    /// <summary>A lasting tensor of zeros.</summary>
    /// <param name="shape">One size a dimension.</param>
    public static Tensor Zeros(params int[] shape) => Zeros(new Shape(shape));

    /// <summary>Copies numbers into a new, lasting tensor.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The sizes; none for one dimension as long as <paramref name="values"/>.</param>
    /// <exception cref="ShapeException">The shape does not hold as many numbers as there are.</exception>
    public static Tensor From(ReadOnlySpan<float> values, params int[] shape) =>
        From(values, shape is { Length: > 0 } ? new Shape(shape) : new Shape(values.Length));

    /// <summary>Copies numbers into a new, lasting tensor.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The sizes.</param>
    /// <exception cref="ShapeException">The shape does not hold as many numbers as there are.</exception>
    public static Tensor From(ReadOnlySpan<float> values, Shape shape)
    {
        RequireLength("Tensor.From", values.Length, shape);
        var tensor = Lasting(s_backend ?? CpuBackend.Default, shape);
        tensor.Backend.Write(values, tensor._data, 0);
        return tensor;
    }

    /// <summary>Rounds float64 numbers into a new, lasting tensor.</summary>
    /// <param name="values">The numbers in row-major order.</param>
    /// <param name="shape">The sizes; none for one dimension as long as <paramref name="values"/>.</param>
    /// <exception cref="ShapeException">The shape does not hold as many numbers as there are.</exception>
    public static Tensor From(ReadOnlySpan<double> values, params int[] shape)
    {
        var rounded = new float[values.Length];
        for (var i = 0; i < rounded.Length; i++)
            rounded[i] = (float)values[i];
        return From(rounded, shape);
    }

    /// <summary>Copies a matrix into a new, lasting tensor.</summary>
    /// <param name="values">[rows, columns].</param>
    public static Tensor From(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From([.. values.Cast<float>()], new Shape(values.GetLength(0), values.GetLength(1)));
    }

    /// <summary>Copies a block into a new, lasting tensor.</summary>
    /// <param name="values">[batch, time, feature].</param>
    public static Tensor From(float[,,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From([.. values.Cast<float>()], new Shape(values.GetLength(0), values.GetLength(1), values.GetLength(2)));
    }

    /// <summary>Rounds a float64 matrix into a new, lasting tensor.</summary>
    /// <param name="values">[rows, columns].</param>
    public static Tensor From(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From([.. values.Cast<double>()], values.GetLength(0), values.GetLength(1));
    }

    /// <summary>Rounds a float64 block into a new, lasting tensor.</summary>
    /// <param name="values">[batch, time, feature].</param>
    public static Tensor From(double[,,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return From([.. values.Cast<double>()], values.GetLength(0), values.GetLength(1), values.GetLength(2));
    }

    /// <summary>Makes tensors, and layers with their parameters, on another backend than the default one.</summary>
    /// <param name="backend">Where <see cref="Zeros(Shape)"/> and <see cref="From(ReadOnlySpan{float}, Shape)"/> put their numbers meanwhile, on this thread.</param>
    /// <param name="make">What makes them.</param>
    /// <returns>What <paramref name="make"/> returns.</returns>
    public static T MakeOn<T>(IBackend backend, Func<T> make)
    {
        ArgumentNullException.ThrowIfNull(backend);
        ArgumentNullException.ThrowIfNull(make);
        var outer = s_backend;
        s_backend = backend;
        try
        {
            return make();
        }
        finally
        {
            s_backend = outer;
        }
    }

    /// <summary>Moves the numbers to another backend, in place; the gradient is forgotten. Only for tensors made by hand.</summary>
    /// <param name="backend">Where they and the operations on them go.</param>
    /// <exception cref="InvalidOperationException">An operation made it.</exception>
    public void MoveTo(IBackend backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        RequireLeaf("move it");
        if (ReferenceEquals(backend, Backend))
            return;
        var moved = backend.Rent(Length);
        backend.Write(ToArray(), moved, 0);
        (Backend, _data, _gradient, _hasGradient) = (backend, moved, null, false);
    }

    /// <summary>The number of a tensor that holds one.</summary>
    /// <exception cref="ShapeException">It holds more or fewer.</exception>
    /// <exception cref="InvalidOperationException">The step that made it has ended.</exception>
    public float Item()
    {
        if (Length != 1)
            throw new ShapeException($"Item: the tensor must hold one number, but has shape {Shape}. Index it, or call Mean() first.");
        var value = 0f;
        Backend.Read(Data, 0, MemoryMarshal.CreateSpan(ref value, 1));
        return value;
    }

    /// <summary>All numbers in row-major order, as a new array.</summary>
    /// <exception cref="InvalidOperationException">The step that made it has ended.</exception>
    public float[] ToArray()
    {
        var values = new float[Length];
        Backend.Read(Data, 0, values);
        return values;
    }

    /// <summary>Copies all numbers out in row-major order.</summary>
    /// <param name="to">At least <see cref="Length"/> long.</param>
    /// <exception cref="ArgumentException"><paramref name="to"/> is too short.</exception>
    /// <exception cref="InvalidOperationException">The step that made it has ended.</exception>
    public void CopyTo(Span<float> to)
    {
        if (to.Length < Length)
            throw new ArgumentException($"CopyTo: {Shape} holds {Length} numbers, but the span takes {to.Length}.", nameof(to));
        Backend.Read(Data, 0, to[..Length]);
    }

    /// <summary>Overwrites all numbers. Only for tensors made by hand.</summary>
    /// <param name="values">As many numbers as there are, in row-major order.</param>
    /// <exception cref="ShapeException">There are more or fewer values than numbers.</exception>
    /// <exception cref="InvalidOperationException">An operation made it.</exception>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        RequireLeaf("overwrite it");
        RequireLength("CopyFrom", values.Length, Shape);
        Backend.Write(values, Data, 0);
    }

    /// <summary>Overwrites all numbers. Only for tensors made by hand.</summary>
    /// <param name="values">A tensor of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    /// <exception cref="InvalidOperationException">An operation made it.</exception>
    public void CopyFrom(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        RequireLeaf("overwrite it");
        ShapeException.RequireSame(Shape, values.Shape, "CopyFrom");
        Backend.Copy(values.Data, Data);
    }

    /// <summary>Overwrites a run of numbers of a lasting tensor, for who reads them piece by piece.</summary>
    internal void Write(ReadOnlySpan<float> values, int at) => Backend.Write(values, Data, at);

    /// <summary>A lasting copy of the numbers without history: it requires no gradient, and no gradient flows back through it.</summary>
    /// <remarks>Known elsewhere as x.detach().clone().</remarks>
    /// <exception cref="InvalidOperationException">The step that made it has ended.</exception>
    public Tensor Detach()
    {
        var copy = Lasting(Backend, Shape);
        Backend.Copy(Data, copy._data);
        copy.Name = Name;
        return copy;
    }

    /// <summary>Forgets the gradient, so that the next Backward starts from zero.</summary>
    public void ZeroGradient() => _hasGradient = false;

    /// <summary>What it is, its name if it has one, its shape: "Tensor weight_ih_l0 [128, 8]".</summary>
    public override string ToString() => Name is null ? $"Tensor {Shape}" : $"Tensor {Name} {Shape}";

    /// <summary>A lasting tensor with whatever the memory holds.</summary>
    internal static Tensor Lasting(IBackend backend, Shape shape) => new(backend, backend.Rent(shape.Length), shape);

    internal static void RequireLength(string who, int length, Shape shape)
    {
        if (length != shape.Length)
        {
            throw new ShapeException(string.Create(CultureInfo.InvariantCulture,
                $"{who}: a tensor of {shape} holds {shape.Length} numbers, but got {length}."));
        }
    }

    /// <summary>Marks an operation's result as one that Backward passes through.</summary>
    internal void RequireGradientAsResult() => _requiresGradient = true;

    /// <summary>The gradient as a buffer to add to; the first call of a pass makes it, through <paramref name="allocate"/>, and zeroes it.</summary>
    internal Storage GradientToAddTo(Func<IBackend, Shape, Tensor> allocate)
    {
        _gradient ??= IsLeaf ? Lasting(Backend, Shape) : allocate(Backend, Shape);
        if (!_hasGradient)
            Backend.Fill(_gradient.Data, 0);
        _hasGradient = true;
        return _gradient.Data;
    }

    /// <summary>Moves the numbers to another backend for a while.</summary>
    /// <returns>What makes the tensor again what it was: place, numbers, gradient and whether it requires one.</returns>
    internal Action Lend(IBackend backend)
    {
        var before = (Backend, _data, _gradient, _hasGradient, _requiresGradient);
        var lent = backend.Rent(Length);
        backend.Write(ToArray(), lent, 0);
        (Backend, _data, _gradient, _hasGradient) = (backend, lent, null, false);
        return () => (Backend, _data, _gradient, _hasGradient, _requiresGradient) = before;
    }

    private void RequireLeaf(string what)
    {
        if (!IsLeaf)
            throw new InvalidOperationException($"{this}: cannot {what}, because an operation made it. Call Detach() and change the copy.");
    }

    private InvalidOperationException Released() =>
        new($"{this}: its memory went back to the pool when Tape.Step ended. Call Detach() inside the step to keep the numbers.");
}

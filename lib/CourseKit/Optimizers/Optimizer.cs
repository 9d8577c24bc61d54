using System.Globalization;
using System.Runtime.CompilerServices;
using CourseKit.Autograd;
using CourseKit.Tensors;

namespace CourseKit.Optimizers;

/// <summary>Changes parameters by their gradients. What it remembers of each parameter belongs to the tensor, so use one optimizer for one training run.</summary>
/// <remarks>Known elsewhere as torch.optim.Optimizer, keras.optimizers.Optimizer.</remarks>
public abstract class Optimizer
{
    private const string StepsName = "step";

    private readonly ConditionalWeakTable<Tensor, Memory> _memories = [];

    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>The size of a step, above 0; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is not above 0 and finite.</exception>
    public double LearningRate
    {
        get;
        set => field = RequireInside(value, value > 0 && double.IsFinite(value), nameof(LearningRate), "above 0");
    }

    /// <summary>Updates every parameter that has a gradient, and passes over the others.</summary>
    /// <param name="parameters">What to update, in place.</param>
    /// <param name="factor">What the learning rate is multiplied with in this step, at least 0: a schedule's part. Default: 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">factor is negative or not finite.</exception>
    public void Step(IReadOnlyList<Parameter> parameters, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var rate = (float)(LearningRate * RequireInside(factor, factor >= 0 && double.IsFinite(factor), nameof(factor), "at least 0 and finite"));
        foreach (var (_, tensor) in parameters)
        {
            if (tensor.Gradient is not { } gradient)
                continue;
            if (!_memories.TryGetValue(tensor, out var memory))
                _memories.Add(tensor, memory = NewMemory(tensor));
            // The parameter may have been moved since the step before.
            foreach (var slot in memory.Slots)
                slot.MoveTo(tensor.Backend);
            memory.Steps++;
            Update(tensor, gradient, memory, rate);
        }
    }

    /// <summary>What the optimizer remembers of parameters, to be written beside them: with it a later run goes on as if it had never stopped.</summary>
    /// <param name="parameters">Of which ones. One that has had no gradient yet has no state.</param>
    /// <returns>
    /// Lasting copies under the parameter's name, a dot and PyTorch's name: "lstm.weight_ih_l0.exp_avg"; and the number of steps taken, "lstm.weight_ih_l0.step", [1],
    /// exact to 2^24. The learning rate is not among them.
    /// </returns>
    /// <remarks>Known elsewhere as optimizer.state_dict().</remarks>
    public IReadOnlyDictionary<string, Tensor> SaveState(IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var state = new Dictionary<string, Tensor>();
        foreach (var (name, tensor) in parameters)
        {
            if (!_memories.TryGetValue(tensor, out var memory))
                continue;
            state.Add($"{name}.{StepsName}", Tensor.From([(float)memory.Steps]));
            for (var i = 0; i < memory.Slots.Length; i++)
                state.Add($"{name}.{SlotNames[i]}", memory.Slots[i].Detach());
        }

        return state;
    }

    /// <summary>Takes back what <see cref="SaveState"/> gave, in place of all that is remembered of these parameters.</summary>
    /// <param name="parameters">Of the same names and shapes.</param>
    /// <param name="state">What an optimizer of the same kind and options gave.</param>
    /// <exception cref="ArgumentException">A tensor is missing, is one too many, or has another shape; nothing has changed.</exception>
    /// <remarks>Known elsewhere as optimizer.load_state_dict().</remarks>
    public void LoadState(IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(state);
        var unused = state.Keys.ToHashSet(StringComparer.Ordinal);
        var loaded = new List<(Tensor Tensor, Memory? Memory)>();
        foreach (var (name, tensor) in parameters)
        {
            if (!state.ContainsKey($"{name}.{StepsName}"))
            {
                loaded.Add((tensor, null));
                continue;
            }
            var memory = NewMemory(tensor);
            memory.Steps = (int)Take($"{name}.{StepsName}", new Shape(1)).Item();
            for (var i = 0; i < memory.Slots.Length; i++)
                memory.Slots[i].CopyFrom(Take($"{name}.{SlotNames[i]}", tensor.Shape).ToArray());
            loaded.Add((tensor, memory));
        }

        if (unused.Count > 0)
            throw Misfit($"no \"{unused.Order(StringComparer.Ordinal).First()}\"", "it is there");
        foreach (var (tensor, memory) in loaded)
        {
            _memories.Remove(tensor);
            if (memory is not null)
                _memories.Add(tensor, memory);
        }

        Tensor Take(string name, Shape shape)
        {
            if (!state.TryGetValue(name, out var tensor) || tensor.Shape != shape)
                throw Misfit($"\"{name}\" {shape}", tensor is null ? "it is missing" : $"it is {tensor.Shape}");
            unused.Remove(name);
            return tensor;
        }
    }

    /// <summary>The kind with its configuration: "Adam(0.001)".</summary>
    public override string ToString() => FormattableString.Invariant($"{GetType().Name}({LearningRate})");

    /// <summary>What is remembered of a parameter, each in its shape, under PyTorch's names; empty for nothing but the number of steps.</summary>
    private protected abstract IReadOnlyList<string> SlotNames { get; }

    /// <summary>Updates one parameter in place.</summary>
    private protected abstract void Update(Tensor weight, Tensor gradient, Memory memory, float rate);

    /// <summary>Holds a constructor's number to its range.</summary>
    private protected double RequireInside(double value, bool inside, string name, string range) => inside
        ? value
        : throw new ArgumentOutOfRangeException(null, FormattableString.Invariant($"{GetType().Name}: {name} must be {range}, but got {value}."));

    private Memory NewMemory(Tensor weight) => new([.. SlotNames.Select(_ => Updates.ZerosLike(weight))]);

    private ArgumentException Misfit(string expected, string got) => new(string.Create(CultureInfo.InvariantCulture,
        $"{GetType().Name}: the state must have {expected}, but {got}. Load what an optimizer of the same kind and options saved for the same parameters."));

    /// <summary>What is remembered of one parameter.</summary>
    private protected sealed class Memory(Tensor[] slots)
    {
        /// <summary>In the order of <see cref="SlotNames"/>.</summary>
        public Tensor[] Slots { get; } = slots;

        /// <summary>Steps taken, the one under way included.</summary>
        public int Steps { get; set; }
    }
}

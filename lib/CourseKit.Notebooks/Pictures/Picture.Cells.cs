using CourseKit.Textbook;
using MathNet.Numerics.LinearAlgebra;

namespace CourseKit.Notebooks;

/// <content>What goes on inside one gated cell.</content>
public static partial class Picture
{
    private const int MostSwitchSteps = 40;
    private static readonly double[] SomeBiases = [0, 0.5, 1, 1.5, 2, 3, 4, 5];
    private static readonly double[] SomeUpdates = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1];

    /// <summary>
    /// One time step of an LSTM cell with one neuron's numbers on the wires: the line of the cell on top, the four layers that read [h, x] below, products, sum and output.
    /// </summary>
    /// <param name="step">A step that a <see cref="Textbook.LstmCell"/> took.</param>
    /// <param name="neuron">Which neuron, from 0. Default: 0.</param>
    /// <param name="stage">What is shown strongly, the rest weakly. Default: all.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron or stage.</exception>
    /// <remarks>Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; forget gate: Gers, Schmidhuber and Cummins, 2000.</remarks>
    public static Drawing LstmCell(LstmStep step, int neuron = 0, LstmStage stage = LstmStage.All)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new LstmCellDrawing(step, neuron, stage);
    }

    /// <summary>An LSTM cell over time: a slider among its time steps, each drawn with one neuron's numbers on the wires.</summary>
    /// <param name="steps">What <see cref="Sequence.Forward"/> gave of a <see cref="Textbook.LstmCell"/>, 1 to 200 steps.</param>
    /// <param name="neuron">Which neuron, from 0. Default: 0.</param>
    /// <exception cref="ArgumentException">A step is not one of an LSTM, or there is none or more than 200.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron.</exception>
    public static Drawing LstmCell(IEnumerable<CellStep> steps, int neuron = 0)
    {
        ArgumentNullException.ThrowIfNull(steps);
        LstmStep[] all = [.. steps.Select(step => step as LstmStep ?? throw new ArgumentException($"Picture.LstmCell: every step must be an LstmStep, but one is a {step?.GetType().Name ?? "null"}. Give the steps of an LstmCell.", nameof(steps)))];
        return Slider("time step", Enumerable.Range(1, all.Length), t => LstmCell(all[t - 1], neuron));
    }

    /// <summary>
    /// The gates of one neuron of an LSTM as switches. The slider holds them in turn: as they are; output OFF and ON; memory reset, keep and write. Each time the cell really
    /// runs over the sequence, with the gates of that neuron held by a bias so large that their sigmoid is saturated, and the picture shows gates, cell and output.
    /// </summary>
    /// <param name="cell">Any LSTM cell; its weights are as before afterwards.</param>
    /// <param name="x">1 to 40 inputs, each [inputSize]. Up to 8 are drawn with their numbers.</param>
    /// <param name="start">The state before the first step, best with a cell other than 0; null for zeros.</param>
    /// <param name="neuron">Which neuron, from 0. Default: 0.</param>
    /// <param name="bias">How far a held gate is saturated: it is σ(bias) or σ(-bias). Above 0. Default: 20.</param>
    /// <exception cref="ArgumentException">There is no input or there are too many, or an input or the state has another length than the weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron, or the bias is not above 0.</exception>
    public static Drawing Switches(Textbook.LstmCell cell, IEnumerable<Vector<double>> x, CellState? start = null, int neuron = 0, double bias = 20)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var inputs = Inputs(x, MostSwitchSteps, "Picture.Switches");
        RequireNeuron(neuron, cell.Weights.HiddenSize, "Picture.Switches");
        if (!(bias > 0))
            throw new ArgumentOutOfRangeException(nameof(bias), $"Picture.Switches: bias must be above 0, but got {Num.Short(bias)}. 20 saturates a sigmoid.");
        var size = cell.Weights.HiddenSize;
        (string Name, (int Gate, int Side)[] Held)[] settings =
        [
            ("as it is", []), ("output OFF", [(3, -1)]), ("output ON", [(3, 1)]),
            ("memory: reset", [(0, -1), (1, -1)]), ("memory: keep", [(0, -1), (1, 1)]), ("memory: write", [(0, 1), (1, -1)]),
        ];
        LstmStep[][] taken =
        [
            .. settings.Select(setting => HeldGate.Run(
                cell, [.. setting.Held.Select(held => (held.Gate * size + neuron, held.Side * bias))], () => Sequence.Forward(cell, inputs, start).Cast<LstmStep>().ToArray()))
        ];
        var reach = taken.SelectMany(steps => steps).SelectMany(step => (double[])[step.After.Cell![neuron], .. step.X.Count == 1 ? [step.X[0]] : Array.Empty<double>()]).Select(Math.Abs).Append(1).Max();
        return Slider("switches", settings.Select(setting => setting.Name), name => new SwitchesDrawing(name, taken[Array.FindIndex(settings, setting => setting.Name == name)], neuron, reach));
    }

    /// <summary>
    /// How long an LSTM cell remembers, by the bias of its forget gate b: σ(b)^k, which is left after k time steps where the gate reads nothing else, and the derivative
    /// ‖∂c_k/∂c_0‖ that this cell really has, through all its gates.
    /// </summary>
    /// <param name="cell">Any LSTM cell; its forget gates' biases are set to each value in turn, and its weights are as before afterwards.</param>
    /// <param name="x">1 to 1,000 inputs, each [inputSize]: as far as k goes.</param>
    /// <param name="biases">The slider's places; null for eight from 0 to 5.</param>
    /// <returns>A slider of charts. The norm is Frobenius', divided by √hiddenSize. What is below 1e-6 is not drawn.</returns>
    /// <exception cref="ArgumentException">There is no input or there are too many, or one has another length than the weights; or there is no bias.</exception>
    /// <remarks>Gers, Schmidhuber and Cummins, Learning to Forget, 2000; Jozefowicz, Zaremba and Sutskever, 2015, start with b = 1.</remarks>
    public static Drawing ForgetBias(Textbook.LstmCell cell, IEnumerable<Vector<double>> x, IEnumerable<double>? biases = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var inputs = Inputs(x, 1000, "Picture.ForgetBias");
        double[] all = [.. biases ?? SomeBiases];
        var measured = all.Distinct().ToDictionary(bias => bias, bias => CellMemory.Measure(cell, inputs, bias));
        var most = measured.Values.SelectMany(values => values).Where(double.IsFinite).Append(1).Max();
        return Slider("forget bias", all, bias => new ForgetBiasDrawing(bias, measured[bias], most));
    }

    /// <summary>
    /// What the update gate z of a GRU does to the state: at every time step the new state lies between the old one (z = 1) and the candidate (z = 0). The slider first shows the
    /// cell as it is, then with z of one neuron held at each value; each time the cell really runs over the sequence.
    /// </summary>
    /// <param name="cell">Any GRU cell, which blends h' = (1 − z)∘n + z∘h; its weights are as before afterwards.</param>
    /// <param name="x">1 to 40 inputs, each [inputSize].</param>
    /// <param name="start">The state before the first step; null for zeros.</param>
    /// <param name="neuron">Which neuron, from 0. Default: 0.</param>
    /// <param name="updates">The values of z, from 0 to 1; null for eight of them.</param>
    /// <exception cref="ArgumentException">There is no input or there are too many, or an input or the state has another length than the weights.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such neuron, or a value of z is not from 0 to 1.</exception>
    /// <remarks>Cho et al., 2014. The other convention, h' = (1 − z)∘h + z∘n, calls 1 − z what is z here.</remarks>
    public static Drawing Blend(GruCell cell, IEnumerable<Vector<double>> x, CellState? start = null, int neuron = 0, IEnumerable<double>? updates = null)
    {
        ArgumentNullException.ThrowIfNull(cell);
        var inputs = Inputs(x, MostSwitchSteps, "Picture.Blend");
        RequireNeuron(neuron, cell.Weights.HiddenSize, "Picture.Blend");
        double[] all = [.. updates ?? SomeUpdates];
        if (all.Any(z => !(z is >= 0 and <= 1)))
            throw new ArgumentOutOfRangeException(nameof(updates), $"Picture.Blend: updates must be from 0 to 1, but one is {Num.Short(all.First(z => !(z is >= 0 and <= 1)))}.");
        var row = cell.Weights.HiddenSize + neuron;
        var places = all.Select(z => (Name: $"z = {Num.Short(z)}", Steps: Take([(row, HeldGate.BiasOf(z))]))).Prepend((Name: "as it is", Steps: Take([]))).ToArray();
        var reach = places.SelectMany(place => place.Steps).SelectMany(step => (double[])[step.N[neuron], step.Hidden[neuron], step.Before.Hidden[neuron]]).Select(Math.Abs).Append(1).Max();
        return Slider("update gate", places.Select(place => place.Name), name => new BlendDrawing(name, places.First(place => place.Name == name).Steps, neuron, reach));

        GruStep[] Take((int, double)[] held) => HeldGate.Run(cell, held, () => Sequence.Forward(cell, inputs, start).Cast<GruStep>().ToArray());
    }

    private static Vector<double>[] Inputs(IEnumerable<Vector<double>> x, int most, string who)
    {
        ArgumentNullException.ThrowIfNull(x);
        Vector<double>[] inputs = [.. x];
        return inputs.Length > 0 && inputs.Length <= most ? inputs
            : throw new ArgumentException($"{who}: x must have 1 to {Num.Whole(most)} inputs, one a time step, but has {Num.Whole(inputs.Length)}. {(inputs.Length == 0 ? "Give at least one." : "Take the first of them.")}", nameof(x));
    }

    private static void RequireNeuron(int neuron, int size, string who)
    {
        if (neuron < 0 || neuron >= size)
            throw new ArgumentOutOfRangeException(nameof(neuron), $"{who}: neuron must be 0 to {Num.Whole(size - 1)}, as the cell has {Num.Whole(size)}, but got {Num.Whole(neuron)}.");
    }
}

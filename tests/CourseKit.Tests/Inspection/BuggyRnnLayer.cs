using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Tests.Inspection;

/// <summary>A learner's whole layer, h_t = tanh(W·x_t + U·h_{t-1} + b), the walk over time by hand, with one of the usual bugs.</summary>
internal sealed class BuggyRnnLayer : SequenceLayer
{
    private readonly int _hiddenSize;
    private readonly bool _reverse;
    private readonly string _bug;
    private readonly Tensor _w, _u, _b;

    public BuggyRnnLayer(int inputSize, int hiddenSize, string bug = "", bool reverse = false)
    {
        (InputSize, _hiddenSize, _bug, _reverse) = (inputSize, hiddenSize, bug, reverse);
        (_w, _u, _b) = (AddParameter("w", hiddenSize, inputSize), AddParameter("u", hiddenSize, hiddenSize), AddParameter("b", hiddenSize));
        Initialize(new RandomSource(4));
    }

    public override int InputSize { get; }

    public override void Initialize(RandomSource random) => DrawUniform(random, 1);

    public override Shape OutputShape(Shape inputShape) => inputShape.WithLast(_hiddenSize);

    public override string ToString() => $"BuggyRnnLayer(\"{_bug}\")";

    public override (Tensor Output, RecurrentState State) Forward(Tensor x, RecurrentState? state = null, Tensor? mask = null)
    {
        var (batch, steps) = (x.Shape[0], x.Shape[1]);
        var h = state is null || _bug == "state not carried" ? Tensor.Zeros(batch, _hiddenSize) : state.Hidden[0];
        var outputs = new Tensor[steps];
        for (var step = 0; step < steps; step++)
        {
            var t = !_reverse ? step : _bug == "off by one in reverse" ? steps - 1 - Math.Max(0, step - 1) : steps - 1 - step;
            var next = Ops.Tanh(Ops.Linear(Ops.SelectStep(x, t), _w, _b) + Ops.Linear(h, _u));
            if (_bug == "batch rows mixed" && batch > 1)
                next = Ops.MatMul(Tensor.From([.. Enumerable.Range(0, batch * batch).Select(i => 1f / batch)], batch, batch), next);
            if (_bug == "row 0 for all" && batch > 1)
                next = Ops.MatMul(Tensor.From([.. Enumerable.Range(0, batch * batch).Select(i => i % batch == 0 ? 1f : 0)], batch, batch), next);
            var take = mask is null || _bug == "mask ignored" ? Ones(batch, _ => 1) : Ones(batch, b => mask[b, t]);
            var hold = mask is null || _bug == "mask ignored" ? Ones(batch, _ => 0) : Ones(batch, b => 1 - mask[b, t]);
            outputs[_reverse ? steps - 1 - step : step] = next * take;
            h = (next * take) + (h * hold);
        }

        var output = Ops.Reshape(Ops.Concat(outputs), new Shape(batch, steps, _hiddenSize));
        return (output, new RecurrentState([h]));
    }

    private Tensor Ones(int batch, Func<int, float> value) => Tensor.From([.. Enumerable.Range(0, batch * _hiddenSize).Select(i => value(i / _hiddenSize))], batch, _hiddenSize);
}

using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>
/// How strongly a model's answer at one time step depends on each input, by the state that reads forward, by the one that reads backward, and by both: the length of
/// the gradient of the answer's lead over the second best with respect to the input's vector.
/// </summary>
internal sealed class DirectionInfluence
{
    private DirectionInfluence(int step, double[] forward, double[]? backward, double[] all, double[] outputs) =>
        (Step, Forward, Backward, All, Outputs) = (step, forward, backward, all, outputs);

    /// <summary>The time step whose answer it is.</summary>
    public int Step { get; }

    /// <summary>By time step, through the forward state.</summary>
    public double[] Forward { get; }

    /// <summary>By time step, through the backward state; null where there is none.</summary>
    public double[]? Backward { get; }

    /// <summary>By time step, through both: the gradient itself.</summary>
    public double[] All { get; }

    /// <summary>The model's scores at the time step.</summary>
    public double[] Outputs { get; }

    /// <summary>The influence on the answer at every time step.</summary>
    /// <param name="model">Layers in a row, one of them recurrent.</param>
    /// <param name="x">What the first layer takes, [1, time, inputSize]; of a model that begins with an embedding, what that gives.</param>
    public static DirectionInfluence[] Of(Model model, Tensor x)
    {
        // Parameters get no gradient meanwhile, so that looking leaves no trace in a training.
        var learned = model.Parameters.Where(parameter => parameter.Tensor.RequiresGradient).ToArray();
        try
        {
            foreach (var parameter in learned)
                parameter.Tensor.RequiresGradient = false;
            return OfAll(model, x);
        }
        finally
        {
            foreach (var parameter in learned)
                parameter.Tensor.RequiresGradient = true;
        }
    }

    private static DirectionInfluence[] OfAll(Model model, Tensor x)
    {
        var layers = model.Layers.SkipWhile(layer => layer is Embedding).ToArray();
        var split = Split(model, layers);
        var input = x.Detach();
        input.RequiresGradient = true;
        var hidden = Tape.Inference(() => Run(layers[..(split + 1)], input).Detach());
        hidden.RequiresGradient = true;
        var outputs = Tape.Inference(() => Run(layers[(split + 1)..], hidden).Detach());
        if (outputs.Shape.Rank != 3 || outputs.Shape[1] != x.Shape[1])
            throw new ArgumentException($"Picture.Bidirectional: the model must answer at every time step, [1, {x.Shape[1]}, classes], but gives {outputs.Shape}. Make its layers with returnSequences: true.");
        return [.. Enumerable.Range(0, x.Shape[1]).Select(At)];

        DirectionInfluence At(int step)
        {
            var scores = Enumerable.Range(0, outputs.Shape.Last).Select(k => (double)outputs[0, step, k]).ToArray();
            var slope = Slope(hidden, () => Lead(Run(layers[(split + 1)..], hidden), step, scores));
            var half = slope.Length / x.Shape[1] / 2;
            return new(step,
                IsBoth(layers[split]) ? Through(k => k < half) : Through(_ => true),
                IsBoth(layers[split]) ? Through(k => k >= half) : null,
                Through(_ => true), scores);

            // The gradient of a sum of what comes out, weighted by the slope there, is the answer's gradient by that way.
            double[] Through(Func<int, bool> way)
            {
                var size = slope.Length / x.Shape[1];
                var weights = Tensor.From([.. slope.Select((number, i) => way(i % size) ? number : 0)], hidden.Shape);
                return Lengths(Slope(input, () => (Run(layers[..(split + 1)], input) * weights).Sum()), x.Shape[1]);
            }
        }
    }

    // The last recurrent layer: its halves are what the layers above get to see.
    private static int Split(Model model, Layer[] layers)
    {
        var split = Array.FindLastIndex(layers, layer => layer is SequenceLayer);
        if (split < 0)
            throw new ArgumentException($"Picture.Bidirectional: the model must have a recurrent layer, but is {model}.");
        var merge = layers[split] switch { RecurrentLayer { Bidirectional: true } layer => layer.Merge, Bidirectional layer => layer.Merge, _ => BidirectionalMerge.Concat };
        if (merge != BidirectionalMerge.Concat)
            throw new ArgumentException($"Picture.Bidirectional: {layers[split]} merges its directions, so they cannot be told apart. Make it with BidirectionalMerge.Concat, the default.");
        if (layers.FirstOrDefault(layer => layer is not (SequenceLayer or FeedForwardLayer)) is { } other)
            throw new ArgumentException($"Picture.Bidirectional: layers must be recurrent or feed-forward behind an embedding, but {other} is neither.");
        if (layers.OfType<RecurrentLayer>().FirstOrDefault(layer => layer.InputDropout + layer.LayerDropout + layer.OutputDropout + layer.RecurrentDropout > 0) is { } dropping)
            throw new ArgumentException($"Picture.Bidirectional: {dropping} has dropout, which would hide inputs by chance while gradients are taken. Load its weights into a model without dropout.");
        return split;
    }

    private static bool IsBoth(Layer layer) => layer is Bidirectional or RecurrentLayer { Bidirectional: true };

    private static Tensor Run(IEnumerable<Layer> layers, Tensor x)
    {
        foreach (var layer in layers)
            x = layer is SequenceLayer recurrent ? recurrent.Forward(x).Output : layer is Dropout ? x : ((FeedForwardLayer)layer).Forward(x);
        return x;
    }

    // A number added to all scores changes no answer, so the lead counts; a single score counts itself.
    private static Tensor Lead(Tensor outputs, int step, double[] scores)
    {
        var signs = new float[outputs.Shape.Length];
        var order = Enumerable.Range(0, scores.Length).OrderByDescending(k => scores[k]).ToArray();
        signs[step * scores.Length + order[0]] = 1;
        if (order.Length > 1)
            signs[step * scores.Length + order[1]] = -1;
        return (outputs * Tensor.From(signs, outputs.Shape)).Sum();
    }

    private static float[] Slope(Tensor leaf, Func<Tensor> value)
    {
        leaf.ZeroGradient();
        Tape.Step(() => value().Backward());
        return leaf.Gradient?.ToArray() ?? new float[leaf.Length];
    }

    private static double[] Lengths(float[] gradient, int steps)
    {
        var size = gradient.Length / steps;
        return [.. Enumerable.Range(0, steps).Select(t => Math.Sqrt(gradient.AsSpan(t * size, size).ToArray().Sum(number => (double)number * number)))];
    }
}

using System.Globalization;
using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>Layers of Keras with its weights, through the same conversion that a user takes.</summary>
internal static class KerasParity
{
    public static void CompareLayer(GoldenFile file, Differences differences)
    {
        var weights = Weights(file, "weights");
        var (x, hiddenSize) = (file.Tensor("x"), file.Size("units"));
        if (x.Shape is not [var batchSize, var steps, var inputSize])
            throw new FormatException("x must be [batch, time, feature]");
        BidirectionalMerge? merge = !file.Has("options", "bidirectional") ? null : file.Text("options", "bidirectional") switch
        {
            "concat" => BidirectionalMerge.Concat,
            "sum" => BidirectionalMerge.Sum,
            "mul" => BidirectionalMerge.Multiply,
            "ave" => BidirectionalMerge.Average,
            _ => throw new FormatException("options.bidirectional must be concat, sum, mul or ave"),
        };
        RequireKernels(weights, 0, inputSize, hiddenSize, file.Text("kind"));
        var layer = Layer(file.Text("kind"), inputSize, hiddenSize, merge, Option(file, "returnSequences"));
        Keras.Load([layer], weights);

        // Keras leaves the outputs of a layer that goes backwards in the order in which they were made.
        if (Option(file, "goBackwards"))
            x = new(x.Shape, [.. Enumerable.Range(0, batchSize).SelectMany(b => Enumerable.Range(0, steps).SelectMany(t => x.Row(b, steps - 1 - t)))]);
        var (y, _) = layer.Forward(x.ToTensor(), mask: Option(file, "masked") ? Mask(x) : null);
        differences.Compare("y", file.Tensor("y"), y);
    }

    /// <summary>Embedding, recurrent layer, Dense with a sigmoid: steps of SGD on the binary cross-entropy.</summary>
    public static void CompareTraining(GoldenFile file, Differences differences)
    {
        var (start, vocabulary) = (Weights(file, "start"), file.Size("vocabulary"));
        if (start is not [{ Shape: { Rank: 2 } embeddings }, _, { Shape: { Rank: 2 } recurrent }, ..])
            throw new FormatException("start must hold embeddings, kernel, recurrent_kernel, bias, kernel, bias");
        RequireKernel(start, 0, vocabulary, embeddings.Last);
        RequireKernels(start, 1, embeddings.Last, recurrent[0], file.Text("kind"));
        var (layers, ends) = (Layers(), Layers());
        Keras.Load(layers, start);
        Keras.Load(ends, Weights(file, "end"));

        var (ids, labels) = (file.Tensor("x").ToIntTensor(), file.Tensor("labels").ToTensor());
        Parameter[] parameters = Named(layers), expected = Named(ends);
        if (file.Text("optimizer").Split("lr=") is not ["sgd ", var text] || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            throw new FormatException("optimizer must be \"sgd lr=...\"");
        var optimizer = new Sgd(rate);
        differences.Compare("prediction_before", file.Tensor("prediction_before"), Ops.Activate(Logits(), Activation.Sigmoid));
        for (var step = 0; step < file.Count("steps"); step++)
        {
            Gradients.Zero(parameters);
            differences.Compare($"steps.{step}.loss", file.Number("steps", step, "loss"), Tape.Step(() =>
            {
                var loss = Loss.BinaryCrossEntropyWithLogits(Logits(), labels);
                loss.Backward();
                return loss.Item();
            }));
            optimizer.Step(parameters);
        }

        for (var i = 0; i < parameters.Length; i++)
            differences.Compare($"end.{parameters[i].Name}", new([.. expected[i].Tensor.Shape.Sizes], Array.ConvertAll(expected[i].Tensor.ToArray(), number => (double)number)), parameters[i].Tensor);

        Layer[] Layers() =>
        [
            new Embedding(vocabulary, embeddings.Last),
            Layer(file.Text("kind"), embeddings.Last, recurrent[0], merge: null, returnSequences: false),
            new Linear(recurrent[0], 1),
        ];

        static Parameter[] Named(Layer[] layers) => [.. layers.SelectMany(layer => layer.Parameters.Select(parameter => parameter with { Name = $"{layer.Name}.{parameter.Name}" }))];

        Tensor Logits() => ((Linear)layers[2]).Forward(((RecurrentLayer)layers[1]).Forward(((Embedding)layers[0]).Forward(ids)).Output);
    }

    private static RecurrentLayer Layer(string kind, int inputSize, int hiddenSize, BidirectionalMerge? merge, bool returnSequences)
    {
        var (bidirectional, how) = (merge is not null, merge ?? BidirectionalMerge.Concat);
        return kind switch
        {
            "lstm" => new Lstm(inputSize, hiddenSize, bidirectional: bidirectional, returnSequences: returnSequences, merge: how),
            "gru" => new Gru(inputSize, hiddenSize, resetAfter: false, bidirectional: bidirectional, returnSequences: returnSequences, merge: how),
            _ => new SimpleRnn(inputSize, hiddenSize, bidirectional: bidirectional, returnSequences: returnSequences, merge: how),
        };
    }

    // As a Masking layer with value 0: a time step whose features are all 0 is passed over.
    private static Tensor Mask(GoldenTensor x) => Tensor.From(
        [.. Enumerable.Range(0, x.Shape[0]).SelectMany(b => Enumerable.Range(0, x.Shape[1]).Select(t => Array.TrueForAll(x.Row(b, t), number => number == 0) ? 0f : 1f))],
        x.Shape[0], x.Shape[1]);

    private static bool Option(GoldenFile file, string name) => file.Has("options", name) && file.Flag("options", name);

    private static Tensor[] Weights(GoldenFile file, string key)
    {
        var weights = new Tensor[file.Count(key)];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = file.Tensor(key, i).ToTensor();
            weights[i].Name = file.Text(key, i, "name");
        }

        return weights;
    }

    // The layers are made of these sizes, so the file must have shown the matrices of them first.
    private static void RequireKernels(Tensor[] weights, int index, int inputSize, int hiddenSize, string kind)
    {
        var columns = GoldenLayers.Gates(kind) * hiddenSize;
        RequireKernel(weights, index, inputSize, columns);
        RequireKernel(weights, index + 1, hiddenSize, columns);
    }

    private static void RequireKernel(Tensor[] weights, int index, int rows, int columns)
    {
        if (index >= weights.Length || weights[index].Shape is not { Rank: 2 } shape || shape[0] != rows || shape[1] != columns)
            throw new FormatException($"weight {index} must be [{rows}, {columns}]");
    }
}

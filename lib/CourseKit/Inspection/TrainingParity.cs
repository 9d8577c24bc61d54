using System.Globalization;
using CourseKit.Autograd;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>A character model of PyTorch: steps of truncated backpropagation through time with carried state, Adam and clipping.</summary>
internal static class TrainingParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        var (vocabulary, hiddenSize, layers, window) = (file.Size("vocabulary"), file.Size("hidden"), file.Layers(), file.Size("bptt"));
        if (file.Tensor("start", "rnn.weight_ih_l0").Shape is not [var rows, _])
            throw new FormatException("start.rnn.weight_ih_l0 must be a matrix");
        var gates = rows / hiddenSize is 1 or 3 or 4 ? rows / hiddenSize : throw new FormatException($"start.rnn.weight_ih_l0 has {rows} rows, but must have 1, 3 or 4 times {hiddenSize}");
        var start = file.RecurrentWeights("start", "rnn.", gates, hiddenSize, hiddenSize, layers, directions: 1);
        start.Add("embedding.weight", file.TensorOf([vocabulary, hiddenSize], "start", "embedding.weight"));
        start.Add("decoder.weight", file.TensorOf([vocabulary, hiddenSize], "start", "decoder.weight"));
        start.Add("decoder.bias", file.TensorOf([vocabulary], "start", "decoder.bias"));

        var (embedding, decoder) = (new Embedding(vocabulary, hiddenSize), new Linear(hiddenSize, vocabulary));
        RecurrentLayer recurrent = gates switch
        {
            4 => new Lstm(hiddenSize, hiddenSize, layers),
            3 => new Gru(hiddenSize, hiddenSize, layers),
            _ => new SimpleRnn(hiddenSize, hiddenSize, layers),
        };
        Parameter[] parameters = [.. Named("embedding", embedding), .. Named("rnn", recurrent), .. Named("decoder", decoder)];
        GoldenLayers.Fill(parameters, start);

        var tokens = new int[file.Count("tokens_time_major")][];
        for (var t = 0; t < tokens.Length; t++)
            tokens[t] = file.Ints("tokens_time_major", t);
        var batchSize = file.Size("batch");
        if (tokens.Any(column => column.Length != batchSize))
            throw new FormatException($"tokens_time_major must have {batchSize} ids at every time step");
        if (file.Text("optimizer").Split("lr=") is not ["adam ", var text] || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            throw new FormatException("optimizer must be \"adam lr=...\"");
        var (optimizer, losses, norms) = (new Adam(rate), file.Numbers("losses"), file.Numbers("norms_before_clip"));
        RecurrentState? state = null;
        for (var step = 0; step < losses.Length; step++)
        {
            var (ids, targets) = (Window(step * window), Window((step * window) + 1));
            Gradients.Zero(parameters);
            (var loss, state) = Tape.Step(() =>
            {
                var (y, next) = recurrent.Forward(embedding.Forward(ids), state);
                var loss = Loss.CrossEntropy(decoder.Forward(y), targets);
                loss.Backward();
                return (loss.Item(), next.Detach());
            });
            var norm = Gradients.ClipByGlobalNorm(parameters, file.Number("clip_norm"));
            optimizer.Step(parameters);
            differences.Compare($"losses.{step}", losses[step], loss);
            differences.Compare($"norms_before_clip.{step}", step < norms.Length ? norms[step] : double.NaN, norm);
        }

        foreach (var (name, tensor) in parameters)
            differences.Compare($"end.{name}", file.Tensor("end", name), tensor);

        IntTensor Window(int first)
        {
            if (first > tokens.Length - window)
                throw new FormatException($"tokens_time_major must have at least {first + window} time steps, but has {tokens.Length}");
            var ids = new int[batchSize * window];
            for (var t = 0; t < window; t++)
                for (var b = 0; b < batchSize; b++)
                    ids[(b * window) + t] = tokens[first + t][b];
            return IntTensor.From(ids, batchSize, window);
        }
    }

    private static IEnumerable<Parameter> Named(string name, Layer layer) => layer.Parameters.Select(parameter => parameter with { Name = $"{name}.{parameter.Name}" });
}

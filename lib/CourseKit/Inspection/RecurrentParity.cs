using CourseKit.Autograd;
using CourseKit.Backends;
using CourseKit.Data;
using CourseKit.Layers;
using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>A recurrent layer of PyTorch: outputs, final states, a loss of all of them, every gradient.</summary>
internal static class RecurrentParity
{
    public static void Compare(GoldenFile file, Differences differences)
    {
        var (kind, inputSize, hiddenSize) = (file.Text("kind"), file.Size("input"), file.Size("hidden"));
        var (layers, bidirectional) = (file.Layers(), file.Flag("bidirectional"));
        var directions = bidirectional ? 2 : 1;
        var weights = file.RecurrentWeights("weights", "", GoldenLayers.Gates(kind), inputSize, hiddenSize, layers, directions);
        RecurrentLayer layer = kind switch
        {
            "LSTM" => new Lstm(inputSize, hiddenSize, layers, bidirectional),
            "GRU" => new Gru(inputSize, hiddenSize, layers, bidirectional: bidirectional),
            _ => new SimpleRnn(inputSize, hiddenSize, layers, file.Text("nonlinearity") == "relu" ? Activation.Relu : Activation.Tanh, bidirectional),
        };
        GoldenLayers.Fill(layer.Parameters, weights);

        var (steps, batchSize) = (file.Size("time"), file.Size("batch"));
        var x = Sequence("x", inputSize).ToTensor(requiresGradient: true);
        var state = new RecurrentState(States("h0"), kind == "LSTM" ? States("c0") : null);
        var mask = file.Has("lengths") ? Mask.FromLengths(file.Ints("lengths"), steps) : null;
        Tape.Step(() =>
        {
            var (y, final) = layer.Forward(x, state, mask);
            differences.Compare("y", Sequence("y", directions * hiddenSize), y);
            var loss = Weighted(y, Sequence("loss_weight_y", directions * hiddenSize));
            AddStates("hn", "loss_weight_h", final.Hidden);
            if (final.Cell is not null)
                AddStates("cn", "loss_weight_c", final.Cell);
            differences.Compare("loss", file.Number("loss"), loss.Item());
            loss.Backward();

            void AddStates(string name, string lossWeight, IReadOnlyList<Tensor> states)
            {
                var (golden, factors) = (Stacked(name), Stacked(lossWeight));
                for (var i = 0; i < states.Count; i++)
                {
                    differences.Compare(name, golden.Part(i), states[i]);
                    loss += Weighted(states[i], factors.Part(i));
                }
            }
        });

        differences.Compare("grad_x", Sequence("grad_x", inputSize), x.Gradient);
        CompareGradients("grad_h0", state.Hidden);
        if (state.Cell is not null)
            CompareGradients("grad_c0", state.Cell);
        foreach (var (name, tensor) in layer.Parameters)
            differences.Compare($"grad_weights.{name}", file.Tensor("grad_weights", name), tensor.Gradient);

        GoldenTensor Sequence(string name, int features) => file.TensorOf([steps, batchSize, features], name).SwapFirstTwo();

        GoldenTensor Stacked(string name) => file.TensorOf([layers * directions, batchSize, hiddenSize], name);

        Tensor[] States(string name)
        {
            var golden = Stacked(name);
            return [.. Enumerable.Range(0, layers * directions).Select(i => golden.Part(i).ToTensor(requiresGradient: true))];
        }

        void CompareGradients(string name, IReadOnlyList<Tensor> states)
        {
            for (var i = 0; i < states.Count; i++)
                differences.Compare(name, Stacked(name).Part(i), states[i].Gradient);
        }
    }

    private static Tensor Weighted(Tensor y, GoldenTensor weights) => (y * weights.ToTensor()).Sum();
}

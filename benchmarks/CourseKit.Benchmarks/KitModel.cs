using CourseKit.Autograd;
using CourseKit.Data;
using CourseKit.Interchange;
using CourseKit.Layers;
using CourseKit.Losses;
using CourseKit.Optimizers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Benchmarks;

/// <summary>A case's model as one writes it with the library, and what is measured on it: each method is one call.</summary>
internal sealed class KitModel
{
    private readonly BenchCase _case;
    private readonly Model _model;
    private readonly RecurrentLayer _recurrent;
    private readonly Adam _adam = new(1e-3);
    private readonly IntTensor _ids;
    private readonly IntTensor _targets;
    private readonly Tensor _input;

    public KitModel(BenchCase c)
    {
        _case = c;
        _recurrent = c.Kind switch
        {
            "RNN" => new SimpleRnn(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional, returnSequences: !c.LastOnly),
            "GRU" => new Gru(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional, returnSequences: !c.LastOnly),
            _ => new Lstm(c.Embedding, c.Hidden, c.Layers, bidirectional: c.Bidirectional, returnSequences: !c.LastOnly),
        };
        _model = new Model(1, new Embedding(c.Vocabulary, c.Embedding), _recurrent, new Linear(c.Width, c.LastOnly ? 1 : c.Vocabulary));
        var random = new RandomSource(1);
        _ids = Draw(c.Vocabulary, c.Batch, c.Time);
        _targets = c.LastOnly ? Draw(2, c.Batch) : Draw(c.Vocabulary, c.Batch, c.Time);
        _input = Tensor.From(Enumerable.Range(0, c.Batch * c.Time * c.Embedding).Select(_ => random.NextFloat() - 0.5f).ToArray(), new Shape(c.Batch, c.Time, c.Embedding));

        IntTensor Draw(int classes, params int[] sizes) =>
            IntTensor.From(Enumerable.Range(0, sizes.Aggregate(1, (product, size) => product * size)).Select(_ => random.NextInt(classes)).ToArray(), sizes);
    }

    /// <summary>What the recurrent layers alone are given, [batch, time, embedding].</summary>
    public Tensor Input => _input;

    /// <summary>One training step.</summary>
    public void Step() => Tape.Step(() =>
    {
        Gradients.Zero(_model.Parameters);
        var logits = _model.Forward(_ids).Output;
        var loss = _case.LastOnly ? Loss.BinaryCrossEntropyWithLogits(logits, _targets) : Loss.CrossEntropy(logits, _targets);
        loss.Backward();
        Gradients.ClipByGlobalNorm(_model.Parameters, 5);
        _adam.Step(_model.Parameters);
    });

    /// <summary>The whole model's forward pass.</summary>
    public void Forward() => Tape.Inference(() => _model.Forward(_ids).Output.Shape);

    /// <summary>The recurrent layers' forward pass.</summary>
    public void Recurrent() => Tape.Inference(() => _recurrent.Forward(_input).Output.Shape);

    /// <summary>What the recurrent layers give for <see cref="Input"/>.</summary>
    public float[] Output() => Tape.Inference(() => _recurrent.Forward(_input).Output.ToArray());

    /// <summary>Writes the recurrent layers as an ONNX file.</summary>
    public void Export(string path) => Onnx.Export([_recurrent], path);

    /// <summary>A model that writes the case's characters, one after the other; each call writes the same ones.</summary>
    public static Action Writer(BenchCase c)
    {
        var model = CharacterModel.Create(Vocabulary.OfCharacters(string.Concat(Enumerable.Range(0, c.Vocabulary).Select(i => (char)('0' + i)))), new CharacterTraining
        {
            Cell = c.Kind switch { "RNN" => CellKind.Rnn, "GRU" => CellKind.Gru, _ => CellKind.Lstm },
            Embedding = c.Embedding,
            Hidden = c.Hidden,
            Layers = c.Layers,
        });
        return () => model.Sample("0", c.Characters);
    }
}

using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <content>What goes on inside while a network reads a text.</content>
public static partial class Picture
{
    /// <summary>
    /// What the gates, the cell and the state of some neurons do at every character of a text: of an LSTM i, f, g, o, c, h; of a GRU r, z, n, h; of a simple network h.
    /// </summary>
    /// <param name="model">The model that reads.</param>
    /// <param name="text">At least one character, all in the vocabulary; the first 80 are drawn.</param>
    /// <param name="layer">Which of the recurrent layers, from 0; null for the last.</param>
    /// <param name="neurons">Which neurons, at most 24; null for the six whose state changes most, or all of a small layer.</param>
    /// <exception cref="DataException">The text is empty, or has an unknown character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such layer or neuron.</exception>
    public static Drawing Gates(CharacterModel model, string text, int? layer = null, IEnumerable<int>? neurons = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        var ids = model.Vocabulary.Encode(text);
        if (ids.Length == 0)
            throw new DataException("Picture.Gates: the text is empty. Give at least one character.");
        var index = layer ?? model.Layers - 1;
        if (index < 0 || index >= model.Layers)
            throw new ArgumentOutOfRangeException(nameof(layer), $"Picture.Gates: layer must be 0 to {Num.Whole(model.Layers - 1)}, as the model is {model}, but got {Num.Whole(index)}.");
        var shown = Math.Min(ids.Length, GatesDrawing.MostSteps);
        var recording = Recorder.Of(() => model.Model.Predict(IntTensor.From(ids.AsSpan(0, shown), 1, shown)), model.Model.Parameters);
        return new GatesDrawing(recording.Records[index], Glyphs.Of(text)[..shown], row: 0, neurons?.ToArray(), ids.Length);
    }

    /// <summary>What the gates, the cell and the state of some neurons did in a pass that a <see cref="Recorder"/> took.</summary>
    /// <param name="record">The pass, of any recurrent layer and direction.</param>
    /// <param name="labels">What was read, one label for every time step; null for the steps' numbers. The first 80 steps are drawn.</param>
    /// <param name="row">Which sequence of the batch, from 0. Default: 0.</param>
    /// <param name="neurons">Which neurons, at most 24; null for the six whose state changes most, or all of a small layer.</param>
    /// <exception cref="ArgumentException">There is not one label for every time step.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row or neuron.</exception>
    public static Drawing Gates(RecurrentRecord record, IEnumerable<string>? labels = null, int row = 0, IEnumerable<int>? neurons = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new GatesDrawing(record, labels?.ToArray(), row, neurons?.ToArray());
    }

    /// <summary>
    /// The way of the last layer's hidden state over a text, in the plane that keeps most of its variance (principal component analysis: Pearson, 1901), with each character
    /// where the state was after it. Like states lie near one another.
    /// </summary>
    /// <param name="model">The model that reads.</param>
    /// <param name="text">At least one character, all in the vocabulary; the first 400 are drawn.</param>
    /// <exception cref="DataException">The text is empty, or has an unknown character.</exception>
    /// <exception cref="ArgumentException">A state is not finite.</exception>
    public static Drawing Trajectory(CharacterModel model, string text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        var ids = model.Vocabulary.Encode(text);
        var glyphs = Glyphs.Of(text)[..Math.Min(ids.Length, TrajectoryDrawing.MostStates)];
        return new TrajectoryDrawing(model.States(string.Concat(glyphs)), glyphs, ids.Length);
    }

    /// <summary>The way of any states in the plane that keeps most of their variance.</summary>
    /// <param name="states">[time, hidden]; dimensions of size 1 before them, such as a batch of one, are passed over. The first 400 are drawn.</param>
    /// <param name="labels">What was read, one label for every state; null for their numbers.</param>
    /// <exception cref="ShapeException">The states are not a matrix, or there is none.</exception>
    /// <exception cref="ArgumentException">There is not one label for every state, or a state is not finite.</exception>
    public static Drawing Trajectory(Tensor states, IEnumerable<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(states);
        return new TrajectoryDrawing(states, labels?.ToArray());
    }

    /// <summary>
    /// A text, and under every character those that the model holds for the likeliest to come next, coloured by their probability; the one that did come is outlined.
    /// </summary>
    /// <param name="model">The model that reads.</param>
    /// <param name="text">At least one character, all in the vocabulary; the first 200 are drawn.</param>
    /// <param name="top">Guesses under each character, 1 to 20. Default: 5.</param>
    /// <param name="temperature">1 as the model believes, below 1 sharper, above 1 flatter; 0 gives the likeliest all. Default: 1.</param>
    /// <exception cref="DataException">The text is empty, or has an unknown character.</exception>
    /// <exception cref="ArgumentOutOfRangeException">top or temperature is outside its range.</exception>
    /// <exception cref="ArgumentException">A score is not finite.</exception>
    /// <remarks>After Karpathy, Johnson and Fei-Fei, Visualizing and Understanding Recurrent Networks, 2015.</remarks>
    public static Drawing NextCharacters(CharacterModel model, string text, int top = 5, double temperature = 1)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        return new NextCharactersDrawing(model, text, top, temperature);
    }
}

using CourseKit.Data;
using CourseKit.Inspection;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <content>What the layers of a deep network do.</content>
public static partial class Picture
{
    /// <summary>
    /// The hidden states of every recurrent layer while a model reads: one heat map for each layer and direction, the first at the bottom, and how alike successive states are
    /// in it. A layer that changes slowly holds what lasts, one that changes at every step what has just been read.
    /// </summary>
    /// <param name="model">A model that begins with an embedding, with at least one recurrent layer; the first 12 layers and directions are drawn.</param>
    /// <param name="ids">What it reads, at least one id; the first 80 are drawn.</param>
    /// <param name="labels">What was read, one label for every id; null for the steps' numbers.</param>
    /// <exception cref="ArgumentException">The model has no recurrent layer, or there is not one label for every id.</exception>
    /// <exception cref="DataException">There is no id.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    /// <remarks>After Hermans and Schrauwen, Training and Analyzing Deep Recurrent Neural Networks, 2013, who measured the time scales of layers.</remarks>
    public static Drawing Layers(Model model, IReadOnlyList<int> ids, IEnumerable<string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            throw new DataException("Picture.Layers: there is nothing to read. Give at least one id.");
        string[]? names = labels is null ? null : [.. labels];
        if (names is not null && names.Length != ids.Count)
            throw new ArgumentException($"Picture.Layers: labels must be one for every id, but got {Num.Whole(names.Length)} labels and {Num.Whole(ids.Count)} ids. Leave labels out to number the steps.", nameof(labels));
        int[] shown = [.. ids.Take(LayersDrawing.MostSteps)];
        var recording = Recorder.Of(() => model.Predict(IntTensor.From(shown, 1, shown.Length)), model.Parameters);
        return recording.Records.Count > 0
            ? new LayersDrawing(recording, names, ids.Count)
            : throw new ArgumentException($"Picture.Layers: the model must have a recurrent layer, but is {model}.", nameof(model));
    }

    /// <summary>The hidden states of every layer of a character model over a text.</summary>
    /// <param name="model">The model that reads.</param>
    /// <param name="text">At least one character, all in the vocabulary; the first 80 are drawn.</param>
    /// <exception cref="DataException">The text is empty, or has an unknown character.</exception>
    public static Drawing Layers(CharacterModel model, string text)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        return Layers(model.Model, model.Vocabulary.Encode(text), Glyphs.Of(text));
    }
}

using CourseKit.Layers;
using CourseKit.Tensors;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <content>What a network that reads in both directions can see.</content>
public static partial class Picture
{
    private const int MostWords = 40;

    /// <summary>
    /// What the answer at each word of a sentence depends on, chosen by a slider: which words the state that reads forward has seen, which the one that reads backward, which
    /// both, and how strongly each moves the answer. Of a model with one direction only that one is drawn.
    /// </summary>
    /// <param name="model">A model that answers at every time step and begins with an <see cref="Embedding"/>. Its last recurrent layer is the one whose directions are told apart.</param>
    /// <param name="ids">The sentence, 1 to 40 ids.</param>
    /// <param name="words">What was read, one label for every id; null for the ids.</param>
    /// <param name="classes">How the model's answers are called, one for every class; null for their numbers.</param>
    /// <returns>A slider with a drawing for every word. The colour is the length of the gradient of the best answer's lead over the second best with respect to the word's vector, as a
    /// share of the greatest.</returns>
    /// <exception cref="ArgumentException">The model has no recurrent layer, does not answer at every time step, or merges its directions otherwise than by Concat; or there is not one label for every id or class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no id, or there are too many.</exception>
    /// <remarks>Gradients as influence: Simonyan, Vedaldi and Zisserman, Deep Inside Convolutional Networks, 2014. Both directions: Schuster and Paliwal, 1997.</remarks>
    public static Drawing Bidirectional(Model model, IReadOnlyList<int> ids, IEnumerable<string>? words = null, IEnumerable<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(ids);
        if (model.Layers[0] is not Embedding embedding)
            throw new ArgumentException($"Picture.Bidirectional: ids need an Embedding as the first layer, but it is {model.Layers[0]}. Give the model's numbers as a tensor [1, time, inputSize].", nameof(model));
        RequireWords(ids.Count);
        return Directions(model, embedding.Forward(IntTensor.From([.. ids], 1, ids.Count)), words ?? ids.Select(id => Num.Whole(id)), classes);
    }

    /// <summary>The same for a model that reads numbers.</summary>
    /// <param name="model">A model that answers at every time step. Its last recurrent layer is the one whose directions are told apart.</param>
    /// <param name="x">[1, time, inputSize], 1 to 40 time steps.</param>
    /// <param name="words">What was read, one label for every time step; null for the steps' numbers.</param>
    /// <param name="classes">How the model's answers are called, one for every class; null for their numbers.</param>
    /// <returns>A slider with a drawing for every time step.</returns>
    /// <exception cref="ShapeException">x is not one sequence.</exception>
    /// <exception cref="ArgumentException">The model has no recurrent layer, does not answer at every time step, or merges its directions otherwise than by Concat; or there is not one label for every time step or class.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no time step, or there are too many.</exception>
    public static Drawing Bidirectional(Model model, Tensor x, IEnumerable<string>? words = null, IEnumerable<string>? classes = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 3 || x.Shape[0] != 1)
            throw new ShapeException($"Picture.Bidirectional: x must be one sequence, [1, time, inputSize], but got {x.Shape}.");
        RequireWords(x.Shape[1]);
        return Directions(model, x, words ?? Enumerable.Range(0, x.Shape[1]).Select(t => Num.Whole(t)), classes);
    }

    private static SliderDrawing Directions(Model model, Tensor x, IEnumerable<string> words, IEnumerable<string>? classes)
    {
        string[] labels = [.. words];
        if (labels.Length != x.Shape[1])
            throw new ArgumentException($"Picture.Bidirectional: words must be one label for every time step, but got {Num.Whole(labels.Length)} labels and {Num.Whole(x.Shape[1])} time steps.", nameof(words));
        var influences = DirectionInfluence.Of(model, x);
        var count = influences[0].Outputs.Length;
        string[] names = [.. classes ?? Enumerable.Range(0, count).Select(k => Num.Whole(k))];
        if (names.Length != count)
            throw new ArgumentException($"Picture.Bidirectional: classes must be one name for each of the model's {Num.Whole(count)} answers, but got {Num.Whole(names.Length)}.", nameof(classes));
        return new SliderDrawing("word", labels, t => new DirectionsDrawing(influences[t], labels, names));
    }

    private static void RequireWords(int count)
    {
        if (count is < 1 or > MostWords)
            throw new ArgumentOutOfRangeException(nameof(count), $"Picture.Bidirectional: the sentence must have 1 to {Num.Whole(MostWords)} words, but has {Num.Whole(count)}. {(count == 0 ? "Give at least one." : "Take a part of it.")}");
    }
}

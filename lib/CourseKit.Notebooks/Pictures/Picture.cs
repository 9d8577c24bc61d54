using CourseKit.SequenceToSequence;
using CourseKit.Training;

namespace CourseKit.Notebooks;

/// <summary>
/// Pictures made for recurrent networks, each by one call: of a network, of what goes on inside it while it reads, of how it learns, of what it says. Numbers of your own
/// are drawn by <see cref="Chart"/>.
/// </summary>
/// <remarks>A picture is made when it is asked for, from the model as it is then; training the model further does not change it.</remarks>
public static partial class Picture
{
    /// <summary>
    /// The network unrolled over time: a row for every layer, from the input at the bottom to the output on top, a column for every time step, and arrows for what goes
    /// from where to where. Beside each layer stand its name, the shape that it gives and how many numbers it learns.
    /// </summary>
    /// <param name="model">Any model. An <see cref="EncoderDecoder"/> is drawn with its two halves side by side: give its <see cref="EncoderDecoder.Model"/>.</param>
    /// <param name="steps">Time steps to draw, 1 to 12; for an encoder-decoder 1 to 6 on each side. Default: 4.</param>
    /// <exception cref="ArgumentOutOfRangeException">steps is outside its range.</exception>
    public static Drawing Unrolled(Model model, int steps = 4)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Layers is [EncoderDecoder pair] ? new UnrolledPairDrawing(pair, steps) : new UnrolledDrawing(model, steps);
    }

    /// <summary>
    /// Every parameter as a histogram, with its mean and standard deviation. Where weights of a recurrent layer are so large that one of them alone saturates tanh or
    /// sigmoid, dashed lines mark it, and a matrix whose numbers are all the same is named.
    /// </summary>
    /// <param name="model">Any model; the first 36 parameters are drawn.</param>
    public static Drawing Weights(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new WeightsDrawing(model);
    }

    /// <summary>
    /// A slider that chooses among drawings, all made beforehand: for a temperature, a time step, a weight, or anything else. It works by mouse, finger and arrow keys, without
    /// a server; where scripts are off, the first drawing is seen.
    /// </summary>
    /// <param name="label">What the slider changes.</param>
    /// <param name="values">Its places, 1 to 200, in order.</param>
    /// <param name="frame">Makes the drawing of a value: any chart or picture, also another slider. Give all the same axes and colours, or they cannot be compared.</param>
    /// <exception cref="ArgumentException">There is no value or there are too many, a drawing is null, or all together take more than 4 MB.</exception>
    public static Drawing Slider<T>(string label, IEnumerable<T> values, Func<T, Drawing> frame)
    {
        ArgumentNullException.ThrowIfNull(label);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(frame);
        T[] all = [.. values];
        return new SliderDrawing(label, Array.ConvertAll(all, SliderDrawing.Text), k => frame(all[k]));
    }
}

using CourseKit.Data;
using CourseKit.Tasks;

namespace CourseKit.Notebooks;

/// <content>Programs of learning to execute.</content>
public static partial class Picture
{
    /// <summary>Programs, each operator in its colour, and under each what it prints.</summary>
    /// <param name="examples">The programs with their targets, 1 to 20.</param>
    /// <param name="title">The line above. Default: none.</param>
    /// <exception cref="ArgumentException">There is no program, there are more than 20, or one has more than 2000 characters.</exception>
    public static Drawing Programs(IEnumerable<TextExample> examples, string title = "")
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(title);
        return new ProgramsDrawing([.. examples], title);
    }

    /// <summary>
    /// The two dials of the generator of programs, length and nesting, and programs that it draws at each place of theirs, all made beforehand. Each operator has its colour.
    /// </summary>
    /// <param name="task">What draws the programs.</param>
    /// <param name="lengths">The places of the dial for the length.</param>
    /// <param name="nestings">The places of the dial for the nesting; not more than 200 pairs in all.</param>
    /// <param name="count">Programs to show at a time, 1 to 20. Default: 3.</param>
    /// <param name="seed">The same seed draws the same programs. Default: 1.</param>
    /// <exception cref="ArgumentException">A dial has no place, or there are too many.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The task does not know such a length or nesting.</exception>
    /// <exception cref="DataException">So easy a task has no example to train on.</exception>
    /// <remarks>Zaremba and Sutskever, Learning to Execute, 2014.</remarks>
    public static Drawing Programs(TextTask task, IEnumerable<int> lengths, IEnumerable<int> nestings, int count = 3, long seed = 1)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(lengths);
        ArgumentNullException.ThrowIfNull(nestings);
        int[] all = [.. lengths];
        return Slider("nesting", nestings, nesting => Slider("length", all, length =>
            new ProgramsDrawing([.. task.Examples(Math.Max(1, count), new Difficulty(length, nesting), seed)], $"Length {Num.Whole(length)}, nesting {Num.Whole(nesting)}")));
    }
}

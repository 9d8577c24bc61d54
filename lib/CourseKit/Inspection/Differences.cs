using CourseKit.Tensors;

namespace CourseKit.Inspection;

/// <summary>Compares numbers with golden ones and keeps the largest difference.</summary>
internal sealed class Differences
{
    public int Numbers { get; private set; }

    public double Largest { get; private set; }

    public string? Place { get; private set; }

    /// <exception cref="FormatException">The shapes differ.</exception>
    public void Compare(string place, GoldenTensor expected, Tensor? actual)
    {
        if (actual is null || !actual.Shape.Sizes.SequenceEqual(expected.Shape))
            throw new FormatException($"{place} is [{string.Join(", ", expected.Shape.Take(8))}] in the file, but here it is {(actual is null ? "not there" : actual.Shape.ToString())}");
        var numbers = actual.ToArray();
        for (var i = 0; i < numbers.Length; i++)
            Compare(place, expected.Data[i], numbers[i]);
    }

    public void Compare(string place, double expected, double actual)
    {
        Numbers++;
        var difference = Math.Abs(expected - actual);
        if (!double.IsFinite(difference))
            difference = double.PositiveInfinity;
        if (difference > Largest || Place is null)
            (Largest, Place) = (difference, place);
    }
}

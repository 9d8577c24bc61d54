using System.Globalization;
using System.Runtime.CompilerServices;

namespace CourseKit.Tensors;

/// <summary>An interpolated text that is put together only when a shape is wrong, so that checking costs no memory in a training step.</summary>
[InterpolatedStringHandler]
internal ref struct ShapeMend
{
    private DefaultInterpolatedStringHandler _text;

    public ShapeMend(int literalLength, int formattedCount, Shape got, Shape expected, out bool isNeeded)
    {
        isNeeded = got != expected;
        _text = isNeeded ? new(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public ShapeMend(int literalLength, int formattedCount, Shape got, int rank, out bool isNeeded)
    {
        isNeeded = got.Rank != rank;
        _text = isNeeded ? new(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    /// <summary>The text; once.</summary>
    public string Text => _text.ToStringAndClear();

    public void AppendLiteral(string literal) => _text.AppendLiteral(literal);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);
}

namespace CourseKit.Data;

/// <summary>How sequences of different lengths become rows of one length.</summary>
public sealed record PadOptions
{
    /// <summary>The length of every row, at least 1. Null: that of the longest sequence, and at least 1. Default: null.</summary>
    public int? Steps { get; init; }

    /// <summary>Where a sequence that is too short gets its padding. Default: at the back.</summary>
    public PadSide Padding { get; init; }

    /// <summary>Where a sequence that is too long is cut. Default: at the back, which keeps its beginning.</summary>
    public PadSide Truncation { get; init; }

    /// <summary>The id that stands where there is none. Default: 0. Features are padded with 0.</summary>
    public int PadId { get; init; }
}

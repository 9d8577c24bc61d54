namespace CourseKit.Data.Loaders;

/// <summary>What to do where a time series has no value.</summary>
public enum MissingValues
{
    /// <summary>Refuse the file, and say where.</summary>
    Refuse,

    /// <summary>Take the value before; the first value may not be missing.</summary>
    Previous,

    /// <summary>Go evenly from the value before to the value after; before the first and after the last, take that.</summary>
    Interpolate,
}

namespace CourseKit.Host.Diagnosis;

/// <summary>Whether what was found is well.</summary>
internal enum FindingState
{
    /// <summary>Yes.</summary>
    Ok,

    /// <summary>No: something does not work until it is mended.</summary>
    Mend,

    /// <summary>Something more would be possible; all that the course needs works.</summary>
    Optional,
}

namespace CourseKit.Notebooks;

/// <summary>What is shuffled in a windows picture.</summary>
internal enum WindowOrder
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The examples among one another.</summary>
    Examples,

    /// <summary>The places inside the windows, in all of them alike.</summary>
    InsideAlike,

    /// <summary>The places inside the windows, in each its own way.</summary>
    InsideEach,
}

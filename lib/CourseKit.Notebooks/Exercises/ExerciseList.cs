namespace CourseKit.Notebooks;

/// <summary>All exercises of the course.</summary>
internal static class ExerciseList
{
    /// <summary>The exercises, in the notebooks' order.</summary>
    public static IReadOnlyList<Exercise> All { get; } =
    [
        .. Notebook00.All,
        .. Notebook01.All,
        .. Notebook03.All,
        .. Notebook05.All,
        .. Notebook06.All,
        .. Notebook07.All,
        .. Notebook08.All,
        .. Notebook09.All,
        .. Notebook10.All,
        .. Notebook13.All,
        .. Notebook23.All,
        .. Notebook25.All,
    ];

    /// <summary>The exercise of this number; null when there is none.</summary>
    public static Exercise? Find(string id) => All.FirstOrDefault(exercise => exercise.Id == id);
}

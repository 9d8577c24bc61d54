namespace CourseKit.Notebooks;

/// <summary>The front end of this process.</summary>
public static class FrontEnd
{
    private static IFrontEnd? s_current;

    /// <summary>
    /// What <see cref="Live"/> and <see cref="Progress"/> show themselves in. A host sets it; without one it is .NET Interactive where a notebook runs in that, else null:
    /// then nothing is shown.
    /// </summary>
    public static IFrontEnd? Current
    {
        get => s_current ?? InteractiveFrontEnd.Find();
        set => s_current = value;
    }
}

namespace CourseKit.Gpu;

/// <summary>Work on single numbers: <see cref="At"/> runs once for each i below a count, in any order.</summary>
internal interface IEach
{
    void At(int i);
}

namespace CourseKit.Gpu;

/// <summary>Work of groups of threads that share memory and wait for each other; it asks Grid and Group where it is.</summary>
internal interface IGrouped
{
    void Run();
}

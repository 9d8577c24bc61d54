namespace CourseKit.Benchmarks;

/// <summary>Prints what was measured.</summary>
internal interface IBenchReport
{
    /// <summary>A case is done.</summary>
    void Add(BenchCase one, BenchResults results);

    /// <summary>All are done.</summary>
    void End();
}

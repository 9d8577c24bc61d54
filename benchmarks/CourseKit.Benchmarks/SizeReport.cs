namespace CourseKit.Benchmarks;

internal static class SizeReport
{
    internal static int Run(string file, BenchOptions options) => 0;
}

namespace CourseKit.Benchmarks;

/// <summary>A runner did not start, or ended before it should. The message is one line.</summary>
internal sealed class RunnerException(string message) : Exception(message);

namespace CourseKit.Host.Commands;

/// <summary>The command line, or a file that it names, cannot be used. The message is one line that names the mend; exit code 2.</summary>
/// <param name="message">What is wrong and the mend.</param>
internal sealed class UsageException(string message) : Exception(message);

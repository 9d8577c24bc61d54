namespace CourseKit.Host.Jupyter;

/// <summary>A connection file or a message that cannot be used. The message is one line.</summary>
internal sealed class JupyterException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">Who, what was expected, what came.</param>
    /// <param name="inner">What was thrown below, if anything.</param>
    public JupyterException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

namespace CourseKit.Host.Site;

/// <summary>A site that cannot be built: the message names the notebook and cell, or the folder, and the mend.</summary>
internal sealed class SiteException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">One line: who, what, and how to mend it.</param>
    /// <param name="inner">What was thrown below, if anything.</param>
    public SiteException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

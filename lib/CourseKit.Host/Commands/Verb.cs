namespace CourseKit.Host.Commands;

/// <summary>What a verb needs from the world around it.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and complaints.</param>
/// <param name="Root">The project's root folder.</param>
/// <param name="Cancellation">Set by Ctrl-C.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, string Root, CancellationToken Cancellation);

/// <summary>One verb of the command line.</summary>
internal abstract class Verb
{
    /// <summary>The word.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the list of verbs.</summary>
    public abstract string Summary { get; }

    /// <summary>The name of the words that are no options, for messages: "FILE.ipynb".</summary>
    public virtual string FileWord => "FILE";

    /// <summary>How many words besides options it needs.</summary>
    public virtual int LeastFiles => 0;

    /// <summary>How many it takes at most.</summary>
    public virtual int MostFiles => LeastFiles;

    /// <summary>Its options, in the order of help.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>Does it.</summary>
    /// <param name="arguments">Checked words.</param>
    /// <param name="terminal">The world around.</param>
    /// <returns>0 when all is well, 1 when the work failed.</returns>
    /// <exception cref="UsageException">A file or value cannot be used; exit code 2.</exception>
    /// <exception cref="OperationCanceledException">Ctrl-C; exit code 130.</exception>
    public abstract Task<int> RunAsync(Arguments arguments, Terminal terminal);
}

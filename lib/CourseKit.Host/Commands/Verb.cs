namespace CourseKit.Host.Commands;

/// <summary>One verb of the command line.</summary>
internal abstract class Verb
{
    /// <summary>The word.</summary>
    public abstract string Name { get; }

    /// <summary>One line for the list of verbs.</summary>
    public abstract string Summary { get; }

    /// <summary>The name of the words that are no options, for messages: "FILE.ipynb".</summary>
    public virtual string FileWord => "FILE";

    /// <summary>What the first of these words must be one of; empty when it may be anything.</summary>
    public virtual IReadOnlyList<string> Actions => [];

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

using CourseKit.Data;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Site;
using CourseKit.Interchange;

namespace CourseKit.Host.Commands;

/// <summary>Picks the verb, and turns what goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>All verbs, in the order of help.</summary>
    public static IReadOnlyList<Verb> Verbs { get; } =
        [new SiteVerb(), new RunVerb(), new LabVerb(), new KernelVerb(), new TestVerb(), new TrainVerb(), new SampleVerb(), new LteVerb(), new ParityVerb(), new BenchVerb(), new DoctorVerb(), new HelpVerb()];

    /// <summary>Runs a command line.</summary>
    /// <param name="words">All words, the verb first; none means help.</param>
    /// <param name="terminal">The world around.</param>
    /// <returns>0 done, 1 the work failed, 2 the command line or a file it names cannot be used, 130 Ctrl-C.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, Terminal terminal)
    {
        try
        {
            if (words.Count == 0 || words[0] is "--help" or "-h")
                return HelpVerb.List(terminal);
            var verb = Find(words[0]);
            return words.Skip(1).Any(word => word is "--help" or "-h")
                ? HelpVerb.Explain(verb, terminal)
                : await verb.RunAsync(new Arguments(verb, [.. words.Skip(1)]), terminal);
        }
        catch (OperationCanceledException) when (terminal.Cancellation.IsCancellationRequested)
        {
            terminal.Error.WriteLine("stopped.");
            return 130;
        }
        catch (Exception e) when (e is UsageException or NotebookException)
        {
            terminal.Error.WriteLine(e.Message);
            return 2;
        }
        catch (Exception e) when (e is DataException or SafetensorsException)
        {
            terminal.Error.WriteLine($"{words[0]}: {e.Message}");
            return 2;
        }
        catch (SiteException e)
        {
            terminal.Error.WriteLine(e.Message);
            return 1;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            terminal.Error.WriteLine($"{words[0]}: {e.Message.TrimEnd('.')}. Free some space, or choose a folder that you may write to.");
            return 1;
        }
    }

    /// <summary>The verb of a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Verb Find(string name) => Verbs.FirstOrDefault(verb => verb.Name == name)
        ?? throw new UsageException($"no verb \"{name}\".{Nearest.Suggest(name, Verbs.Select(verb => verb.Name))} Verbs: {string.Join(", ", Verbs.Select(verb => verb.Name))}.");
}

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using CourseKit.Host.Notebooks;
using Microsoft.CodeAnalysis;

namespace CourseKit.Host.Execution;

/// <summary>Tells errors in the words of a notebook: cell and line, not submission classes and state machines.</summary>
internal static class CellTrace
{
    private const string Prefix = "cell ";
    private const int LongestLine = 200;

    /// <summary>The name under which a cell is compiled; stack frames bring it back.</summary>
    /// <param name="folder">The notebook's folder: "#r" is relative to it.</param>
    /// <param name="number">The cell's number.</param>
    public static string PathOf(string folder, int number) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number}"));

    /// <summary>An exception as an output, and the line of the running cell where it came up.</summary>
    /// <param name="exception">What the cell threw.</param>
    /// <param name="cellPath">The running cell's <see cref="PathOf"/>.</param>
    /// <param name="sources">The source of every cell that has run, by its path.</param>
    public static (ErrorOutput Error, int? Line) Of(Exception exception, string cellPath, IReadOnlyDictionary<string, string> sources)
    {
        while (exception is TargetInvocationException or AggregateException { InnerExceptions.Count: 1 } or TypeInitializationException
            && exception.InnerException is { } inner)
            exception = inner;
        int? line = null;
        var traceback = new List<string> { $"{exception.GetType().Name}: {exception.Message}" };
        foreach (var frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            var file = frame.GetFileName();
            if (file == cellPath && frame.GetFileLineNumber() > 0)
                line ??= frame.GetFileLineNumber();
            if (Describe(frame, file, sources) is { } text && text != traceback[^1])
                traceback.Add(text);
        }
        return (new ErrorOutput(exception.GetType().Name, exception.Message, traceback), line);
    }

    /// <summary>Compiler errors as one output, and the first one's line.</summary>
    /// <param name="diagnostics">What the compiler said, errors among it.</param>
    public static (ErrorOutput Error, int? Line) Of(IEnumerable<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(error => error.Location.SourceSpan.Start).ToList();
        var first = errors[0];
        return (new ErrorOutput("CompilationError", Text(first), [.. errors.SelectMany(error => Shown(error))]), Line(first));

        static int Line(Diagnostic error) => error.Location.GetLineSpan().StartLinePosition.Line + 1;
        static string Text(Diagnostic error) => $"{error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
        static IEnumerable<string> Shown(Diagnostic error)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"line {Line(error)}: {Text(error)}");
            if (error.Location.SourceTree is not { } tree)
                yield break;
            var line = tree.GetText().Lines.GetLineFromPosition(error.Location.SourceSpan.Start);
            var (text, column) = (line.ToString(), error.Location.SourceSpan.Start - line.Start);
            if (text.Length is 0 or > LongestLine)
                yield break;
            var marked = Math.Max(1, Math.Min(error.Location.SourceSpan.Length, text.Length - column));
            yield return $"    {text}";
            // Tabs stay, so that the mark stands under what it marks.
            yield return $"    {string.Concat(text.Take(column).Select(c => c == '\t' ? '\t' : ' ')).PadRight(column)}{new string('^', marked)}";
        }
    }

    /// <summary>A line of the traceback, or null for a frame that belongs to the machinery of scripts.</summary>
    private static string? Describe(StackFrame frame, string? file, IReadOnlyDictionary<string, string> sources)
    {
        var method = frame.GetMethod();
        if (method?.DeclaringType is not { } type)
            return null;
        var name = file is null ? "" : Path.GetFileName(file);
        if (name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            var line = frame.GetFileLineNumber();
            var source = sources.GetValueOrDefault(file!)?.Split('\n').ElementAtOrDefault(line - 1)?.Trim();
            return string.Create(CultureInfo.InvariantCulture, $"   at {name}, line {line}{(source is null or { Length: 0 or > LongestLine } ? "" : $": {source}")}");
        }
        return type.Namespace is null || type.Namespace.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)
            || type.Namespace.StartsWith("System.Runtime", StringComparison.Ordinal) || type.Assembly == typeof(CellTrace).Assembly
            ? null
            : $"   at {type.FullName}.{method.Name}";
    }
}

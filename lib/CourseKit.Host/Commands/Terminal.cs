using System.Collections;
using System.Diagnostics;

namespace CourseKit.Host.Commands;

/// <summary>What a verb needs from the world around it.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and complaints.</param>
/// <param name="Root">The project's root folder.</param>
/// <param name="Cancellation">Set by Ctrl-C.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, string Root, CancellationToken Cancellation)
{
    /// <summary>Standard input.</summary>
    public TextReader In { get; init; } = Console.In;

    /// <summary>Environment variables: where programs and a user's folders are looked for, and what <see cref="Program"/> passes on.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "", OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    /// <summary>A variable's text, or null when it is not set or empty.</summary>
    public string? Variable(string name) => Variables.TryGetValue(name, out var text) && text.Length > 0 ? text : null;

    /// <summary>The user's home folder.</summary>
    public string Home => Variable(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>The full path of a program on PATH, or null.</summary>
    /// <param name="name">Without extension.</param>
    public string? Find(string name) => (Variable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0).Select(folder => ProgramIn(folder, name)).FirstOrDefault(file => file is not null);

    /// <summary>The full path of a program in a folder, or null.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Without extension.</param>
    public static string? ProgramIn(string folder, string name)
    {
        string[] extensions = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return extensions.Select(extension => Path.GetFullPath(Path.Combine(folder, name + extension))).FirstOrDefault(IsProgram);
    }

    /// <summary>How to start a program with these variables.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its command line.</param>
    public ProcessStartInfo Program(string path, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { UseShellExecute = false };
        start.Environment.Clear();
        foreach (var (name, text) in Variables)
            start.Environment[name] = text;
        return start;
    }

    private static bool IsProgram(string file) => File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}

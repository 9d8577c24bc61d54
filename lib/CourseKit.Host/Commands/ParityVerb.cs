using System.Globalization;
using CourseKit.Inspection;

namespace CourseKit.Host.Commands;

/// <summary>parity DIR</summary>
internal sealed class ParityVerb : Verb
{
    public override string Name => "parity";

    public override string Summary => "compares this library with golden files of PyTorch and Keras";

    public override string FileWord => "DIR";

    public override int LeastFiles => 1;

    public override Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var folder = arguments.Files[0];
        if (!Directory.Exists(folder))
            throw new UsageException($"parity: there is no folder {folder}. Check the path; it is relative to {Environment.CurrentDirectory}");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new UsageException($"parity: {folder} holds no .json file. Give a folder of golden files; docs/interchange.md says what they hold.");

        var width = files.Max(file => Path.GetFileNameWithoutExtension(file).Length);
        var agree = 0;
        foreach (var file in files)
        {
            terminal.Cancellation.ThrowIfCancellationRequested();
            var result = Parity.Check(file);
            agree += result.Agrees ? 1 : 0;
            terminal.Out.WriteLine(result.Reason is { } reason
                ? $"FAIL {result.File.PadRight(width)}  {reason}"
                : string.Create(CultureInfo.InvariantCulture, $"{(result.Agrees ? "ok  " : "FAIL")} {result.File.PadRight(width)}  {result.LargestDifference:0.0E+00} at {result.Place}, {result.Numbers} numbers"));
        }

        terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{agree} of {files.Length} files agree to {Parity.Tolerance:0.#####}"));
        return Task.FromResult(agree == files.Length ? 0 : 1);
    }
}

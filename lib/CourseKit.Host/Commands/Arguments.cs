using System.Globalization;

namespace CourseKit.Host.Commands;

/// <summary>The words after a verb, checked against what the verb takes.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = [];
    private readonly List<string> _files = [];

    /// <summary>Sorts and checks the words.</summary>
    /// <param name="verb">The verb they belong to.</param>
    /// <param name="words">What was typed after it. "--name value" and "--name=value" are the same; after "--" everything is a file.</param>
    /// <exception cref="UsageException">An unknown or repeated option, a missing or wrong value, too few or too many files.</exception>
    public Arguments(Verb verb, IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                _files.AddRange(words.Skip(i + 1));
                break;
            }
            if (!word.StartsWith('-') || word.Length == 1)
            {
                _files.Add(word);
                continue;
            }
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            var option = verb.Options.FirstOrDefault(option => option.Name == name)
                ?? throw new UsageException($"{verb.Name}: no option {name}.{Nearest.Suggest(name, verb.Options.Select(o => o.Name))} See: help {verb.Name}");
            var value = "";
            if (option.IsSwitch && equals >= 0)
                throw new UsageException($"{verb.Name}: {name} takes no value. Write it alone: {name}");
            if (!option.IsSwitch)
            {
                value = equals >= 0 ? word[(equals + 1)..] : ++i < words.Count ? words[i]
                    : throw new UsageException($"{verb.Name}: {name} needs a value: {name} {option.Value}");
                if (option.Complaint(value) is { } complaint)
                    throw new UsageException($"{verb.Name}: {name} must be {complaint}, but got \"{value}\".");
            }
            if (!_options.TryAdd(name, value))
                throw new UsageException($"{verb.Name}: {name} is given twice. Leave one out.");
        }
        if (_files.Count < verb.LeastFiles)
            throw new UsageException($"{verb.Name}: {verb.FileWord} is missing. Write: {verb.Name} {verb.FileWord}{(verb.Options.Count > 0 ? " [options]" : "")}");
        if (_files.Count > verb.MostFiles)
            throw new UsageException($"{verb.Name}: \"{_files[verb.MostFiles]}\" is one word too many. {(verb.MostFiles == 0 ? "It takes options only" : $"It takes one {verb.FileWord}")}; see: help {verb.Name}");
        if (verb.Actions.Count > 0 && _files.Count > 0 && !verb.Actions.Contains(_files[0]))
            throw new UsageException($"{verb.Name}: no word \"{_files[0]}\".{Nearest.Suggest(_files[0], verb.Actions)} Write one of: {string.Join(", ", verb.Actions.Select(action => $"{verb.Name} {action}"))}.");
    }

    /// <summary>The words that are no options, in order.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => _options.ContainsKey(name);

    /// <summary>An option's text, or null when not given.</summary>
    public string? Text(string name) => _options.GetValueOrDefault(name);

    /// <summary>An option's whole number, or its default.</summary>
    public int Integer(string name, int otherwise) => (int)Long(name, otherwise);

    /// <summary>An option's whole number of 64 bits, or its default.</summary>
    public long Long(string name, long otherwise) =>
        _options.TryGetValue(name, out var text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>An option's number, or its default.</summary>
    public double Number(string name, double otherwise) =>
        _options.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The file at a place among the words, which must exist.</summary>
    /// <exception cref="UsageException">There is no such file, or it is a folder.</exception>
    public string ExistingFile(int index = 0)
    {
        var path = _files[index];
        if (File.Exists(path))
            return path;
        if (Directory.Exists(path))
            throw new UsageException($"{path}: is a folder. Name a file in it.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        IEnumerable<string> known = Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal) : [];
        throw new UsageException($"{path}: no such file.{Nearest.Suggest(Path.GetFileName(path), known)} Check the path; it is relative to {Environment.CurrentDirectory}");
    }
}

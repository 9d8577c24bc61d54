namespace CourseKit.Data.Loaders;

/// <summary>Where a data set lies on this machine, and how to say so when it does not.</summary>
/// <param name="Name">What the loader is called.</param>
/// <param name="Places">Files or folders, relative, of which one must be there; the first is the one to recommend.</param>
/// <param name="Address">Where the public data set is.</param>
internal sealed record DataSource(string Name, string[] Places, string Address)
{
    /// <summary>The environment variable that names the folder of all data sets.</summary>
    public const string Variable = "COURSEKIT_DATA";

    private string Wanted => string.Join(" or ", Places.Select(place => $"'{place}'"));

    private string Mend => $"Get it from {Address}";

    /// <summary>The file or folder that is there.</summary>
    /// <param name="path">What the user gave: the thing itself, or a folder that holds it. Null: the folder of the environment variable.</param>
    public string Find(string? path)
    {
        var folder = path ?? Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(folder))
            throw new DataException($"{Name}: there is no path, and the environment variable {Variable} is not set. Give a path, or set {Variable} to a folder that holds {Wanted}. {Mend}");
        foreach (var place in Places)
        {
            var full = Path.Combine(folder, place);
            if (File.Exists(full) || Directory.Exists(full))
                return full;
        }
        if (path is not null && File.Exists(path))
            return path;
        if (path is not null && !Directory.Exists(path))
            throw new DataException($"{Name}: there is no file or folder '{path}'. Give the path of {Wanted}, or of a folder that holds it. {Mend}");
        if (!Directory.Exists(folder))
            throw new DataException($"{Name}: {Variable} names the folder '{folder}', which does not exist. Set it to a folder that holds {Wanted}. {Mend}");
        throw new DataException($"{Name}: expected {Wanted} in the folder '{folder}'{(path is null ? $" of {Variable}" : "")}, but it is not there. {Mend}");
    }

    /// <summary>A folder that is there and holds what makes it the data set.</summary>
    /// <param name="path">What the user gave, or null for the folder of the environment variable: the folder itself, or one that holds it.</param>
    /// <param name="holds">What stands in the folder, relative.</param>
    public string FindFolder(string? path, params string[] holds)
    {
        var itself = path ?? Environment.GetEnvironmentVariable(Variable);
        var folder = itself is not null && holds.All(thing => Exists(Path.Combine(itself, thing))) ? itself : Find(path);
        foreach (var thing in holds)
        {
            if (!Exists(Path.Combine(folder, thing)))
                throw new DataException($"{Name}: expected '{thing}' in the folder '{folder}', but it is not there. {Mend}");
        }
        return folder;
    }

    /// <summary>The error of something in the data set that is not as it should be.</summary>
    public DataException Wrong(string file, string what) => new($"{Name}: '{file}' {what}. {Mend}");

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);
}

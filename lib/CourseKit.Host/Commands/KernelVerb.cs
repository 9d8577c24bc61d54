using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Commands;

/// <summary>kernel install, kernel uninstall</summary>
internal sealed class KernelVerb : Verb
{
    public override string Name => "kernel";

    public override string Summary => "makes Jupyter know CourseKit's C# kernel, or forget it";

    public override IReadOnlyList<string> Actions { get; } = ["install", "uninstall"];

    public override string FileWord => string.Join('|', Actions);

    public override int LeastFiles => 1;

    public override IReadOnlyList<Option> Options { get; } =
    [
        Option.Switch("--user", "for this user; the default"),
        Option.Checked("--prefix", "DIR", "for the Jupyter of an environment: into DIR/share/jupyter", "a folder", folder => folder.Length > 0),
        Option.Checked("--name", "N", $"the kernel's name; default {KernelSpec.DefaultName}, which the notebooks ask for",
            "letters, digits, and . _ -", name => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name.Any(c => c != '.')),
    ];

    public override async Task<int> RunAsync(Arguments arguments, Terminal terminal)
    {
        var prefix = arguments.Text("--prefix");
        if (prefix is not null && arguments.Has("--user"))
            throw new UsageException("kernel: --user and --prefix are two places. Leave one out.");
        var kernels = new KernelsFolder(prefix is null ? JupyterFolders.User(terminal) : Path.Combine(prefix, "share", "jupyter"));
        var search = await JupyterFolders.SearchAsync(terminal);
        // Jupyter reads names without regard to capitals and writes them small.
        var name = arguments.Text("--name")?.ToLowerInvariant();
        if (arguments.Files[0] == "uninstall")
            return Uninstall(kernels, name, search, terminal);
        Install(kernels, name, search, terminal);
        return 0;
    }

    private static void Install(KernelsFolder kernels, string? asked, IReadOnlyList<string> search, Terminal terminal)
    {
        var name = asked ?? KernelSpec.DefaultName;
        var owner = asked is null && kernels.Find(name) is { IsOurs: false } foreign ? foreign.Owner : null;
        if (owner is not null)
            name = KernelSpec.OtherName;
        if (kernels.Find(name) is { IsOurs: false } other)
            throw new UsageException($"kernel: {name} in {kernels.Path} belongs to {other.Owner} and is never overwritten. Choose another name with --name, or another place with --prefix.");
        var replaces = kernels.Find(name) is not null;
        var folder = kernels.Install(name);
        terminal.Out.WriteLine($"{(replaces ? "replaced" : "installed")} {name}, in Jupyter's menus {KernelSpec.TitleOf(name)}: {folder}");
        if (owner is not null)
        {
            terminal.Error.WriteLine($"kernel: {KernelSpec.DefaultName} in {kernels.Path} belongs to {owner} and stays as it is; CourseKit's kernel is {name}.");
            terminal.Error.WriteLine($"kernel: notebooks open with the former until you choose Kernel, Change Kernel, {KernelSpec.TitleOf(name)}; the verb lab opens them with CourseKit's.");
        }
        Neighbours(kernels, name, search, terminal);
    }

    /// <summary>Tells which kernelspec of the same name Jupyter finds before or after the new one, or that it does not look there.</summary>
    private static void Neighbours(KernelsFolder kernels, string name, IReadOnlyList<string> search, Terminal terminal)
    {
        var place = search.ToList().FindIndex(folder => JupyterFolders.AreSame(folder, kernels.Data));
        if (place < 0)
        {
            terminal.Error.WriteLine($"kernel: the Jupyter of this machine does not search {kernels.Data}. One that runs from there does; for another set JUPYTER_PATH={kernels.Data}");
            return;
        }
        foreach (var (index, folder) in search.Index())
        {
            if (JupyterFolders.AreSame(folder, kernels.Data) || new KernelsFolder(folder).Find(name) is not { IsKernel: true } other)
                continue;
            terminal.Error.WriteLine(index < place
                ? $"kernel: Jupyter finds {name} of {other.Owner} first, in {other.Folder}, and does not see this one. Choose another name with --name, or use the verb lab."
                : $"kernel: it hides {name} of {other.Owner} in {other.Folder} until kernel uninstall.");
        }
    }

    private static int Uninstall(KernelsFolder kernels, string? asked, IReadOnlyList<string> search, Terminal terminal)
    {
        string[] names = asked is null ? [KernelSpec.DefaultName, KernelSpec.OtherName] : [asked];
        var ours = names.Select(kernels.Find).OfType<KernelSpec>().Where(spec => spec.IsOurs).ToList();
        if (ours.Count == 0)
        {
            if (kernels.Find(names[0]) is { } foreign)
                throw new UsageException($"kernel: {names[0]} in {kernels.Path} belongs to {foreign.Owner}; only CourseKit's kernelspecs are uninstalled.");
            var elsewhere = search.SelectMany(folder => names.Select(new KernelsFolder(folder).Find)).FirstOrDefault(spec => spec is { IsOurs: true });
            terminal.Error.WriteLine($"kernel: nothing to uninstall, there is no {string.Join(" or ", names)} of CourseKit in {kernels.Path}." + (elsewhere is null ? "" : $" There is one in {elsewhere.Folder}"));
            return 1;
        }
        var others = KernelsFolder.Uninstall(ours[0]);
        terminal.Out.WriteLine($"uninstalled {Path.GetFileName(ours[0].Folder)}: {ours[0].Folder}");
        if (others.Count > 0)
            terminal.Error.WriteLine($"kernel: the folder stays, because CourseKit did not write all that is in it: {string.Join(", ", others)}");
        foreach (var other in ours.Skip(1))
            terminal.Error.WriteLine($"kernel: CourseKit's {Path.GetFileName(other.Folder)} is still there: kernel uninstall --name {Path.GetFileName(other.Folder)}");
        return 0;
    }
}

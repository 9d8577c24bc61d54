using System.Text.Json.Nodes;
using CourseKit.Host.Execution;
using CourseKit.Host.Jupyter;
using CourseKit.Host.Notebooks;
using CourseKit.Host.Tests.Jupyter;

namespace CourseKit.Host.Tests.Commands;

public sealed class KernelVerbTests : IDisposable
{
    private readonly JupyterUser _user = new();

    public void Dispose() => _user.Dispose();

    private IEnumerable<string> HomeFiles() => Directory.EnumerateFileSystemEntries(_user.Data, "*", SearchOption.AllDirectories)
        .Select(entry => Path.GetRelativePath(_user.Kernels, entry)).Where(entry => entry != ".").Order(StringComparer.Ordinal);

    [Theory]
    [InlineData("kernel install")]
    [InlineData("kernel install --user")]
    public async Task Install_FreePlace_WritesAWholeKernelspec(string line)
    {
        var (code, output, error) = await _user.Call(line.Split(' '));
        var folder = Path.Combine(_user.Kernels, ".net-csharp");
        Assert.Equal((0, $"installed .net-csharp, in Jupyter's menus .NET (C#): {folder}\n", ""), (code, output, error));
        Assert.Equal([".net-csharp", ".net-csharp/kernel.json", ".net-csharp/logo-32x32.png", ".net-csharp/logo-64x64.png", ".net-csharp/logo-svg.svg"], HomeFiles().Select(file => file.Replace('\\', '/')));

        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal([DotnetCommand.Path, typeof(KernelSpec).Assembly.Location, "serve-kernel", "{connection_file}"], json["argv"]!.AsArray().Select(word => (string)word!));
        Assert.All(_user.Spec(".net-csharp")!.Argv.Take(2), file => Assert.True(Path.IsPathFullyQualified(file) && File.Exists(file), file));
        Assert.Equal((".NET (C#)", "C#", "message", "0.1.0"), ((string)json["display_name"]!, (string)json["language"]!, (string)json["interrupt_mode"]!, (string)json["metadata"]!["coursekit"]!["version"]!));
        Assert.Equal(new NotebookDocument([]).Metadata["kernelspec"]!["name"]!.ToString(), Path.GetFileName(folder));
        foreach (var size in new[] { 32, 64 })
        {
            var logo = File.ReadAllBytes(Path.Combine(folder, $"logo-{size}x{size}.png"));
            Assert.Equal("89504E470D0A1A0A", Convert.ToHexString(logo[..8]));
            Assert.Equal((size, size), (logo[19], logo[23]));
        }
        Assert.StartsWith("<svg ", File.ReadAllText(Path.Combine(folder, "logo-svg.svg")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Install_Again_ReplacesOursAndLeavesOtherFiles()
    {
        await _user.Call("kernel", "install");
        var folder = Path.Combine(_user.Kernels, ".net-csharp");
        File.WriteAllText(Path.Combine(folder, "kernel.json"), """{"argv": ["/gone"], "metadata": {"coursekit": {}}}""");
        File.WriteAllText(Path.Combine(folder, "kernel.js"), "mine");
        var (code, output, error) = await _user.Call("kernel", "install");
        Assert.Equal((0, $"replaced .net-csharp, in Jupyter's menus .NET (C#): {folder}\n", ""), (code, output, error));
        Assert.Equal("serve-kernel", _user.Spec(".net-csharp")!.Argv[2]);
        Assert.Equal(6, HomeFiles().Count());

        (code, output, error) = await _user.Call("kernel", "uninstall");
        Assert.Equal((0, $"uninstalled .net-csharp: {folder}\n", "kernel: the folder stays, because CourseKit did not write all that is in it: kernel.js\n"), (code, output, error));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(folder, "kernel.js")));
        Assert.Equal(2, HomeFiles().Count());
    }

    [Fact]
    public async Task Install_DefaultIsAnothers_TakesTheOtherNameAndTouchesNothing()
    {
        JupyterUser.Foreign(_user.Kernels, ".net-csharp");
        var before = JupyterUser.Content(_user.Data).ToList();
        var (code, output, error) = await _user.Call("kernel", "install");
        Assert.Equal(0, code);
        Assert.Equal($"installed coursekit-csharp, in Jupyter's menus CourseKit (C#): {Path.Combine(_user.Kernels, "coursekit-csharp")}\n", output);
        Assert.Equal(
            $"kernel: .net-csharp in {_user.Kernels} belongs to .NET Interactive and stays as it is; CourseKit's kernel is coursekit-csharp.\n" +
            "kernel: notebooks open with the former until you choose Kernel, Change Kernel, CourseKit (C#); the verb lab opens them with CourseKit's.\n", error);
        Assert.Equal("CourseKit (C#)", _user.Spec("coursekit-csharp")!.DisplayName);
        Assert.Equal(before, JupyterUser.Content(Path.Combine(_user.Kernels, ".net-csharp")));

        (code, _, error) = await _user.Call("kernel", "install", "--name", ".NET-CSharp");
        Assert.Equal((2, $"kernel: .net-csharp in {_user.Kernels} belongs to .NET Interactive and is never overwritten. Choose another name with --name, or another place with --prefix.\n"), (code, error));
        (code, _, error) = await _user.Call("kernel", "uninstall", "--name", ".net-csharp");
        Assert.Equal((2, $"kernel: .net-csharp in {_user.Kernels} belongs to .NET Interactive; only CourseKit's kernelspecs are uninstalled.\n"), (code, error));

        (code, output, _) = await _user.Call("kernel", "uninstall");
        Assert.Equal((0, $"uninstalled coursekit-csharp: {Path.Combine(_user.Kernels, "coursekit-csharp")}\n"), (code, output));
        Assert.Equal(before, JupyterUser.Content(_user.Data));
    }

    [Theory]
    [InlineData("{\"display_name\": \"Mine\"}", "another kernel (\"Mine\")")]
    [InlineData("{\"metadata\": {\"coursekit\": 1}}", "another program")]
    [InlineData("{\"metadata\": {\"coursekit\": {}", "another program")]
    [InlineData("{\"metadata\": {}, \"metadata\": {\"coursekit\": {}}}", "another program")]
    [InlineData("[]", "another program")]
    public async Task Install_NameIsAnothersInAnyForm_IsRefused(string json, string owner)
    {
        JupyterUser.Foreign(_user.Kernels, "Mine", json);
        var before = JupyterUser.Content(_user.Data).ToList();
        var (code, output, error) = await _user.Call("kernel", "install", "--name", "mine");
        Assert.Equal((2, "", $"kernel: mine in {_user.Kernels} belongs to {owner} and is never overwritten. Choose another name with --name, or another place with --prefix.\n"), (code, output, error));
        Assert.Equal(before, JupyterUser.Content(_user.Data));
    }

    [Fact]
    public async Task Install_NameIsAFileOrAFolderWithFiles_IsRefused_EmptyFolderIsTaken()
    {
        Directory.CreateDirectory(_user.Kernels);
        File.WriteAllText(Path.Combine(_user.Kernels, "a"), "text");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(_user.Kernels, "b")).FullName, "notes.txt"), "text");
        Directory.CreateDirectory(Path.Combine(_user.Kernels, "c"));
        Assert.Equal(2, (await _user.Call("kernel", "install", "--name", "a")).Code);
        Assert.Equal(2, (await _user.Call("kernel", "install", "--name", "b")).Code);
        Assert.Equal(0, (await _user.Call("kernel", "install", "--name", "c")).Code);
        Assert.Equal(["a", "b", "b/notes.txt", "c", "c/kernel.json", "c/logo-32x32.png", "c/logo-64x64.png", "c/logo-svg.svg"], HomeFiles().Select(file => file.Replace('\\', '/')));
    }

    [Fact]
    public async Task Install_PrefixThatJupyterDoesNotSearch_SaysHowItDoes()
    {
        var data = Path.Combine(_user.Folder["env"], "share", "jupyter");
        var (code, output, error) = await _user.Call("kernel", "install", "--prefix", _user.Folder["env"], "--name", "Course-2.0_x");
        Assert.Equal(0, code);
        Assert.Equal($"installed course-2.0_x, in Jupyter's menus CourseKit (C#): {Path.Combine(data, "kernels", "course-2.0_x")}\n", output);
        Assert.Equal($"kernel: the Jupyter of this machine does not search {data}. One that runs from there does; for another set JUPYTER_PATH={data}\n", error);
        Assert.False(Directory.Exists(_user.Data));

        _user.Variables["JUPYTER_PATH"] = data;
        Assert.Equal("", (await _user.Call("kernel", "install", "--prefix", _user.Folder["env"])).Error);
        (code, output, _) = await _user.Call("kernel", "uninstall", "--prefix", _user.Folder["env"], "--name", "course-2.0_x");
        Assert.Equal(0, code);
        Assert.Equal([".net-csharp"], Directory.EnumerateFileSystemEntries(Path.Combine(data, "kernels")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Install_SameNameElsewhere_SaysWhichOneJupyterFinds()
    {
        string before = _user.Folder["before"], after = _user.Folder["home/.ipython"];
        var (hiding, hidden) = (JupyterUser.Foreign(Path.Combine(before, "kernels"), ".NET-csharp"), JupyterUser.Foreign(Path.Combine(after, "kernels"), ".net-csharp"));
        Directory.CreateDirectory(Path.Combine(before, "kernels", "mine"));
        _user.Variables["JUPYTER_PATH"] = before;
        var (code, _, error) = await _user.Call("kernel", "install");
        Assert.Equal(0, code);
        Assert.Equal(
            $"kernel: Jupyter finds .net-csharp of .NET Interactive first, in {hiding}, and does not see this one. Choose another name with --name, or use the verb lab.\n" +
            $"kernel: it hides .net-csharp of .NET Interactive in {hidden} until kernel uninstall.\n", error);
        // A folder without kernel.json hides nothing.
        Assert.Equal("", (await _user.Call("kernel", "install", "--name", "mine")).Error);
    }

    [Fact]
    public async Task Uninstall_Nothing_SaysWhereThereIsOne()
    {
        var (code, output, error) = await _user.Call("kernel", "uninstall");
        Assert.Equal((1, "", $"kernel: nothing to uninstall, there is no .net-csharp or coursekit-csharp of CourseKit in {_user.Kernels}.\n"), (code, output, error));

        _user.Variables["JUPYTER_PATH"] = Path.Combine(_user.Folder["env"], "share", "jupyter");
        await _user.Call("kernel", "install", "--prefix", _user.Folder["env"]);
        (code, _, error) = await _user.Call("kernel", "uninstall", "--user");
        Assert.Equal(1, code);
        Assert.EndsWith($" There is one in {Path.Combine(_user.Variables["JUPYTER_PATH"], "kernels", ".net-csharp")}\n", error, StringComparison.Ordinal);
        (code, _, error) = await _user.Call("kernel", "uninstall", "--name", "other");
        Assert.Equal((1, $"kernel: nothing to uninstall, there is no other of CourseKit in {_user.Kernels}.\n"), (code, error));
    }

    [Fact]
    public async Task Uninstall_BothNamesOurs_RemovesTheDefaultAndNamesTheOther()
    {
        await _user.Call("kernel", "install");
        await _user.Call("kernel", "install", "--name", "coursekit-csharp");
        var (code, output, error) = await _user.Call("kernel", "uninstall");
        Assert.Equal((0, $"uninstalled .net-csharp: {Path.Combine(_user.Kernels, ".net-csharp")}\n"), (code, output));
        Assert.Equal("kernel: CourseKit's coursekit-csharp is still there: kernel uninstall --name coursekit-csharp\n", error);
        Assert.Equal(0, (await _user.Call("kernel", "uninstall")).Code);
        Assert.Empty(HomeFiles());
    }

    [Theory]
    [InlineData("kernel", "kernel: install|uninstall is missing. Write: kernel install|uninstall [options]")]
    [InlineData("kernel instal", "kernel: no word \"instal\". Did you mean install? Write one of: kernel install, kernel uninstall.")]
    [InlineData("kernel list", "kernel: no word \"list\". Write one of: kernel install, kernel uninstall.")]
    [InlineData("kernel install uninstall", "kernel: \"uninstall\" is one word too many. It takes one install|uninstall; see: help kernel")]
    [InlineData("kernel install --user --prefix x", "kernel: --user and --prefix are two places. Leave one out.")]
    [InlineData("kernel install --prefix=", "kernel: --prefix must be a folder, but got \"\".")]
    [InlineData("kernel install --name ../x", "kernel: --name must be letters, digits, and . _ -, but got \"../x\".")]
    [InlineData("kernel install --name ..", "kernel: --name must be letters, digits, and . _ -, but got \"..\".")]
    [InlineData("kernel uninstall --name Ä", "kernel: --name must be letters, digits, and . _ -, but got \"Ä\".")]
    [InlineData("kernel uninstall --name=", "kernel: --name must be letters, digits, and . _ -, but got \"\".")]
    public async Task Words_Wrong_AreNamedWithTheMend(string line, string message) =>
        Assert.Equal((2, "", message + "\n"), await _user.Call(line.Split(' ')));

    [Fact]
    public async Task Install_PlaceBelowAFile_IsOneLineAndLeavesNothing()
    {
        File.WriteAllText(_user.Folder["file"], "");
        var (code, output, error) = await _user.Call("kernel", "install", "--prefix", _user.Folder["file"]);
        Assert.Equal((1, ""), (code, output));
        var target = Path.Combine(_user.Folder["file"], "share", "jupyter", "kernels", ".net-csharp");
        Assert.Equal($"kernel: cannot write {target}: its folder is not there and cannot be made. Free some space, or choose a folder that you may write to.\n", error);
    }

    [PrivateMountFact]
    public Task Install_ReadOnly_IsOneLineAndLeavesNothing() => OnDisk("ro", "Read-only file system", "");

    [PrivateMountFact]
    public Task Install_DiskFull_IsOneLineAndLeavesNoKernelspec() => OnDisk("size=12k", "No space left on device", "share share/jupyter share/jupyter/kernels");

    private async Task OnDisk(string mountOptions, string reason, string left)
    {
        var disk = Directory.CreateDirectory(_user.Folder["disk"]).FullName;
        var start = DotnetCommand.ThisProgram("kernel", "install", "--prefix", disk);
        var (code, output, error) = await HostProcess.Shell(
            $"unshare -rm sh -c 'mount -t tmpfs -o {mountOptions} tmpfs {disk} && {start.FileName} {string.Join(' ', start.ArgumentList)}; code=$?; find {disk} -mindepth 1 -printf \"%P \"; exit $code'");
        Assert.Equal(1, code);
        Assert.Equal(left, output.Trim());
        Assert.Equal($"kernel: cannot write {disk}/share/jupyter/kernels/.net-csharp: {reason}. Free some space, or choose a folder that you may write to.\n", error);
    }

    [Fact]
    public async Task Notebook_SavedWithEitherName_IsOurs()
    {
        await _user.Call("kernel", "install");
        foreach (var name in new[] { KernelSpec.DefaultName, KernelSpec.OtherName })
        {
            File.WriteAllText(_user.Folder["a.ipynb"], $"{{\"nbformat\": 4, \"nbformat_minor\": 5, \"cells\": [], \"metadata\": {{\"kernelspec\": {{\"name\": \"{name}\", \"language\": \"C#\"}}}}}}");
            Assert.Empty(NotebookDocument.Load(_user.Folder["a.ipynb"]).Cells);
        }
    }
}

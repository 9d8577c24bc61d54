using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Tests.Jupyter;

public sealed class JupyterInstallationTests : IDisposable
{
    private readonly JupyterUser _user = new();

    public void Dispose() => _user.Dispose();

    [UnixFact]
    public void Find_NothingOnPath_IsNull()
    {
        Assert.Null(JupyterInstallation.Find(_user.Terminal));
        _user.Variables.Remove("PATH");
        Assert.Null(JupyterInstallation.Find(_user.Terminal));
    }

    [UnixFact]
    public void Find_LabAndNotebook_PrefersLab()
    {
        var notebook = _user.Script("jupyter-notebook", "");
        Assert.Equal(("Jupyter Notebook", notebook), (JupyterInstallation.Find(_user.Terminal)!.Name, JupyterInstallation.Find(_user.Terminal)!.FrontEnd));
        var lab = _user.Script("jupyter-lab", "");
        Assert.Equal(("JupyterLab", lab), (JupyterInstallation.Find(_user.Terminal)!.Name, JupyterInstallation.Find(_user.Terminal)!.FrontEnd));
    }

    [UnixTheory]
    [InlineData("jupyter")]
    [InlineData("jupyter-lab")]
    public void Find_OneProgramLinkedFromAnEnvironment_FindsItsCompanionsThere(string linked)
    {
        var lab = _user.Script("tools/env/bin/jupyter-lab", "");
        var jupyter = _user.Script("tools/env/bin/jupyter", "");
        File.CreateSymbolicLink(_user.Folder[$"bin/{linked}"], $"../tools/env/bin/{linked}");
        var found = JupyterInstallation.Find(_user.Terminal)!;
        Assert.Equal(linked == "jupyter-lab" ? _user.Folder["bin/jupyter-lab"] : lab, found.Lab);
        Assert.Equal(linked == "jupyter" ? _user.Folder["bin/jupyter"] : jupyter, found.Jupyter);
        Assert.Null(found.Notebook);
    }

    [UnixFact]
    public void Find_FileThatIsNoProgram_IsNotTaken()
    {
        File.WriteAllText(_user.Folder["bin/jupyter-lab"], "");
        Directory.CreateDirectory(_user.Folder["bin/jupyter-notebook"]);
        Assert.Null(JupyterInstallation.Find(_user.Terminal));
    }

    [Theory]
    [InlineData("debian", "sudo apt install jupyter-notebook; on any system: uv tool install jupyterlab, or with Python pip install jupyterlab")]
    [InlineData("pop ubuntu debian", "sudo apt install jupyter-notebook; on any system: uv tool install jupyterlab, or with Python pip install jupyterlab")]
    [InlineData("fedora", "sudo dnf install jupyterlab; on any system: uv tool install jupyterlab, or with Python pip install jupyterlab")]
    [InlineData("macos", "brew install jupyterlab; on any system: uv tool install jupyterlab, or with Python pip install jupyterlab")]
    [InlineData("windows", "winget install astral-sh.uv, then uv tool install jupyterlab, or with Python pip install jupyterlab")]
    [InlineData("", "uv tool install jupyterlab, or with Python pip install jupyterlab")]
    public void Advice_EachSystem_NamesItsPackage(string system, string expected)
    {
        var lines = JupyterAdvice.Lines(system);
        Assert.Equal(3, lines.Count);
        Assert.Equal($"Get one: {expected}", lines[1]);
    }

    [Fact]
    public void Advice_OsRelease_GivesIdAndFamily() =>
        Assert.Equal("linuxmint ubuntu debian", JupyterAdvice.Linux(["NAME=\"Linux Mint\"", "ID=linuxmint", "ID_LIKE=\"ubuntu debian\"", "VERSION_ID=\"22\""]));
}

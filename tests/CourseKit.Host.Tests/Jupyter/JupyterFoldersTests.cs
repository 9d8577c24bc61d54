using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Tests.Jupyter;

public sealed class JupyterFoldersTests : IDisposable
{
    private readonly JupyterUser _user = new();

    public void Dispose() => _user.Dispose();

    [Theory]
    [InlineData("linux", "", "~/.local/share/jupyter")]
    [InlineData("linux", "XDG_DATA_HOME=/xdg", "/xdg/jupyter")]
    [InlineData("linux", "XDG_DATA_HOME=/xdg JUPYTER_DATA_DIR=/data", "/data")]
    [InlineData("macos", "XDG_DATA_HOME=/xdg", "~/Library/Jupyter")]
    [InlineData("macos", "JUPYTER_PLATFORM_DIRS=1", "~/Library/Application Support/Jupyter")]
    [InlineData("macos", "JUPYTER_PLATFORM_DIRS=No", "~/Library/Jupyter")]
    [InlineData("windows", "APPDATA=/roaming", "/roaming/jupyter")]
    [InlineData("windows", "APPDATA=/roaming JUPYTER_PLATFORM_DIRS=1 LOCALAPPDATA=/local", "/local/Jupyter")]
    [InlineData("windows", "", "~/.jupyter/data")]
    public void User_EachSystem_IsWhereItsJupyterLooks(string system, string variables, string expected)
    {
        _user.Variables.Remove("JUPYTER_DATA_DIR");
        foreach (var pair in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')))
            _user.Variables[pair[0]] = pair[1];
        Assert.Equal(expected.Replace("~", _user.Folder["home"], StringComparison.Ordinal), JupyterFolders.User(_user.Terminal, system).Replace('\\', '/'));
    }

    [UnixFact]
    public async Task Search_NoJupyter_IsTheOrderOfEveryJupyter()
    {
        _user.Variables["JUPYTER_PATH"] = "/first:/second/";
        Assert.Equal(["/first", "/second", _user.Data, "/usr/local/share/jupyter", "/usr/share/jupyter", _user.Folder["home/.ipython"]], await JupyterFolders.SearchAsync(_user.Terminal));
    }

    [UnixFact]
    public async Task Search_Jupyter_IsWhatItSays()
    {
        _user.Script("jupyter", """[ "$*" = "--paths --json" ] && echo warning >&2 && echo '{"config": ["/c"], "data": ["/environment", "/user"]}'""");
        Assert.Equal(["/environment", "/user", _user.Folder["home/.ipython"]], await JupyterFolders.SearchAsync(_user.Terminal));
    }

    [UnixTheory]
    [InlineData("echo no JSON")]
    [InlineData("echo '{\"data\": 3}'")]
    [InlineData("echo '{\"data\": [\"/x\"]}'; exit 1")]
    public async Task Search_JupyterBroken_FallsBack(string script)
    {
        _user.Script("jupyter", script);
        Assert.Contains("/usr/share/jupyter", await JupyterFolders.SearchAsync(_user.Terminal));
    }

    [UnixFact]
    public void AreSame_ThroughALink_IsTrue()
    {
        Directory.CreateDirectory(_user.Data);
        File.CreateSymbolicLink(_user.Folder["link"], _user.Folder["home"]);
        Assert.True(JupyterFolders.AreSame(_user.Folder["link/jupyter"], _user.Data + "/"));
        Assert.False(JupyterFolders.AreSame(_user.Folder["link"], _user.Data));
        Assert.False(JupyterFolders.AreSame(_user.Folder["link/none"], _user.Data));
    }
}

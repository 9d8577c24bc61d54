using System.Globalization;
using CourseKit.Host.Diagnosis;
using CourseKit.Host.Tests.Jupyter;

namespace CourseKit.Host.Tests.Diagnosis;

public sealed class DiagnosisTests : IDisposable
{
    private readonly JupyterUser _user = new();

    public void Dispose() => _user.Dispose();

    private async Task<Finding> Of(string what) => (await JupyterState.LookAsync(_user.Terminal)).Single(finding => finding.What == what);

    [Fact]
    public async Task KernelSpec_NoneOursAnothersOrBroken_SaysWhose()
    {
        var finding = await Of("kernelspec");
        Assert.Equal((FindingState.Optional, "no .net-csharp", "kernel install, for any Jupyter; lab needs none"), (finding.State, finding.Found, finding.Remedy));

        await _user.Call("kernel", "install");
        var spec = _user.Spec(".net-csharp")!;
        finding = await Of("kernelspec");
        Assert.Equal((FindingState.Ok, $".net-csharp of CourseKit, {spec.Folder}", null), (finding.State, finding.Found, finding.Remedy));

        var json = Path.Combine(spec.Folder, "kernel.json");
        File.WriteAllText(json, File.ReadAllText(json).Replace("CourseKit.Host.dll", "Gone.dll", StringComparison.Ordinal));
        finding = await Of("kernelspec");
        Assert.Equal(FindingState.Mend, finding.State);
        Assert.Equal($"it starts {spec.Argv[1].Replace("CourseKit.Host.dll", "Gone.dll", StringComparison.Ordinal)}, which is not there: kernel install", finding.Remedy);

        var before = _user.Folder["before"];
        var foreign = JupyterUser.Foreign(Path.Combine(before, "kernels"), ".net-csharp");
        _user.Variables["JUPYTER_PATH"] = before;
        finding = await Of("kernelspec");
        Assert.Equal((FindingState.Optional, $".net-csharp of .NET Interactive, {foreign}", "the notebooks open with that kernel; lab opens them with CourseKit's"), (finding.State, finding.Found, finding.Remedy));
    }

    [UnixFact]
    public async Task Jupyter_EachKind_IsNamedWithItsVersion()
    {
        var jupyter = _user.Script("jupyter", "exit 1");
        Assert.Equal($"{jupyter}, without Lab and Notebook", (await Of("Jupyter")).Found);

        var notebook = _user.Script("jupyter-notebook", "exit 1");
        var finding = await Of("Jupyter");
        Assert.Equal((FindingState.Optional, $"Jupyter Notebook ({notebook})", "it does not tell its version: install it again"), (finding.State, finding.Found, finding.Remedy));

        var lab = _user.Script("jupyter-lab", "[ \"$1\" = --version ] && echo 4.4.1");
        finding = await Of("Jupyter");
        Assert.Equal((FindingState.Ok, $"JupyterLab 4.4.1 ({lab})"), (finding.State, finding.Found));
    }

    [UnixTheory]
    [InlineData("bin/dotnet-interactive", "9.8.7")]
    [InlineData("home/.dotnet/tools/dotnet-interactive", "1.0.0-beta")]
    public async Task Interactive_ProgramOrTool_IsNamedWithItsVersion(string place, string version)
    {
        Assert.Equal(FindingState.Optional, (await Of("Interactive")).State);
        var program = _user.Script(place, "echo 9.8.7");
        if (place.StartsWith("home", StringComparison.Ordinal))
            Directory.CreateDirectory(_user.Folder["home/.dotnet/tools/.store/microsoft.dotnet-interactive/1.0.0-beta"]);
        var finding = await Of("Interactive");
        Assert.Equal((FindingState.Ok, $".NET Interactive {version} ({program})"), (finding.State, finding.Found));
    }

    [Fact]
    public async Task Kernels_PlaceThatCannotBeWritten_NamesTheOption()
    {
        Assert.Equal((FindingState.Ok, _user.Kernels), ((await Of("kernels")).State, (await Of("kernels")).Found));
        Directory.CreateDirectory(_user.Folder["home"]);
        File.WriteAllText(_user.Data, "a file");
        var finding = await Of("kernels");
        Assert.Equal(FindingState.Optional, finding.State);
        Assert.EndsWith(". Choose another place: kernel install --prefix DIR", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-07-02T10:00", null)]
    [InlineData("2026-06-30T10:00", "set it: CourseKit was built later, on 2026-07-01 09:30")]
    public void Clock_BeforeTheBuild_MustBeSet(string now, string? remedy)
    {
        var finding = Machine.Clock(DateTime.Parse(now, CultureInfo.InvariantCulture), new DateTime(2026, 7, 1, 9, 30, 0));
        Assert.Equal(remedy, finding.Remedy);
        Assert.Equal(remedy is null ? FindingState.Ok : FindingState.Mend, finding.State);
    }
}

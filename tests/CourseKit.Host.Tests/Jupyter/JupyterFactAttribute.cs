using CourseKit.Host.Commands;
using CourseKit.Host.Jupyter;

namespace CourseKit.Host.Tests.Jupyter;

/// <summary>A test that needs a real Jupyter Notebook or JupyterLab.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JupyterFactAttribute : FactAttribute
{
    public JupyterFactAttribute()
    {
        if (OperatingSystem.IsWindows())
            Skip = "Windows has no signals to send.";
        else if (JupyterInstallation.Find(new Terminal(TextWriter.Null, TextWriter.Null, "", CancellationToken.None))?.FrontEnd is null)
            Skip = "There is no Jupyter on the PATH. On Debian: apt install jupyter-notebook";
    }
}

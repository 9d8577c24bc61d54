namespace CourseKit.Host.Tests.Browser;

/// <summary>A test that needs a real browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = ChromiumProcess.WhyNot;
}

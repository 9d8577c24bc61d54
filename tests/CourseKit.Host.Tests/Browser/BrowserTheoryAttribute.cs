namespace CourseKit.Host.Tests.Browser;

/// <summary>A test with several cases that needs a real browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = ChromiumProcess.WhyNot;
}

using System.Diagnostics;

namespace CourseKit.Notebooks.Tests.Live;

/// <summary>A front end that keeps every picture. There is one front end a process, so tests that set it run one after another.</summary>
internal sealed class FakeFrontEnd : IFrontEnd, IDisposable
{
    public FakeFrontEnd() => FrontEnd.Current = this;

    public List<(string Id, string Html, string Text, long At)> Shown { get; } = [];

    public void Show(string id, string html, string text) => Shown.Add((id, html, text, Stopwatch.GetTimestamp()));

    public void Dispose() => FrontEnd.Current = null;
}

[CollectionDefinition("front end", DisableParallelization = true)]
public sealed class OneFrontEnd;

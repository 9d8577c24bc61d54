using CourseKit.Host.Site;

namespace CourseKit.Host.Tests.Site;

public sealed class SiteFingerprintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SiteFingerprintTests()
    {
        Write("notebooks/a.ipynb", "a");
        Write("notebooks/pictures/b.png", "b");
        Write("datasets/text/c.txt", "c");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("notebooks/a.ipynb", "A")]
    [InlineData("notebooks/pictures/b.png", "B")]
    [InlineData("notebooks/new.ipynb", "")]
    [InlineData("datasets/text/c.txt", "C")]
    public void Of_ContentChanged_IsAnother(string file, string content)
    {
        var before = SiteFingerprint.Of(_folder.Path);
        Write(file, content);
        Assert.NotEqual(before, SiteFingerprint.Of(_folder.Path));
    }

    [Fact]
    public void Of_FileRenamedOrGone_IsAnother()
    {
        var all = new HashSet<string> { SiteFingerprint.Of(_folder.Path) };
        File.Move(_folder["notebooks/a.ipynb"], _folder["notebooks/b.ipynb"]);
        Assert.True(all.Add(SiteFingerprint.Of(_folder.Path)));
        File.Delete(_folder["notebooks/b.ipynb"]);
        Assert.True(all.Add(SiteFingerprint.Of(_folder.Path)));
    }

    [Fact]
    public void Of_SameContentElsewhere_IsTheSame()
    {
        var before = SiteFingerprint.Of(_folder.Path);
        Assert.Matches("^[0-9a-f]{64}$", before);
        Write("notebooks/.ipynb_checkpoints/a-checkpoint.ipynb", "old");
        Write("artifacts/executed/a.ipynb", "other");
        Write("notebooks/a.ipynb", "a");
        Assert.Equal(before, SiteFingerprint.Of(_folder.Path));
        using var other = new TemporaryFolder();
        Directory.Move(_folder["notebooks"], other["notebooks"]);
        Directory.Move(_folder["datasets"], other["datasets"]);
        Assert.Equal(before, SiteFingerprint.Of(other.Path));
    }

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], content);
    }
}

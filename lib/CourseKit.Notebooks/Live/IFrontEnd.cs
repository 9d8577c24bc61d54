namespace CourseKit.Notebooks;

/// <summary>Where pictures that change are shown: a notebook's output, or a window of your own program.</summary>
public interface IFrontEnd
{
    /// <summary>Shows something, in the place of what was shown before under the same id.</summary>
    /// <param name="id">Names the place.</param>
    /// <param name="html">A fragment that stands by itself.</param>
    /// <param name="text">The same in words, for where there is no HTML.</param>
    void Show(string id, string html, string text);
}

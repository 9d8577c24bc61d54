using CourseKit.Host.Notebooks;

namespace CourseKit.Host.Site;

/// <summary>An executed notebook on its way to a page.</summary>
/// <param name="FileName">The notebook's file name, such as 03-simple-rnn.ipynb; its page is 03-simple-rnn.html.</param>
/// <param name="Document">The notebook with outputs and measured seconds.</param>
/// <param name="Folder">The folder of the notebook, where its pictures lie.</param>
internal sealed record SiteNotebook(string FileName, NotebookDocument Document, string Folder)
{
    /// <summary>The file name of its page.</summary>
    public string PageName => Path.ChangeExtension(FileName, ".html");

    /// <summary>The number that begins the file name, such as 03; empty when there is none.</summary>
    public string Number => string.Concat(FileName.TakeWhile(char.IsAsciiDigit));
}

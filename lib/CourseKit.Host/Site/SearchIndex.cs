using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CourseKit.Host.Site;

/// <summary>
/// What the search looks through: the words of all pages in one text that stands in every page, because a page may load nothing. It is
/// JSON, deflated, in base64: [[page, number, title, [[id, heading, prose, code], ...]], ...].
/// </summary>
internal static class SearchIndex
{
    private static readonly JsonWriterOptions Short = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The index of a site.</summary>
    /// <param name="pages">All its pages, in the order of the course.</param>
    public static string Of(IEnumerable<NotebookPage> pages)
    {
        using var bytes = new MemoryStream();
        using (var deflated = new DeflateStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var json = new Utf8JsonWriter(deflated, Short))
        {
            json.WriteStartArray();
            foreach (var page in pages)
                Write(json, page);
            json.WriteEndArray();
        }
        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static void Write(Utf8JsonWriter json, NotebookPage page)
    {
        json.WriteStartArray();
        json.WriteStringValue(page.Notebook.PageName);
        json.WriteStringValue(page.Notebook.Number);
        json.WriteStringValue(HtmlText.Words(page.TitleHtml));
        json.WriteStartArray();
        // The first section also stands for the page's title.
        foreach (var section in page.Sections)
        {
            json.WriteStartArray();
            json.WriteStringValue(section.Id);
            json.WriteStringValue(section.Heading);
            json.WriteStringValue(section.Prose);
            json.WriteStringValue(section.Code);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndArray();
    }
}

using System.Text.Json.Nodes;

namespace CourseKit.Host.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    /// <summary>The content of a kernel_info_reply.</summary>
    public static JsonObject Content()
    {
        var version = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3);
        return new()
        {
            ["status"] = "ok",
            ["protocol_version"] = MessageCodec.ProtocolVersion,
            ["implementation"] = "coursekit",
            ["implementation_version"] = version,
            ["banner"] = $"CourseKit {version}: C# 14 on .NET {Environment.Version}. Shift+Tab explains a name, Tab completes it.",
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["help_links"] = new JsonArray(),
            ["debugger"] = false,
        };
    }
}

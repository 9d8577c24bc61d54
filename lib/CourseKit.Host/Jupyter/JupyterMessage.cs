using System.Text.Json.Nodes;

namespace CourseKit.Host.Jupyter;

/// <summary>A message of Jupyter's protocol 5.3 whose signature is right.</summary>
/// <param name="Sender">The ZeroMQ identity of the client that sent it.</param>
/// <param name="Header">msg_id, msg_type, session and so on.</param>
/// <param name="Content">What depends on the type.</param>
internal sealed record JupyterMessage(byte[] Sender, JsonObject Header, JsonObject Content)
{
    /// <summary>Such as "execute_request".</summary>
    public string Type { get; } = (string)Header["msg_type"]!;

    /// <summary>A text of the content, or its default.</summary>
    public string Text(string member, string otherwise = "") =>
        Content[member] is JsonValue value && value.TryGetValue<string>(out var text) ? text : otherwise;

    /// <summary>Yes or no of the content, or its default.</summary>
    public bool Flag(string member, bool otherwise = false) =>
        Content[member] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : otherwise;

    /// <summary>A whole number of the content, or its default.</summary>
    public int Integer(string member, int otherwise = 0) =>
        Content[member] is JsonValue value && value.TryGetValue<int>(out var number) ? number : otherwise;
}

namespace CourseKit.Host.Zmtp;

/// <summary>One frame: a part of a message, or a command.</summary>
/// <param name="Body">Its content.</param>
/// <param name="More">Whether the message goes on in the next frame.</param>
/// <param name="IsCommand">Whether it is a command.</param>
internal readonly record struct ZmtpFrame(byte[] Body, bool More, bool IsCommand);

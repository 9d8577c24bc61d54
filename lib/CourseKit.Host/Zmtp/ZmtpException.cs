namespace CourseKit.Host.Zmtp;

/// <summary>A peer that does not speak ZMTP 3 as it should; its connection is closed.</summary>
/// <param name="message">What it sent.</param>
internal sealed class ZmtpException(string message) : Exception(message);

using System.Net;

namespace CourseKit.Host.Zmtp;

/// <summary>Sends every message back as it came: a heartbeat.</summary>
/// <inheritdoc cref="ZmtpSocket(string, EndPoint, Action{string})"/>
internal sealed class EchoSocket(EndPoint address, Action<string> log) : ZmtpSocket("REP", address, log)
{
    protected override async Task ServeAsync(ZmtpConnection connection)
    {
        while (await connection.ReceiveAsync() is { } message)
            connection.Send(ZmtpConnection.Encode(message));
    }
}

using System.Net;
using System.Net.Sockets;
using SpeechStream.Audio;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session.Recording;

/// <summary>Records the connections of one session.</summary>
/// <param name="recorder">Writes the cassette.</param>
/// <param name="redactor">Knows the secrets of the client.</param>
/// <param name="protocol">Knows the header of the handshake.</param>
/// <param name="rate">Null for compressed audio.</param>
/// <param name="session">Number of the session.</param>
internal sealed class SessionRecording(CassetteRecorder recorder, Redactor redactor, ISpeechProtocol protocol, AudioRate? rate, int session)
{
    private static readonly SpeechToken Masked = new() { Id = "***" };

    /// <summary>Makes a connection, and records how that went.</summary>
    /// <param name="token">The token that it is made with.</param>
    /// <param name="connect">Makes the connection.</param>
    public async ValueTask<IConnection> ConnectAsync(SpeechToken token, Func<ValueTask<IConnection>> connect)
    {
        var begun = recorder.Now;
        try
        {
            var connection = await connect().ConfigureAwait(false);
            return Open(connection, token, recorder.Now - begun);
        }
        catch (SpeechStreamException exception)
        {
            var line = new CassetteLine(recorder.Now, session, recorder.NextConnection(), StatusOf(exception) is null ? CassetteKind.Unreachable : CassetteKind.Refused);
            recorder.Write(line with
            {
                Status = (int?)StatusOf(exception),
                RetryAfter = exception.RetryAfter,
                Text = redactor.Redact(exception.RefusalBody ?? NameOf(exception)),
            });
            throw;
        }
    }

    /// <summary>Records a connection from now on.</summary>
    /// <param name="connection">It was made just now, or in advance.</param>
    /// <param name="token">The token that it was made with.</param>
    /// <param name="took">How long the handshake took; zero when it was made in advance.</param>
    public IConnection Open(IConnection connection, SpeechToken token, TimeSpan took)
    {
        var head = new CassetteLine(recorder.Now, session, recorder.NextConnection(), CassetteKind.Open);
        recorder.Write(head with
        {
            Duration = took,
            BytesPerSecond = rate?.BytesPerSecond,
            Header = protocol.AuthenticationHeader(Masked),
        });
        return new RecordedConnection(connection, recorder, redactor.Including(token.Id), rate, head);
    }

    // The message of the exception tells the address, and that of a proxy.
    private static string NameOf(Exception exception)
    {
        var innermost = exception.GetBaseException();
        return innermost is SocketException socket ? socket.SocketErrorCode.ToString() : innermost.GetType().Name;
    }

    private static HttpStatusCode? StatusOf(SpeechStreamException exception) => exception switch
    {
        SpeechConnectionException refused => refused.HttpStatusCode,
        SpeechAuthenticationException refused => refused.HttpStatusCode,
        _ => null,
    };
}

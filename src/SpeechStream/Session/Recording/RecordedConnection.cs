using System.Net.Sockets;
using System.Text;
using SpeechStream.Audio;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session.Recording;

/// <summary>A connection whose messages and end are recorded.</summary>
/// <param name="inner">The connection.</param>
/// <param name="recorder">Writes the cassette.</param>
/// <param name="redactor">Knows the secrets of the connection.</param>
/// <param name="rate">Null for compressed audio.</param>
/// <param name="head">Has the numbers of session and connection.</param>
internal sealed class RecordedConnection(IConnection inner, CassetteRecorder recorder, Redactor redactor, AudioRate? rate, CassetteLine head) : IConnection
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private int _isOver;

    public Closed Closed => inner.Closed;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        // Recorded before it is sent, since the answer may be received before the send returns.
        recorder.Write(isText
            ? Line(CassetteKind.Client) with { Text = redactor.Redact(Encoding.UTF8.GetString(message.Span)) }
            : Line(CassetteKind.Audio) with { Bytes = message.Length, Duration = rate?.ToTime(message.Length), Data = recorder.RecordsAudio ? message : (ReadOnlyMemory<byte>?)null });
        try
        {
            await inner.SendAsync(message, isText).ConfigureAwait(false);
        }
        catch (SpeechStreamException exception)
        {
            OnLost(exception);
            throw;
        }
    }

    public async ValueTask<Received> ReceiveAsync()
    {
        try
        {
            var received = await inner.ReceiveAsync().ConfigureAwait(false);
            if (received.Kind == MessageKind.Close)
            {
                End(Line(CassetteKind.Close) with { How = "server", Status = (int?)Closed.Status, Text = Redact(Closed.Description) });
            }
            else
            {
                recorder.Write(Describe(received));
            }

            return received;
        }
        catch (SpeechStreamException exception)
        {
            OnLost(exception);
            throw;
        }
    }

    public Task CloseAsync(TimeSpan timeout)
    {
        End(Line(CassetteKind.Close) with { How = "client" });
        return inner.CloseAsync(timeout);
    }

    public void Abort()
    {
        End(Line(CassetteKind.Abort));
        inner.Abort();
    }

    public void Dispose()
    {
        End(Line(CassetteKind.Abort));
        inner.Dispose();
    }

    private CassetteLine Describe(Received received)
    {
        var line = Line(CassetteKind.Server) with { Bytes = received.Kind == MessageKind.Binary ? received.Payload.Length : null };
        try
        {
            return line with { Text = redactor.RedactSpeech(Strict.GetString(received.Payload.Span)) };
        }
        catch (DecoderFallbackException)
        {
            return line with { Data = received.Payload };
        }
    }

    private void OnLost(SpeechStreamException exception) => End(exception is SpeechConnectionException
        ? Line(CassetteKind.Lost) with { How = HowLost(exception), Text = Redact(exception.Message) }
        : Line(CassetteKind.Abort) with { Text = Redact(exception.Message) });

    private static string HowLost(Exception exception)
    {
        for (var cause = exception.InnerException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                // Nothing else cancels a call of a socket.
                case OperationCanceledException:
                    return "silent";
                case SocketException { SocketErrorCode: SocketError.ConnectionReset }:
                    return "reset";
            }
        }

        return "end";
    }

    /// <summary>Records the first of the ways in which the connection ends. What follows from it isn't news.</summary>
    private void End(CassetteLine line)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 0)
        {
            recorder.Write(line);
        }
    }

    private string? Redact(string? text) => text is null ? null : redactor.Redact(text);

    private CassetteLine Line(CassetteKind kind) => head with { Time = recorder.Now, Kind = kind };
}

using System.Net.WebSockets;

namespace SpeechStream.Transport;

/// <summary>One connection to the service that stands. Tests have an implementation in memory.</summary>
/// <remarks>
/// One caller sends and one receives, at the same time; <see cref="Abort"/> may be called from anywhere and makes both fail. No
/// call takes a token: cancelling a socket call kills the connection anyway, so killing it is said plainly.
/// Failures are <see cref="SpeechConnectionException"/> or <see cref="SpeechProtocolException"/>.
/// </remarks>
internal interface IConnection : IDisposable
{
    /// <summary>Status and text of the close frame that came, if one came.</summary>
    Closed Closed { get; }

    ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText);

    /// <summary>The next whole message. It is valid until the next call.</summary>
    ValueTask<Received> ReceiveAsync();

    /// <summary>Says goodbye and waits for the answer; a peer that doesn't answer in time is cut off. Doesn't fail.</summary>
    Task CloseAsync(TimeSpan timeout);

    /// <summary>Cuts the connection at once.</summary>
    void Abort();
}

/// <summary>Makes a connection; the handshake carries the given header, which holds a secret.</summary>
internal delegate Task<IConnection> Connect(KeyValuePair<string, string> authentication, CancellationToken cancellationToken);

/// <summary>What a close frame said, redacted.</summary>
internal readonly record struct Closed(WebSocketCloseStatus? Status, string? Description);

/// <summary>A message from the service.</summary>
internal readonly record struct Received(MessageKind Kind, ReadOnlyMemory<byte> Payload);

/// <summary>Kinds of messages, and the end of them.</summary>
internal enum MessageKind
{
    Text,
    Binary,
    Close,
}

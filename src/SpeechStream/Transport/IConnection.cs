using System.Net.WebSockets;

namespace SpeechStream.Transport;

/// <summary>One established connection to the service. Tests have an implementation in memory.</summary>
/// <remarks>
/// One caller may send while another receives. <see cref="Abort"/> may be called from any thread, and makes both calls fail. No call takes a cancellation token,
/// because the cancellation of a socket call ends the whole connection, which <see cref="Abort"/> says by its name.
/// Failures are <see cref="SpeechConnectionException"/> or <see cref="SpeechProtocolException"/>.
/// </remarks>
internal interface IConnection : IDisposable
{
    /// <summary>Status and text of the close frame that was received, if there was one.</summary>
    Closed Closed { get; }

    ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText);

    /// <summary>Receives the next whole message. Its memory is valid until the next call.</summary>
    ValueTask<Received> ReceiveAsync();

    /// <summary>Sends a close frame and waits for the answer. If the peer doesn't answer in time, the connection is aborted. Doesn't fail.</summary>
    Task CloseAsync(TimeSpan timeout);

    /// <summary>Ends the connection at once.</summary>
    void Abort();
}

/// <summary>Makes a connection. The handshake has the given header, which contains a secret.</summary>
internal delegate Task<IConnection> Connect(KeyValuePair<string, string> authentication, CancellationToken cancellationToken);

/// <summary>Status and text of a close frame, without secrets.</summary>
internal readonly record struct Closed(WebSocketCloseStatus? Status, string? Description);

/// <summary>A message from the service.</summary>
internal readonly record struct Received(MessageKind Kind, ReadOnlyMemory<byte> Payload);

/// <summary>The kind of a message; <see cref="Close"/> when no more follow.</summary>
internal enum MessageKind
{
    Text,
    Binary,
    Close,
}

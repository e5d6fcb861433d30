using System.Buffers;
using System.Net.WebSockets;

namespace SpeechStream.Gateway.Connections;

internal enum IncomingKind
{
    Text,
    Audio,

    /// <summary>The client sent a close frame.</summary>
    Close,

    /// <summary>The connection is gone.</summary>
    Lost,

    /// <summary>The message is larger than is taken; what follows can't be read.</summary>
    TooLarge,
}

/// <summary>The data is valid until the next read.</summary>
internal readonly record struct Incoming(IncomingKind Kind, ReadOnlyMemory<byte> Data = default);

/// <summary>Reads whole messages, however they are fragmented.</summary>
internal sealed class MessageReader(WebSocket socket)
{
    /// <summary>The service documents no limit; clients are told to stay under 16 KB.</summary>
    private const int LargestMessage = 1024 * 1024;
    private const int ReadSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _message = new(ReadSize);

    public async ValueTask<Incoming> ReadAsync()
    {
        _message.ResetWrittenCount();
        try
        {
            while (true)
            {
                // No token: a cancelled receive would abort the socket, and so would the end of the connection.
                var part = await socket.ReceiveAsync(_message.GetMemory(ReadSize), CancellationToken.None).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return new Incoming(IncomingKind.Close);
                }

                _message.Advance(part.Count);
                if (_message.WrittenCount > LargestMessage)
                {
                    return new Incoming(IncomingKind.TooLarge);
                }

                if (part.EndOfMessage)
                {
                    var kind = part.MessageType == WebSocketMessageType.Text ? IncomingKind.Text : IncomingKind.Audio;
                    return new Incoming(kind, _message.WrittenMemory);
                }
            }
        }
        catch (Exception exception) when (ConnectionLoss.Is(exception))
        {
            return new Incoming(IncomingKind.Lost);
        }
    }
}

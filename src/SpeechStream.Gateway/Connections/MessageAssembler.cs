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
internal readonly record struct IncomingMessage(IncomingKind Kind, ReadOnlyMemory<byte> Data = default);

/// <summary>Assembles whole messages from the frames of the client.</summary>
internal sealed class MessageAssembler(WebSocket socket)
{
    /// <summary>The service documents no limit; clients are told to stay under 16 KB.</summary>
    private const int LargestMessage = 1024 * 1024;
    private const int ReadSize = 16 * 1024;

    private readonly ArrayBufferWriter<byte> _message = new(ReadSize);

    public async ValueTask<IncomingMessage> ReadAsync()
    {
        _message.ResetWrittenCount();
        try
        {
            while (true)
            {
                // No token: a canceled receive would abort the socket, and so would the end of the connection.
                var part = await socket.ReceiveAsync(_message.GetMemory(ReadSize), CancellationToken.None).ConfigureAwait(false);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    return new IncomingMessage(IncomingKind.Close);
                }

                _message.Advance(part.Count);
                if (_message.WrittenCount > LargestMessage)
                {
                    return new IncomingMessage(IncomingKind.TooLarge);
                }

                if (part.EndOfMessage)
                {
                    var kind = part.MessageType == WebSocketMessageType.Text ? IncomingKind.Text : IncomingKind.Audio;
                    return new IncomingMessage(kind, _message.WrittenMemory);
                }
            }
        }
        catch (Exception exception) when (ConnectionLoss.Is(exception))
        {
            return new IncomingMessage(IncomingKind.Lost);
        }
    }
}

using System.Buffers;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>Sends audio on a connection, encoded if the session has an encoder. Lives as long as the connection.</summary>
/// <remarks>Only the sender calls it.</remarks>
/// <param name="connection">The connection to send on.</param>
/// <param name="encoder">Encodes the audio of this connection; null when samples are sent as they are.</param>
internal sealed class WireAudio(IConnection connection, AudioEncoderStream? encoder) : IDisposable
{
    private readonly ArrayBufferWriter<byte>? _encoded = encoder is null ? null : new();

    /// <summary>The length of the last message; 0 when there was none, because the encoder had nothing to send yet.</summary>
    public int MessageBytes { get; private set; }

    /// <summary>Sends the next audio of the task. An encoder may keep some of it until more comes.</summary>
    /// <exception cref="SpeechStreamException">The connection is lost.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> audio)
    {
        if (encoder is null)
        {
            MessageBytes = audio.Length;
            return connection.SendAsync(audio, isText: false);
        }

        encoder.Write(audio.Span, _encoded!);
        return SendEncodedAsync();
    }

    /// <summary>Sends what an encoder has kept, before the stop message.</summary>
    /// <exception cref="SpeechStreamException">The connection is lost.</exception>
    public ValueTask CompleteAsync()
    {
        encoder?.Complete(_encoded!);
        return SendEncodedAsync();
    }

    public void Dispose() => encoder?.Dispose();

    private ValueTask SendEncodedAsync()
    {
        MessageBytes = _encoded?.WrittenCount ?? 0;
        if (_encoded is null || MessageBytes == 0)
        {
            return ValueTask.CompletedTask;
        }

        // The memory is written again only after this message was sent, since the sender waits for each.
        var message = _encoded.WrittenMemory;
        _encoded.ResetWrittenCount();
        return connection.SendAsync(message, isText: false);
    }
}

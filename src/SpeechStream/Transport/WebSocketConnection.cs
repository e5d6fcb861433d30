using System.Buffers;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using SpeechStream.Diagnostics;

namespace SpeechStream.Transport;

/// <summary>A connection over a <see cref="WebSocket"/>. Fragments of a message are joined in pooled memory.</summary>
internal sealed class WebSocketConnection(WebSocket socket, int maxMessageBytes, Redactor redactor, TimeProvider time) : IConnection
{
    // Most events have a few hundred bytes. The buffer grows for a longer message, and shrinks before the next one.
    private const int UsualMessageBytes = 4096;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualMessageBytes);
    private int _disposed;

    public Closed Closed => new(socket.CloseStatus, socket.CloseStatusDescription is { Length: > 0 } text ? redactor.Redact(text) : null);

    public ValueTask SendAsync(ReadOnlyMemory<byte> message, bool isText)
    {
        ValueTask sending;
        try
        {
            sending = socket.SendAsync(message, isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        catch (Exception exception) when (SocketFailure.IsOne(exception))
        {
            return ValueTask.FromException(SocketFailure.Lost(exception, redactor));
        }

        // A send rarely waits. When it doesn't, no state machine is needed.
        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending);
        }

        sending.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ValueTask<Received> ReceiveAsync()
    {
        ShrinkBuffer();
        var receiving = ReceivePart(0);
        if (!receiving.IsCompletedSuccessfully)
        {
            return FinishAsync(receiving);
        }

        // Often several messages have come at once. One that is there already needs no state machine.
        var part = receiving.Result;
        return part is { EndOfMessage: true, MessageType: not WebSocketMessageType.Close } && part.Count <= maxMessageBytes
            ? new(new Received(KindOf(part), _buffer.AsMemory(0, part.Count)))
            : FinishAsync(new ValueTask<ValueWebSocketReceiveResult>(part));
    }

    public async Task CloseAsync(TimeSpan timeout)
    {
        try
        {
            using var limit = new CancellationTokenSource(timeout, time);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The task is complete, so nothing is lost when the peer doesn't answer the close frame.
            socket.Abort();
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            // Don't return the buffer to the pool: a receive that this ends may still write into it.
            socket.Abort();
            socket.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (SocketFailure.IsOne(exception))
        {
            throw SocketFailure.Lost(exception, redactor);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<Received> FinishAsync(ValueTask<ValueWebSocketReceiveResult> receiving)
    {
        var length = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part;
            try
            {
                part = await receiving.ConfigureAwait(false);
            }
            catch (WebSocketException) when (socket.State == WebSocketState.Closed)
            {
                // The peer has closed with a status that must not be sent, such as 1006, which proxies pass on (RFC 6455, 7.4.1). The framework keeps it to itself.
                return new(MessageKind.Close, default);
            }
            catch (Exception exception) when (SocketFailure.IsOne(exception))
            {
                throw SocketFailure.Lost(exception, redactor);
            }

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return new(MessageKind.Close, default);
            }

            length += part.Count;
            if (length > maxMessageBytes)
            {
                throw new SpeechProtocolException(
                    $"The service sent a message of more than {maxMessageBytes} bytes. If that is expected, raise MaxMessageBytes.");
            }

            if (part.EndOfMessage)
            {
                return new(KindOf(part), _buffer.AsMemory(0, length));
            }

            if (length == _buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(2 * length);
                _buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = larger;
            }

            receiving = ReceivePart(length);
        }
    }

    private ValueTask<ValueWebSocketReceiveResult> ReceivePart(int length)
    {
        try
        {
            return socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
        }
        catch (Exception exception) when (SocketFailure.IsOne(exception))
        {
            return ValueTask.FromException<ValueWebSocketReceiveResult>(exception);
        }
    }

    private static MessageKind KindOf(ValueWebSocketReceiveResult part) => part.MessageType == WebSocketMessageType.Text ? MessageKind.Text : MessageKind.Binary;

    private void ShrinkBuffer()
    {
        if (_buffer.Length > 4 * UsualMessageBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(UsualMessageBytes);
        }
    }
}

using System.Net.WebSockets;
using System.Text.Json;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>A page's WebSocket whose network breaks when the page has closed: the server has heard everything, and can say nothing more.</summary>
/// <param name="audio">What the page says.</param>
/// <param name="ends">Whether it says that there is no more.</param>
/// <param name="status">With which it closes.</param>
/// <param name="breaksInMessage">Whether the server notices it with a message of its own, before it has handled the close.</param>
internal sealed class BreakingSocket(byte[] audio, bool ends, WebSocketCloseStatus status, bool breaksInMessage) : WebSocket
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _broken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _id = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _sent;
    private bool _hasEnded;

    /// <summary>Which session it is.</summary>
    public Task<string> Id => _id.Task;

    /// <summary>Completes when the server has noticed.</summary>
    public Task Broken => _broken.Task;

    public override WebSocketCloseStatus? CloseStatus => _closed.Task.IsCompleted ? status : null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => _aborted.Task.IsCompleted ? WebSocketState.Aborted : _closed.Task.IsCompleted ? WebSocketState.CloseReceived : WebSocketState.Open;

    public override string? SubProtocol => null;

    public override async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_sent < audio.Length)
        {
            var piece = audio.AsMemory(_sent, Math.Min(3200, audio.Length - _sent));
            piece.CopyTo(buffer);
            _sent += piece.Length;
            return new(piece.Length, WebSocketMessageType.Binary, true);
        }

        if (ends && !_hasEnded)
        {
            _hasEnded = true;
            var end = """{"type":"end"}"""u8;
            end.CopyTo(buffer.Span);
            return new(end.Length, WebSocketMessageType.Text, true);
        }

        await _id.Task.WaitAsync(cancellationToken);
        _closed.TrySetResult();
        await (breaksInMessage ? _aborted.Task : Task.CompletedTask);
        return new(0, WebSocketMessageType.Close, true);
    }

    public override async ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        var message = JsonElement.Parse(buffer.Span);
        if (message.IsType("session"))
        {
            _id.TrySetResult(message.GetProperty("id").GetString()!);
            await (breaksInMessage ? _closed.Task : Task.CompletedTask);
        }

        ThrowIfClosed();
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        ThrowIfClosed();
        return Task.CompletedTask;
    }

    public override void Abort() => _aborted.TrySetResult();

    public override void Dispose() => Abort();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) => throw new NotSupportedException();

    private void ThrowIfClosed()
    {
        if (_closed.Task.IsCompleted)
        {
            _broken.TrySetResult();
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
        }
    }
}

using System.Net.WebSockets;
using System.Threading.Channels;

namespace SpeechStream.Gateway.Connections;

/// <summary>A message to the client.</summary>
/// <param name="Data">Its bytes.</param>
/// <param name="Type">Text or binary.</param>
/// <param name="FragmentSize">Bytes a frame; 0: one frame.</param>
/// <param name="Sent">Told when it is written to the socket; never told if the connection ends before.</param>
internal readonly record struct OutgoingMessage(
    ReadOnlyMemory<byte> Data, WebSocketMessageType Type, int FragmentSize = 0, TaskCompletionSource? Sent = null);

/// <summary>Sends what recognizers, scripts and the reader have to say, in order, beside the reading: a client that is slow to take
/// events is still listened to. Any thread.</summary>
internal sealed class Outbox(WebSocket socket, TimeProvider timeProvider, TimeSpan patience, Action abort)
{
    /// <summary>Minutes of events; a client this far behind makes the gateway wait, and is dropped in the end.</summary>
    private const int Capacity = 1024;

    private readonly Channel<OutgoingMessage> _messages = Channel.CreateBounded<OutgoingMessage>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly TaskCompletionSource _finishing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Farewell? _farewell;

    /// <summary>Ends when <see cref="Finish"/> is called. A client that takes nothing any more may keep <see cref="RunAsync"/> from ending then.</summary>
    public Task Finishing => _finishing.Task;

    public ValueTask SendAsync(byte[] text) => SendAsync(new OutgoingMessage(text, WebSocketMessageType.Text));

    /// <summary>Queues a message, or drops it if the connection is ending.</summary>
    public ValueTask SendAsync(OutgoingMessage message) =>
        _messages.Writer.TryWrite(message) ? ValueTask.CompletedTask : WaitAndSendAsync(message);

    /// <summary>Ends the connection after what is queued; the first call counts.</summary>
    /// <param name="lastText">Sent before the close frame.</param>
    /// <param name="status">The close status; null: no close frame.</param>
    /// <param name="reason">The close reason.</param>
    public void Finish(byte[]? lastText, WebSocketCloseStatus? status, string? reason = null)
    {
        Interlocked.CompareExchange(ref _farewell, new Farewell(lastText, status, reason), null);
        _messages.Writer.TryComplete();
        _finishing.TrySetResult();
    }

    /// <summary>Returns when <see cref="Finish"/> was called and everything is sent, or the connection is gone.</summary>
    public async Task RunAsync()
    {
        try
        {
            await foreach (var message in _messages.Reader.ReadAllAsync().ConfigureAwait(false))
            {
                await WriteAsync(message).ConfigureAwait(false);
            }

            if (_farewell?.LastText is { } text)
            {
                await WriteAsync(new OutgoingMessage(text, WebSocketMessageType.Text)).ConfigureAwait(false);
            }

            if (_farewell?.Status is { } status)
            {
                await socket.CloseOutputAsync(status, _farewell.Reason, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (ConnectionLoss.Is(exception))
        {
            _messages.Writer.TryComplete();
            abort();
        }
    }

    private async Task WriteAsync(OutgoingMessage message)
    {
        var rest = message.Data;
        while (message.FragmentSize > 0 && rest.Length > message.FragmentSize)
        {
            await socket.SendAsync(rest[..message.FragmentSize], message.Type, endOfMessage: false, CancellationToken.None).ConfigureAwait(false);
            rest = rest[message.FragmentSize..];
        }

        await socket.SendAsync(rest, message.Type, endOfMessage: true, CancellationToken.None).ConfigureAwait(false);
        message.Sent?.TrySetResult();
    }

    private async ValueTask WaitAndSendAsync(OutgoingMessage message)
    {
        using var limit = new CancellationTokenSource(patience, timeProvider);
        try
        {
            while (await _messages.Writer.WaitToWriteAsync(limit.Token).ConfigureAwait(false) && !_messages.Writer.TryWrite(message))
            {
            }
        }
        catch (OperationCanceledException)
        {
            abort();
        }
    }

    private sealed record Farewell(byte[]? LastText, WebSocketCloseStatus? Status, string? Reason);
}

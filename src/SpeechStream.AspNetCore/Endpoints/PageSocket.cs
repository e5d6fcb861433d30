using System.Buffers;
using System.Net.WebSockets;
using SpeechStream.AspNetCore.Messages;
using SpeechStream.AspNetCore.Sessions;

namespace SpeechStream.AspNetCore.Endpoints;

/// <summary>Messages of a page's WebSocket, in a buffer of a fixed size. One task may receive while another sends.</summary>
internal sealed class PageSocket(WebSocket socket, ByteAllowance allowance, TimeProvider time) : IDisposable
{
    /// <summary>How long the page, or a slow network, is waited for at the end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    /// <summary>With this the page closes when its user wants no last words.</summary>
    private const WebSocketCloseStatus Stopped = (WebSocketCloseStatus)4001;

    /// <summary>Whether the page has closed it on purpose, and won't come back.</summary>
    public bool IsLeft => socket.CloseStatus is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.EndpointUnavailable or Stopped;

    /// <summary>Whether nothing more of the audio is to be heard, either.</summary>
    public bool IsStopped => socket.CloseStatus is Stopped;

    /// <exception cref="RefusedException">A text message can't be read.</exception>
    /// <exception cref="WebSocketException">The connection is lost.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled, which ends the connection.</exception>
    public async ValueTask<PageMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var received = await ReceiveAsync(0, cancellationToken).ConfigureAwait(false);
            switch (received.MessageType)
            {
                case WebSocketMessageType.Close:
                    return default;
                case WebSocketMessageType.Text:
                    return new(default, await ReceiveControlAsync(received, cancellationToken).ConfigureAwait(false));
                case WebSocketMessageType.Binary when received.Count > 0:
                    return new(_buffer.AsMemory(0, received.Count), null);
                default:
                    break;
            }
        }
    }

    /// <summary>Sends a text message. Canceling it would end the connection, so <see cref="Abort"/> says that plainly.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> message) => await socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Says that nothing more comes. The page closes when it has read everything.</summary>
    public Task CloseAsync(WebSocketCloseStatus status) =>
        socket.State is WebSocketState.Open or WebSocketState.CloseReceived ? socket.CloseOutputAsync(status, null, CancellationToken.None) : Task.CompletedTask;

    /// <summary>Tells the page why, and closes. What it still sends is discarded: closing at once could destroy what it hasn't read yet.</summary>
    public async Task RefuseAsync(ErrorMessage error)
    {
        var saying = SayAsync();
        await SettleAsync(saying, time, socket.Abort).ConfigureAwait(false);

        async Task SayAsync()
        {
            await SendAsync(MessageJson.Write(error)).ConfigureAwait(false);
            await CloseAsync(WebSocketCloseStatus.PolicyViolation).ConfigureAwait(false);
            while (socket.State == WebSocketState.CloseSent)
            {
                await ReceiveAsync(0, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Waits for a task of a connection, and cuts the connection if it doesn't end.</summary>
    public static async Task SettleAsync(Task task, TimeProvider time, Action cut)
    {
        await task.WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!task.IsCompleted)
        {
            cut();
            await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Abort() => socket.Abort();

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(int at, CancellationToken cancellationToken)
    {
        var received = await socket.ReceiveAsync(_buffer.AsMemory(at), cancellationToken).ConfigureAwait(false);
        await allowance.TakeAsync(received.Count, cancellationToken).ConfigureAwait(false);
        return received;
    }

    private async ValueTask<ControlMessage> ReceiveControlAsync(ValueWebSocketReceiveResult received, CancellationToken cancellationToken)
    {
        var length = received.Count;
        while (!received.EndOfMessage && length <= ControlMessage.MaxBytes)
        {
            received = await ReceiveAsync(length, cancellationToken).ConfigureAwait(false);
            length += received.Count;
        }

        return received.EndOfMessage && length <= ControlMessage.MaxBytes && ControlMessage.Read(_buffer.AsSpan(0, length)) is { } control
            ? control
            : throw new RefusedException(Refusal.Unreadable);
    }
}

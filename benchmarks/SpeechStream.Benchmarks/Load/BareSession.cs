using System.Diagnostics;
using System.Net.Security;
using System.Net.WebSockets;
using System.Text;

namespace SpeechStream.Benchmarks.Load;

/// <summary>What everything is measured against: a plain socket that sends the frames, and reads and drops the events.</summary>
/// <remarks>It knows nothing of a lost connection, of its caller, or of what the events say.</remarks>
/// <param name="latency">Where the age of each result goes.</param>
internal sealed class BareSession(Action<long> latency) : ILoadSession
{
    private readonly ClientWebSocket _socket = new();
    private readonly string _taskId = Guid.NewGuid().ToString("N");
    private Task _receiving = Task.CompletedTask;

    public int Events { get; private set; }

    public async Task StartAsync(Uri endpoint)
    {
        _socket.Options.SetRequestHeader("X-NLS-Token", "the-token");
        _socket.Options.KeepAliveInterval = TimeSpan.FromSeconds(5);
        _socket.Options.KeepAliveTimeout = TimeSpan.FromSeconds(3);
        if (endpoint.Scheme == "wss")
        {
            _socket.Options.RemoteCertificateValidationCallback = static (_, _, _, errors) => (errors & SslPolicyErrors.RemoteCertificateNotAvailable) == 0;
        }

        await _socket.ConnectAsync(endpoint, CancellationToken.None);
        await SendTextAsync("StartTranscription", """{"format":"pcm","sample_rate":16000,"enable_intermediate_result":true}""");
        var buffer = new byte[4096];
        await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        _receiving = ReceiveAsync(buffer);
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> frame) => _socket.SendAsync(frame, WebSocketMessageType.Binary, true, CancellationToken.None);

    public async Task StopAsync()
    {
        await SendTextAsync("StopTranscription", "{}");
        await _receiving;
        await _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ReceiveAsync(byte[] buffer)
    {
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            Events++;
            if (ServiceMessages.Stamp(buffer.AsSpan(0, length)) is { } stamp)
            {
                latency(Stopwatch.GetTimestamp() - stamp);
            }
            else if (buffer.AsSpan(0, length).IndexOf("TranscriptionCompleted"u8) >= 0)
            {
                return;
            }
        }
    }

    private async Task SendTextAsync(string name, string payload)
    {
        var message = $$"""{"header":{"namespace":"SpeechTranscriber","name":"{{name}}","message_id":"{{Guid.NewGuid():N}}","task_id":"{{_taskId}}","appkey":"app-key"},"payload":{{payload}}}""";
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
    }
}

using System.Net.WebSockets;
using System.Text.Json;

namespace PullTheCable;

/// <summary>What one writes in an afternoon: it connects again when the connection is lost, and continues with what the microphone hears by then.</summary>
internal sealed class PlainClient(Uri endpoint, Cable cable) : IDisposable
{
    private readonly List<Sentence> _sentences = [];
    private readonly HttpMessageInvoker _invoker = Invoker(cable);
    private ClientWebSocket? _socket;
    private Task _receiving = Task.CompletedTask;
    private string _taskId = "";

    /// <param name="samples">What the microphone hears.</param>
    /// <param name="patience">How long to wait for the last sentences; after that they are missing.</param>
    public async Task<List<Sentence>> TranscribeAsync(byte[] samples, TimeSpan patience)
    {
        await ConnectAsync();
        var heard = TimeSpan.Zero;
        await foreach (var frame in LiveAudio.ListenAsync(samples))
        {
            cable.PullAt(heard);
            heard += LiveAudio.Frame;
            try
            {
                await _socket!.SendAsync(frame, WebSocketMessageType.Binary, true, default);
            }
            catch (Exception exception) when (IsLoss(exception))
            {
                await ConnectAsync();
            }
        }

        await SendAsync("StopTranscription", "");
        await Task.WhenAny(_receiving, Task.Delay(patience));
        lock (_sentences)
        {
            return [.. _sentences];
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _invoker.Dispose();
    }

    private async Task ConnectAsync()
    {
        _socket?.Dispose();
        _socket = new ClientWebSocket();
        _socket.Options.SetRequestHeader("X-NLS-Token", "local");
        await _socket.ConnectAsync(endpoint, _invoker, default);
        await SendAsync("StartTranscription", """, "payload": {"format": "pcm", "sample_rate": 16000}""");
        var started = new TaskCompletionSource();
        _receiving = ReceiveAsync(_socket, started);
        await started.Task;
    }

    private async Task SendAsync(string name, string rest)
    {
        var id = Guid.NewGuid().ToString("N");
        _taskId = name == "StartTranscription" ? id : _taskId;
        var message = $$"""{"header": {"namespace": "SpeechTranscriber", "name": "{{name}}", "message_id": "{{id}}", "task_id": "{{_taskId}}", "appkey": "local"}{{rest}}}""";
        await _socket!.SendAsync(System.Text.Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, default);
    }

    private async Task ReceiveAsync(ClientWebSocket socket, TaskCompletionSource started)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer, default) is { MessageType: WebSocketMessageType.Text } received)
            {
                var message = JsonElement.Parse(buffer.AsSpan(0, received.Count));
                switch (message.GetProperty("header").GetProperty("name").GetString())
                {
                    case "TranscriptionStarted":
                        started.SetResult();
                        break;
                    case "SentenceEnd":
                        var payload = message.GetProperty("payload");
                        Add(new(TimeSpan.FromMilliseconds(payload.GetProperty("begin_time").GetDouble()), payload.GetProperty("result").GetString()!));
                        break;
                    case "TranscriptionCompleted":
                        return;
                }
            }
        }
        catch (Exception exception) when (IsLoss(exception))
        {
            // The sender notices, and connects again.
        }
        finally
        {
            started.TrySetResult();
        }
    }

    private void Add(Sentence sentence)
    {
        lock (_sentences)
        {
            _sentences.Add(sentence);
        }
    }

    private static bool IsLoss(Exception exception) => exception is WebSocketException or ObjectDisposedException or OperationCanceledException;

    private static HttpMessageInvoker Invoker(Cable cable)
    {
        var handler = new SocketsHttpHandler();
        cable.Plug(handler);
        return new HttpMessageInvoker(handler);
    }
}

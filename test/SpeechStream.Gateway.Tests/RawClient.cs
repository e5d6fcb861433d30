using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

/// <summary>A bare WebSocket that speaks the protocol by hand, so that the gateway is judged by nothing but itself.</summary>
internal sealed class RawClient : IDisposable
{
    /// <summary>Ends a test that hangs. The recognizer needs its time for a sentence, and far more where others use the machine, too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly ClientWebSocket _socket = new();

    public string TaskId { get; set; } = NewId();

    /// <summary>The frames of the message read last, if they were small.</summary>
    public int Frames { get; private set; }

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    public static async Task<RawClient> ConnectAsync(LocalGateway gateway, string? token = "token")
    {
        var client = new RawClient();
        if (token is not null)
        {
            client._socket.Options.SetRequestHeader("X-NLS-Token", token);
        }

        await client.ConnectAsync(gateway.Endpoint);
        return client;
    }

    public Task ConnectAsync(Uri endpoint) => _socket.ConnectAsync(endpoint, TestContext.Current.CancellationToken);

    public static string NewId() => Guid.NewGuid().ToString("N");

    public Task StartAsync(string payload = "{}") => CommandAsync("StartTranscription", payload);

    public Task StopAsync() => CommandAsync("StopTranscription");

    public Task CommandAsync(string name, string payload = "{}", Action<JsonObject>? change = null)
    {
        var header = new JsonObject
        {
            ["message_id"] = NewId(),
            ["task_id"] = TaskId,
            ["namespace"] = "SpeechTranscriber",
            ["name"] = name,
            ["appkey"] = "appkey",
        };
        change?.Invoke(header);
        return TextAsync(new JsonObject { ["header"] = header, ["payload"] = JsonNode.Parse(payload) }.ToJsonString());
    }

    public Task TextAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true);

    public Task SendAsync(ReadOnlyMemory<byte> data, WebSocketMessageType type, bool end) =>
        _socket.SendAsync(data, type, end, TestContext.Current.CancellationToken).AsTask();

    public async Task AudioAsync(ReadOnlyMemory<byte> audio, int chunk = 3200)
    {
        for (var at = 0; at < audio.Length; at += chunk)
        {
            await SendAsync(audio.Slice(at, Math.Min(chunk, audio.Length - at)), WebSocketMessageType.Binary, true);
        }
    }

    /// <summary>The next message; null when the gateway closed or dropped the connection.</summary>
    public async Task<string?> ReadTextAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        for (Frames = 1; ; Frames++)
        {
            var part = await _socket.ReceiveAsync(buffer, limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(message.ToArray());
            }
        }
    }

    public async Task<Event?> ReadAsync() => await ReadTextAsync() is { } text ? new Event(JsonNode.Parse(text)!.AsObject()) : null;

    /// <summary>Reads up to a name, which is included, or the end.</summary>
    public async Task<List<Event>> ReadToAsync(string name)
    {
        var events = new List<Event>();
        while (await ReadAsync() is { } next)
        {
            events.Add(next);
            if (next.Name == name)
            {
                break;
            }
        }

        return events;
    }

    /// <summary>Starts, sends, stops, and returns all events up to the completion.</summary>
    public async Task<List<Event>> TranscribeAsync(ReadOnlyMemory<byte> audio, string payload = "{}", int chunk = 3200)
    {
        await StartAsync(payload);
        await AudioAsync(audio, chunk);
        await StopAsync();
        return await ReadToAsync("TranscriptionCompleted");
    }

    /// <summary>Sends a close frame; the answer is read as the end of the messages.</summary>
    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}

internal sealed record Event(JsonObject Json)
{
    public JsonObject Header => Json["header"]!.AsObject();

    public JsonObject Payload => Json["payload"]!.AsObject();

    public string Name => (string)Header["name"]!;

    public int Status => (int)Header["status"]!;

    public string StatusText => (string)Header["status_text"]!;

    public string Result => (string)Payload["result"]!;

    public int Time => (int)Payload["time"]!;

    public override string ToString() => Json.ToJsonString();
}

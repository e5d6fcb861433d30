using System.Net.Sockets;
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

    private readonly Service _service;
    private HttpMessageInvoker? _buffered;

    private RawClient(Service service) => _service = service;

    public string TaskId { get; set; } = NewId();

    /// <summary>The frames of the message read last, if they were small.</summary>
    public int Frames { get; private set; }

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public string? CloseReason => _socket.CloseStatusDescription;

    /// <param name="gateway">The gateway.</param>
    /// <param name="service">What the client speaks.</param>
    /// <param name="token">The token of NLS, or the API key of DashScope.</param>
    /// <param name="receiveBuffer">The bytes that the system takes before they are read; null for its own choice, which may be many megabytes.</param>
    public static async Task<RawClient> ConnectAsync(LocalGateway gateway, Service service = Service.Nls, string token = "token", int? receiveBuffer = null)
    {
        var client = new RawClient(service);
        var (header, value) = service == Service.Nls ? ("X-NLS-Token", token) : ("Authorization", $"Bearer {token}");
        client._socket.Options.SetRequestHeader(header, value);
        await client._socket.ConnectAsync(
            service == Service.Nls ? gateway.Endpoint : gateway.DashScopeEndpoint,
            receiveBuffer is { } bytes ? client.Buffered(bytes) : null,
            TestContext.Current.CancellationToken);
        return client;
    }

    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <param name="parameters">Those that both services have, have the same names.</param>
    public Task StartAsync(string parameters = "{}") =>
        _service == Service.Nls ? CommandAsync("StartTranscription", parameters) : ActionAsync("run-task", RunTask(parameters));

    public Task StopAsync() => _service == Service.Nls ? CommandAsync("StopTranscription") : ActionAsync("finish-task", """{"input":{}}""");

    /// <summary>The payload of a start over DashScope.</summary>
    public static string RunTask(string parameters, string model = "paraformer-realtime-v2") =>
        $$$"""{"task_group":"audio","task":"asr","function":"recognition","model":"{{{model}}}","parameters":{{{parameters}}},"input":{}}""";

    /// <summary>A message of DashScope.</summary>
    public Task ActionAsync(string action, string payload)
    {
        var header = new JsonObject { ["action"] = action, ["task_id"] = TaskId, ["streaming"] = "duplex" };
        return TextAsync(new JsonObject { ["header"] = header, ["payload"] = JsonNode.Parse(payload) }.ToJsonString());
    }

    /// <summary>A message of NLS.</summary>
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

    /// <summary>Reads no more than the beginning of the next message.</summary>
    public Task ReadBeginningAsync() => _socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken);

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
    public async Task<List<Event>> TranscribeAsync(ReadOnlyMemory<byte> audio, string parameters = "{}", int chunk = 3200)
    {
        await StartAsync(parameters);
        await AudioAsync(audio, chunk);
        await StopAsync();
        return await ReadToAsync("TranscriptionCompleted");
    }

    /// <summary>Sends a close frame; the answer is read as the end of the messages.</summary>
    public Task CloseAsync() => _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, TestContext.Current.CancellationToken);

    public void Abort() => _socket.Abort();

    public void Dispose()
    {
        _socket.Dispose();
        _buffered?.Dispose();
    }

    private HttpMessageInvoker Buffered(int receiveBuffer)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return _buffered = new HttpMessageInvoker(handler);
    }
}

using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>A page's WebSocket, as far as the server can see it.</summary>
internal sealed class Page : IDisposable
{
    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private Page(ClientWebSocket socket) => _socket = socket;

    public WebSocketCloseStatus? CloseStatus => _socket.CloseStatus;

    public static async Task<Page> OpenAsync(Server server, string query = "", string? user = null, string? origin = null, string? address = null, string? caller = null)
    {
        var socket = Create(user, origin);
        socket.Options.SetRequestHeader("X-Address", address);
        socket.Options.SetRequestHeader("traceparent", caller);
        await socket.ConnectAsync(new Uri(server.Socket + query), CancellationToken.None).Within("the handshake");
        return new(socket);
    }

    /// <summary>The status with which the handshake is refused.</summary>
    public static async Task<HttpStatusCode> RefusedAsync(Server server, string query = "", string? user = null, string? origin = null)
    {
        using var socket = Create(user, origin);
        await socket.Awaiting(it => it.ConnectAsync(new Uri(server.Socket + query), CancellationToken.None).Within("the refusal")).Should().ThrowAsync<WebSocketException>();
        return socket.HttpStatusCode;
    }

    public Task SayAsync(object message) => SendTextAsync(JsonSerializer.SerializeToUtf8Bytes(message));

    public Task SendTextAsync(byte[] text) => _socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None).Within("a message to be sent");

    public Task EndAsync() => SayAsync(new { type = "end" });

    public async Task SendAsync(ReadOnlyMemory<byte> audio, int piece = 3200)
    {
        for (; audio.Length > 0; audio = audio[Math.Min(piece, audio.Length)..])
        {
            await _socket.SendAsync(audio[..Math.Min(piece, audio.Length)], WebSocketMessageType.Binary, true, CancellationToken.None).AsTask().Within("audio to be sent");
        }
    }

    /// <summary>The next message; null when the server has closed.</summary>
    public async Task<JsonElement?> ReadAsync()
    {
        var length = 0;
        ValueWebSocketReceiveResult received;
        do
        {
            received = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).AsTask().Within("a message");
            length += received.Count;
        }
        while (!received.EndOfMessage);
        return received.MessageType == WebSocketMessageType.Close ? null : JsonDocument.Parse(_buffer.AsMemory(0, length)).RootElement.Clone();
    }

    /// <summary>Reads until a message of this type has come.</summary>
    public async Task<JsonElement> ReadAsync(string type, List<JsonElement>? read = null)
    {
        while (await ReadAsync() is { } message)
        {
            read?.Add(message);
            if (message.IsType(type))
            {
                return message;
            }
        }

        throw new InvalidOperationException($"The server has closed with {CloseStatus}, without {type}.");
    }

    /// <summary>Reads everything until the server closes.</summary>
    public async Task<List<JsonElement>> ReadToEndAsync()
    {
        var messages = new List<JsonElement>();
        while (await ReadAsync() is { } message)
        {
            messages.Add(message);
        }

        return messages;
    }

    public Task CloseAsync(WebSocketCloseStatus status) => _socket.CloseAsync(status, null, CancellationToken.None).Within("the close");

    /// <summary>The cable is pulled.</summary>
    public void Cut() => _socket.Abort();

    public void Dispose() => _socket.Dispose();

    private static ClientWebSocket Create(string? user, string? origin)
    {
        var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        if (user is not null)
        {
            socket.Options.SetRequestHeader("X-User", user);
        }

        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        return socket;
    }
}

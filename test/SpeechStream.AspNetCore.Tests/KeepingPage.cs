using System.Text.Json;

namespace SpeechStream.AspNetCore.Tests;

/// <summary>A page that keeps what no final result covers, and sends it again.</summary>
internal sealed class KeepingPage(byte[] audio)
{
    private readonly List<JsonElement> _messages = [];
    private Page _page = null!;
    private string? _key;
    private int _sent;

    public byte[] Audio => audio;

    public IEnumerable<(int Index, long Begin, long End, string Text)> Finals => _messages.Finals();

    /// <summary>Connects for the first time, or again, and returns the server's greeting.</summary>
    public async Task<JsonElement> ConnectAsync(Server server)
    {
        _page = await Page.OpenAsync(server);
        var last = _messages.LastOrDefault(message => message.IsType("final"));
        await _page.SayAsync(_key is null ? new { type = "start" } : new
        {
            type = "resume",
            key = _key,
            sentences = last.ValueKind == JsonValueKind.Object ? last.GetProperty("index").GetInt32() : 0,
            time = last.ValueKind == JsonValueKind.Object ? last.GetProperty("covered").GetDouble() : 0,
            seen = _messages.Count > 0 ? _messages[^1].GetProperty("seq").GetInt64() : 0,
        });
        var greeting = await _page.ReadAsync("session");
        _key ??= greeting.GetProperty("key").GetString();
        _sent = (int)greeting.GetProperty("received").GetInt64();
        return greeting;
    }

    public async Task SendUntilAsync(int end)
    {
        await _page.SendAsync(audio.AsMemory(_sent, end - _sent));
        _sent = end;
    }

    public async Task WaitForFinalsAsync(int count)
    {
        while (Finals.Count() < count)
        {
            Keep((await _page.ReadAsync())!.Value);
        }
    }

    public async Task<JsonElement> WaitForAsync(string type)
    {
        JsonElement message;
        do
        {
            message = (await _page.ReadAsync())!.Value;
            Keep(message);
        }
        while (!message.IsType(type));
        return message;
    }

    public async Task WaitForCloseAsync() => (await _page.ReadToEndAsync()).ForEach(Keep);

    public Task SayAsync(object message) => _page.SayAsync(message);

    public Task SayEndAsync() => _page.EndAsync();

    /// <summary>Sends the rest and reads everything.</summary>
    public async Task FinishAsync()
    {
        await SendUntilAsync(audio.Length);
        await _page.EndAsync();
        (await _page.ReadToEndAsync()).ForEach(Keep);
    }

    public void Cut() => _page.Cut();

    /// <summary>Those that have a number.</summary>
    private void Keep(JsonElement message)
    {
        if (message.TryGetProperty("seq", out _))
        {
            _messages.Add(message);
        }
    }
}

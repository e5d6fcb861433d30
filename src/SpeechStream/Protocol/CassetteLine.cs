using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace SpeechStream.Protocol;

/// <summary>One line of a cassette, which is a JSON object. The page <c>cassettes.md</c> describes the format.</summary>
/// <param name="Time">Since the cassette was begun.</param>
/// <param name="Session">Number of the session, from 1.</param>
/// <param name="Connection">Number of the connection, from 1, over all sessions.</param>
/// <param name="Kind">What happened.</param>
internal readonly record struct CassetteLine(TimeSpan Time, int Session, int Connection, CassetteKind Kind)
{
    /// <summary>The version of the format.</summary>
    private const int Version = 1;

    /// <summary>A message without secrets, or why a connection ended.</summary>
    public string? Text { get; init; }

    public int? Bytes { get; init; }

    public TimeSpan? Duration { get; init; }

    /// <summary>Audio, or a binary message that is no text; null when it isn't recorded.</summary>
    public ReadOnlyMemory<byte>? Data { get; init; }

    /// <summary>Of a close frame, or of the answer to a handshake.</summary>
    public int? Status { get; init; }

    /// <summary>Null for compressed audio.</summary>
    public int? BytesPerSecond { get; init; }

    /// <summary>The header of the handshake that authenticates, masked.</summary>
    public KeyValuePair<string, string>? Header { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Who ended the connection, or how.</summary>
    public string? How { get; init; }

    /// <summary>The first line of a cassette.</summary>
    public static ReadOnlyMemory<byte> Head(string service, string path, string? endpoint, string tool, DateTimeOffset at, bool hasAudio) => Write(json =>
    {
        json.WriteNumber("v", Version);
        json.WriteString("service", service);
        json.WriteString("path", path);
        if (endpoint is not null)
        {
            json.WriteString("endpoint", endpoint);
        }

        json.WriteString("tool", tool);
        json.WriteString("at", at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteBoolean("audio", hasAudio);
    });

    public ReadOnlyMemory<byte> ToBytes()
    {
        var line = this;
        return Write(line.WriteFields);
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, RequestParameters.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    private static void Add(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 3));
        }
    }

    private void WriteFields(Utf8JsonWriter json)
    {
        json.WriteNumber("t", (long)Time.TotalMilliseconds);
        json.WriteNumber("s", Session);
        json.WriteNumber("c", Connection);
        json.WriteString("kind", Kind.ToString().ToLowerInvariant());
        Add(json, "bytes", Bytes);
        Add(json, "ms", Duration?.TotalMilliseconds);
        Add(json, "status", Status);
        Add(json, "bytesPerSecond", BytesPerSecond);
        Add(json, "retryAfter", RetryAfter?.TotalSeconds);
        if (Header is { } header)
        {
            json.WriteStartObject("headers");
            json.WriteString(header.Key, header.Value);
            json.WriteEndObject();
        }

        if (How is not null)
        {
            json.WriteString(Kind == CassetteKind.Close ? "by" : "how", How);
        }

        if (Data is { } data)
        {
            json.WriteBase64String("data", data.Span);
        }

        WriteText(json);
    }

    // A message is written as it is, so that its every character is kept, and the line can be read and searched. One with a line break, or that isn't JSON, is a string.
    private void WriteText(Utf8JsonWriter json)
    {
        if (Text is null)
        {
            return;
        }

        if (Kind is CassetteKind.Client or CassetteKind.Server && !Text.AsSpan().ContainsAny('\n', '\r') && IsJson(Text))
        {
            json.WritePropertyName("json");
            json.WriteRawValue(Text, skipInputValidation: true);
        }
        else
        {
            json.WriteString("text", Text);
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>What a line of a cassette is about.</summary>
internal enum CassetteKind
{
    /// <summary>A connection was made.</summary>
    Open,

    /// <summary>A handshake was answered with another HTTP status.</summary>
    Refused,

    /// <summary>A handshake wasn't answered.</summary>
    Unreachable,

    /// <summary>The client sent a text message.</summary>
    Client,

    /// <summary>The client sent audio.</summary>
    Audio,

    /// <summary>The service sent a message.</summary>
    Server,

    /// <summary>A close frame was received or sent.</summary>
    Close,

    /// <summary>The connection was lost.</summary>
    Lost,

    /// <summary>The client gave up the connection.</summary>
    Abort,
}

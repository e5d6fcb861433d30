using System.Text;
using System.Text.Json;

namespace SpeechStream.Protocol.Nls;

/// <summary>An answer of the token service: a token, or an error in the vendor's common form (PROTOCOL 7.4).</summary>
internal sealed class TokenReply
{
    private static readonly JsonFields<TokenReply> TokenFields = new(
        ("Id", (ref reader, ref reply) => reply.TokenId = reader.NonEmptyText()),
        ("ExpireTime", (ref reader, ref reply) => reply.ExpiresAt = Expiry(reader.Number())));

    private static readonly JsonFields<TokenReply> Fields = new(
        ("Token", TokenFields.Read),
        ("Code", (ref reader, ref reply) => reply.Code = reader.NonEmptyText()),
        ("Message", (ref reader, ref reply) => reply.Message = reader.NonEmptyText()),
        ("RequestId", (ref reader, ref reply) => reply.RequestId = reader.NonEmptyText()),
        ("ErrMsg", (ref reader, ref reply) => reply.Message ??= reader.NonEmptyText()));

    private TokenReply()
    {
    }

    public string? TokenId { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The name of the error, such as <c>SignatureDoesNotMatch</c>.</summary>
    public string? Code { get; private set; }

    public string? Message { get; private set; }

    /// <summary>What the vendor's support finds the request by.</summary>
    public string? RequestId { get; private set; }

    /// <summary>Reads an answer; null when it isn't JSON, as when a proxy answers with a web page.</summary>
    public static TokenReply? Read(ReadOnlySpan<byte> utf8)
    {
        // A server that writes text with .NET's Encoding.UTF8 begins with a byte order mark.
        var reader = new Utf8JsonReader(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[Encoding.UTF8.Preamble.Length..] : utf8);
        try
        {
            var reply = new TokenReply();
            reader.Read();
            Fields.Read(ref reader, ref reply);
            reader.Read();
            return reply;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // The time is in seconds since 1970. The largest value is the end of the year 9999, which is also the largest that .NET can represent.
    private static DateTimeOffset? Expiry(double? seconds) => seconds is > 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
}

using System.Text.Json;

namespace SpeechStream.Protocol.Nls;

/// <summary>What the token service answered: a token, or the vendor's common error form (PROTOCOL 7.4).</summary>
internal sealed class TokenReply
{
    private static readonly JsonFields<TokenReply> TokenFields = new(
        ("Id", (ref reader, ref reply) => reply.TokenId = reader.NonEmptyText()),
        ("ExpireTime", (ref reader, ref reply) => reply.ExpiresAt = Expiry(reader.Number())));

    private static readonly JsonFields<TokenReply> Fields = new(
        ("Token", TokenFields.Read),
        ("Code", (ref reader, ref reply) => reply.Code = reader.NonEmptyText()),
        ("Message", (ref reader, ref reply) => reply.Message = reader.NonEmptyText()),
        ("ErrMsg", (ref reader, ref reply) => reply.Message ??= reader.NonEmptyText()));

    private TokenReply()
    {
    }

    public string? TokenId { get; private set; }

    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>The error's name, such as <c>SignatureDoesNotMatch</c>.</summary>
    public string? Code { get; private set; }

    public string? Message { get; private set; }

    /// <summary>Null when it isn't JSON: proxies answer with pages of their own.</summary>
    public static TokenReply? Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
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

    // Seconds since 1970, up to the year 9999.
    private static DateTimeOffset? Expiry(double? seconds) => seconds is > 0 and < 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds((long)seconds) : null;
}

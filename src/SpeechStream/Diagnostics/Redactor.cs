using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace SpeechStream.Diagnostics;

/// <summary>Replaces a client's secrets in texts that a server wrote. Thread-safe.</summary>
/// <remarks>The service quotes the token in refusals (PROTOCOL 1.3), status texts and close reasons.</remarks>
internal sealed class Redactor
{
    // A token is replaced about once a day, so no text is expected to quote one that is older than the newest eight.
    private const int Remembered = 8;

    // A secret is remembered as it is, as it is escaped in a URL, and as it is escaped in JSON by two kinds of writers.
    private const int FormsOfOne = 4;

    // Shorter values in a query aren't secrets, and to replace them would make many texts unreadable.
    private const int ShortestValue = 6;

    private readonly Redactor? _parent;
    private readonly Lock _adding = new();
    private volatile string[] _kept = [];
    private volatile string[] _secrets = [];

    // What Including made last: all sessions of a client have the same token for hours.
    private volatile Redactor? _included;

    public Redactor()
    {
    }

    private Redactor(Redactor parent, string[] secrets) => (_parent, _secrets) = (parent, secrets);

    /// <summary>Makes a redactor that also knows this secret, and doesn't forget it when this one has to remember many newer ones.</summary>
    public Redactor Including(string secret)
    {
        if (secret.Length == 0)
        {
            return this;
        }

        var included = _included;
        return included?._secrets[0] == secret ? included : _included = new Redactor(this, Forms(secret));
    }

    /// <summary>Remembers a secret, which is replaced in all later texts, also where it is escaped as in a URL or in JSON.</summary>
    public void Add(string? secret)
    {
        lock (_adding)
        {
            if (!string.IsNullOrEmpty(secret) && !_secrets.Contains(secret))
            {
                _secrets = [.. Forms(secret), .. _secrets.Take((Remembered - 1) * FormsOfOne)];
            }
        }
    }

    /// <summary>Remembers the query and the user of an address, since servers quote an address that they don't know.</summary>
    public void Keep(Uri address) => _kept =
    [
        .. address.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]).Append(address.UserInfo)
            .SelectMany(value => new[] { value, Uri.UnescapeDataString(value) }).Where(value => value.Length >= ShortestValue).Distinct(),
    ];

    /// <summary>Replaces all secrets in a text by <c>***</c>.</summary>
    /// <param name="text">A text that a server wrote.</param>
    /// <param name="isCut">Whether the text may end within a secret. If so, an end that may be the beginning of a secret is removed, too.</param>
    public string Redact(string text, bool isCut = false)
    {
        foreach (var secret in isCut ? Known() : [])
        {
            var begun = Math.Min(secret.Length, text.Length);
            while (begun > 0 && !text.AsSpan().EndsWith(secret.AsSpan(0, begun), StringComparison.Ordinal))
            {
                begun--;
            }

            text = text[..^begun];
        }

        foreach (var secret in Known())
        {
            text = Replace(text, secret);
        }

        return text;
    }

    /// <summary>Replaces the secrets in a message that may contain recognized speech. Short ones, which only tests use, may be words of it, and stay.</summary>
    public string RedactSpeech(string text) =>
        Known().Where(secret => secret.Length >= ShortestValue).Aggregate(text, static (rest, secret) => rest.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>Returns the exception itself, or, if the text of it or of an inner one contains a secret, an exception with the same texts without the secret.</summary>
    public Exception Redact(Exception exception)
    {
        var text = exception.ToString();
        return Redact(text) == text ? exception : new IOException(Redact(string.Join(" ", Chain(exception).Select(inner => $"{inner.GetType().Name}: {inner.Message}"))));
    }

    /// <summary>A short secret, which only tests use, is replaced where it is a whole word: it may be a part of many other words.</summary>
    private static string Replace(string text, string secret) => secret.Length >= ShortestValue
        ? text.Replace(secret, "***", StringComparison.Ordinal)
        : Regex.Replace(text, $@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(secret)}(?![\p{{L}}\p{{N}}])", "***");

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            yield return inner;
        }
    }

    private static string[] Forms(string secret) =>
        [.. new[] { secret, Uri.EscapeDataString(secret), secret.Replace("/", "\\/", StringComparison.Ordinal), JavaScriptEncoder.Default.Encode(secret) }.Distinct()];

    private IEnumerable<string> Known() => _secrets.Concat(_kept).Concat(_parent?.Known() ?? []);
}

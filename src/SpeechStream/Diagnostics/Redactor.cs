namespace SpeechStream.Diagnostics;

/// <summary>Takes a client's secrets out of texts that a server wrote. Thread-safe.</summary>
/// <remarks>The service quotes the token in refusals, status texts and close reasons.</remarks>
internal sealed class Redactor
{
    // A token is replaced about once a day; texts that quote one older than this many are not expected any more.
    private const int Remembered = 8;

    // Shorter values of a query are no secrets, and stand in many a text.
    private const int ShortestValue = 6;

    private readonly Lock _adding = new();
    private volatile string[] _kept = [];
    private volatile string[] _secrets = [];

    /// <summary>Remembers a secret in all later texts: as it is, and as it stands in a URL and in JSON.</summary>
    public void Add(string? secret)
    {
        lock (_adding)
        {
            if (!string.IsNullOrEmpty(secret) && !_secrets.Contains(secret))
            {
                string[] forms = [secret, Uri.EscapeDataString(secret), secret.Replace("/", "\\/", StringComparison.Ordinal)];
                _secrets = [.. forms.Distinct(), .. _secrets.Take((Remembered - 1) * forms.Length)];
            }
        }
    }

    /// <summary>Remembers the query and the user of an address, which servers quote when they don't know it.</summary>
    public void Keep(Uri address) => _kept =
    [
        .. address.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]).Append(address.UserInfo)
            .SelectMany(value => new[] { value, Uri.UnescapeDataString(value) }).Where(value => value.Length >= ShortestValue).Distinct(),
    ];

    /// <param name="text">What a server wrote.</param>
    /// <param name="isCut">The text may end within a secret: what may be the beginning of one goes, too.</param>
    public string Redact(string text, bool isCut = false)
    {
        foreach (var secret in isCut ? _secrets.Concat(_kept) : [])
        {
            var begun = Math.Min(secret.Length, text.Length);
            while (begun > 0 && !text.AsSpan().EndsWith(secret.AsSpan(0, begun), StringComparison.Ordinal))
            {
                begun--;
            }

            text = text[..^begun];
        }

        foreach (var secret in _secrets.Concat(_kept))
        {
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }
}

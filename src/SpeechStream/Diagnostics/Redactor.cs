namespace SpeechStream.Diagnostics;

/// <summary>Takes a client's secrets out of texts that a server wrote. Thread-safe.</summary>
/// <remarks>The service quotes the token in refusals, status texts and close reasons.</remarks>
internal sealed class Redactor
{
    // A token is replaced about once a day; texts that quote one older than this many are not expected any more.
    private const int Remembered = 8;

    // As it is, in a URL, and in JSON.
    private const int FormsOfOne = 3;

    // Shorter values of a query are no secrets, and stand in many a text.
    private const int ShortestValue = 6;

    private readonly Redactor? _parent;
    private readonly Lock _adding = new();
    private volatile string[] _kept = [];
    private volatile string[] _secrets = [];

    public Redactor()
    {
    }

    private Redactor(Redactor parent, string[] secrets) => (_parent, _secrets) = (parent, secrets);

    /// <summary>One that also knows this secret, however many others this one has to remember meanwhile.</summary>
    public Redactor Including(string secret) => secret.Length == 0 ? this : new Redactor(this, Forms(secret));

    /// <summary>Remembers a secret in all later texts: as it is, and as it stands in a URL and in JSON.</summary>
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
            text = text.Replace(secret, "***", StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>The exception itself; where its text holds a secret, at any depth, another one that tells the same without it.</summary>
    public Exception Redact(Exception exception)
    {
        var text = exception.ToString();
        return Redact(text) == text ? exception : new IOException(Redact(string.Join(" ", Chain(exception).Select(inner => $"{inner.GetType().Name}: {inner.Message}"))));
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            yield return inner;
        }
    }

    private static string[] Forms(string secret) =>
        [.. new[] { secret, Uri.EscapeDataString(secret), secret.Replace("/", "\\/", StringComparison.Ordinal) }.Distinct()];

    private IEnumerable<string> Known() => _secrets.Concat(_kept).Concat(_parent?.Known() ?? []);
}

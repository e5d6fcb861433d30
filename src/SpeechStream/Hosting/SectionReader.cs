using System.Collections.ObjectModel;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using SpeechStream.Auth;

namespace SpeechStream.Hosting;

/// <summary>Reads the values of a section once, and collects those that can't be used.</summary>
/// <param name="section">The section.</param>
/// <param name="range">Collects the problems. Its options are keys, with a dot in place of each colon.</param>
internal sealed class SectionReader(IConfiguration section, OptionRange range)
{
    private readonly HashSet<string> _keys = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys that were read, whether they have a value or not.</summary>
    public IReadOnlySet<string> Keys => _keys;

    /// <summary>Whether the keys of a credential are wrong, so that the credential isn't merely missing.</summary>
    public bool HasWrongCredential { get; private set; }

    /// <summary>Reads a value; null when it is missing or blank, as an environment variable is that was declared without a value.</summary>
    public string? Text(string key)
    {
        _keys.Add(key);
        return section[key] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;
    }

    /// <summary>Reads a list, which is written as an array, or as one value with commas; null when it is missing or blank.</summary>
    public IReadOnlyList<string>? List(string key)
    {
        List<string> items = [];
        while (Text(FormattableString.Invariant($"{key}:{items.Count}")) is { } item)
        {
            items.Add(item);
        }

        return items.Count > 0 ? new ConfiguredList(items)
            : Text(key) is { } text ? new ConfiguredList(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            : null;
    }

    /// <summary>A value that a key has; another where the key is missing, blank or wrong.</summary>
    public T Read<T>(string key, T otherwise)
        where T : struct, IParsable<T>
    {
        if (Text(key) is not { } text)
        {
            return otherwise;
        }

        if (T.TryParse(text, CultureInfo.InvariantCulture, out var value) && !IsMisread(value, text))
        {
            return value;
        }

        Wrong(key, $"is '{text}', which {Expectation(value)}");
        return otherwise;
    }

    public T? ReadOptional<T>(string key, T? otherwise)
        where T : struct, IParsable<T> => Text(key) is null ? otherwise : Read(key, default(T));

    /// <summary>Records that a key can't be used.</summary>
    /// <param name="key">The key, without the section.</param>
    /// <param name="problem">What is wrong, as the rest of a sentence that begins with the key.</param>
    public void Wrong(string key, string problem) => range.Check(false, key.Replace(':', '.'), problem);

    public Uri? Endpoint(string key) => Text(key) switch
    {
        null => null,
        var text when SpeechEndpoints.Find(text) is { } region => region,
        var text => AbsoluteUri(key, text, $"is neither an absolute URI nor one of {string.Join(", ", SpeechEndpoints.Names)}"),
    };

    public SpeechCredential? Credential()
    {
        var (token, id, secret, security, endpoint) = (Text("Token"), Text("AccessKeyId"), Text("AccessKeySecret"), Text("SecurityToken"), Text("TokenEndpoint"));
        if (Text("ApiKey") is { } apiKey)
        {
            return (token ?? id ?? secret) is not null ? WrongCredential("ApiKey", "is set, and a token or an access key too. Set ApiKey for DashScope, or the others for NLS")
                : TokenText.ProblemOf(apiKey) is { } wrong ? WrongCredential("ApiKey", wrong)
                : SpeechCredential.FromApiKey(apiKey);
        }

        switch (token, id, secret)
        {
            case (null, { }, { }):
                var tokenEndpoint = endpoint is null ? null : AbsoluteUri("TokenEndpoint", endpoint, "isn't an absolute URI");
                return SpeechCredential.FromAccessKey(id, secret, security, tokenEndpoint);
            case (null, { }, null):
                return WrongCredential("AccessKeySecret", "is missing, though there is an AccessKeyId");
            case (null, null, { }):
                return WrongCredential("AccessKeyId", "is missing, though there is an AccessKeySecret");
            case ({ }, not null, _) or ({ }, _, not null):
                return WrongCredential("Token", "is set, and an access key too. Set Token, or AccessKeyId and AccessKeySecret, but not both");
            case var _ when security is not null:
                return WrongCredential("SecurityToken", "means something only with an AccessKeyId and AccessKeySecret");
            case var _ when endpoint is not null:
                return WrongCredential("TokenEndpoint", "means something only with an AccessKeyId and AccessKeySecret");
            case ({ }, _, _):
                return TokenText.ProblemOf(token) is { } problem ? WrongCredential("Token", problem) : SpeechCredential.FromToken(token);
            default:
                return null;
        }
    }

    /// <summary>.NET reads a bare 5 as five days, and 1,5 as fifteen. Whoever writes that means five seconds, and one and a half.</summary>
    private static bool IsMisread<T>(T kind, string text) => kind switch
    {
        TimeSpan => !text.Contains(':'),
        double => text.Contains(','),
        _ => false,
    };

    private static string Expectation<T>(T kind) => kind switch
    {
        TimeSpan => "isn't a time. Write 00:00:05 for five seconds",
        bool => "is neither true nor false",
        double => "isn't a number, such as 1.5",
        _ => $"isn't a whole number up to {int.MaxValue}",
    };

    private SpeechCredential? WrongCredential(string key, string problem)
    {
        HasWrongCredential = true;
        Wrong(key, problem);
        return null;
    }

    private Uri? AbsoluteUri(string key, string text, string problem)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return uri;
        }

        Wrong(key, problem);
        return null;
    }

    /// <summary>A list that equals another one with the same items, so that a reload which reads it again changes nothing.</summary>
    private sealed class ConfiguredList(IList<string> items) : ReadOnlyCollection<string>(items)
    {
        public override bool Equals(object? obj) => obj is ConfiguredList other && this.SequenceEqual(other);

        public override int GetHashCode() => this.Aggregate(0, HashCode.Combine);
    }
}

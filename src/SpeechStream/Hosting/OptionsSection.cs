using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace SpeechStream.Hosting;

/// <summary>Reads the options of a client from its configuration section, and validates them. Messages name the keys of the section.</summary>
/// <remarks>
/// The section is read by hand. The generated binder was tried: it can't create a credential or find a region by its name, it warns of each option that
/// only code can set, and its messages give no example of a valid value.
/// </remarks>
/// <param name="name">Name of the options; empty for the client without a name.</param>
/// <param name="section">Null when the options come from code only.</param>
internal sealed class OptionsSection(string name, IConfiguration? section) : IValidateOptions<SpeechStreamClientOptions>
{
    private readonly string _prefix = section is IConfigurationSection { Path: var path } ? path + ":" : "";

    public void Bind(SpeechStreamClientOptions options)
    {
        if (section is null)
        {
            return;
        }

        options.AppKey = section[nameof(options.AppKey)] ?? options.AppKey;
        options.Credential = Credential() ?? options.Credential;
        options.Endpoint = Endpoint() ?? options.Endpoint;
        options.ConnectTimeout = Read(nameof(options.ConnectTimeout), options.ConnectTimeout);
        options.StartTimeout = Read(nameof(options.StartTimeout), options.StartTimeout);
        options.StopTimeout = Read(nameof(options.StopTimeout), options.StopTimeout);
        options.PingInterval = Read(nameof(options.PingInterval), options.PingInterval);
        options.PingTimeout = Read(nameof(options.PingTimeout), options.PingTimeout);
        options.MaxReconnectAttempts = Read(nameof(options.MaxReconnectAttempts), options.MaxReconnectAttempts);
        options.ReconnectDelay = Read(nameof(options.ReconnectDelay), options.ReconnectDelay);
        options.MaxReconnectDelay = Read(nameof(options.MaxReconnectDelay), options.MaxReconnectDelay);
        options.ReplayWindow = Read(nameof(options.ReplayWindow), options.ReplayWindow);
        options.EventCapacity = Read(nameof(options.EventCapacity), options.EventCapacity);
        options.MaxMessageBytes = Read(nameof(options.MaxMessageBytes), options.MaxMessageBytes);
        options.AllowInsecure = Read(nameof(options.AllowInsecure), options.AllowInsecure);
        if (!string.IsNullOrEmpty(section[nameof(options.MaxConcurrentSessions)]))
        {
            options.MaxConcurrentSessions = Read(nameof(options.MaxConcurrentSessions), 0);
        }

        options.SessionDefaults = new SessionDefaultsSection(this).Bind(options.SessionDefaults);
    }

    public ValidateOptionsResult Validate(string? optionsName, SpeechStreamClientOptions options)
    {
        if ((optionsName ?? "") != name)
        {
            return ValidateOptionsResult.Skip;
        }

        try
        {
            options.CopyValidated();
            return ValidateOptionsResult.Success;
        }
        catch (ArgumentException exception)
        {
            if (section is null)
            {
                return ValidateOptionsResult.Fail(exception.Message);
            }

            var keys = exception.ParamName switch
            {
                nameof(options.Credential) => $"{_prefix}Token, or {_prefix}AccessKeyId and {_prefix}AccessKeySecret",
                "tokenEndpoint" => _prefix + "TokenEndpoint",
                var option => _prefix + option?.Replace('.', ':'),
            };
            return ValidateOptionsResult.Fail($"{keys}: {exception.Message}");
        }
    }

    /// <summary>A value that a key has; another where the key is missing or empty.</summary>
    public T Read<T>(string key, T otherwise)
        where T : IParsable<T> => section![key] switch
        {
            null or "" => otherwise,
            var text when T.TryParse(text, CultureInfo.InvariantCulture, out var value) => value,
            var text => throw Invalid(key, $"'{text}' is no {typeof(T).Name}{(typeof(T) == typeof(TimeSpan) ? ", such as 00:00:10 for ten seconds" : "")}."),
        };

    private Uri? Endpoint() => section![nameof(SpeechStreamClientOptions.Endpoint)] switch
    {
        null or "" => null,
        var text when SpeechEndpoints.Find(text) is { } region => region,
        var text => AbsoluteUri(nameof(SpeechStreamClientOptions.Endpoint), text, $"Neither an absolute URI nor one of {string.Join(", ", SpeechEndpoints.Names)}."),
    };

    private SpeechCredential? Credential()
    {
        var (token, id, secret) = (Text("Token"), Text("AccessKeyId"), Text("AccessKeySecret"));
        return (token, id, secret) switch
        {
            (null, { }, { }) => SpeechCredential.FromAccessKey(id, secret, Text("SecurityToken"), TokenEndpoint()),
            (null, { }, null) => throw Invalid("AccessKeySecret", "Missing, though there is an AccessKeyId."),
            (null, null, { }) => throw Invalid("AccessKeyId", "Missing, though there is an AccessKeySecret."),
            ({ }, not null, _) or ({ }, _, not null) => throw Invalid("Token", "Set this, or AccessKeyId and AccessKeySecret, but not both."),
            _ when Text("SecurityToken") is not null => throw Invalid("SecurityToken", "Means something only with an AccessKeyId and AccessKeySecret."),
            _ when Text("TokenEndpoint") is not null => throw Invalid("TokenEndpoint", "Means something only with an AccessKeyId and AccessKeySecret."),
            ({ }, _, _) => FromToken(token),
            _ => null,
        };
    }

    private SpeechCredential FromToken(string token)
    {
        try
        {
            return SpeechCredential.FromToken(token);
        }
        catch (ArgumentException exception)
        {
            throw Invalid("Token", exception.Message);
        }
    }

    private Uri? TokenEndpoint() => Text("TokenEndpoint") is { } text ? AbsoluteUri("TokenEndpoint", text, "No absolute URI.") : null;

    /// <summary>Reads a value; null when it is missing or blank, as an environment variable is that was declared without a value.</summary>
    public string? Text(string key) => section![key] is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    private Uri AbsoluteUri(string key, string text, string problem) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) ? uri : throw Invalid(key, problem);

    /// <summary>The error of a key whose value can't be used.</summary>
    public OptionsValidationException Invalid(string key, string problem) =>
        new(name, typeof(SpeechStreamClientOptions), [$"{_prefix}{key}: {problem}"]);
}

namespace SpeechStream.Cli;

/// <summary>App key and credential, from the command line or else from the environment.</summary>
internal static class Account
{
    private const string Advice = "or transcribe without an account: add --local";

    // A gateway on this machine takes anything that isn't empty.
    private const string Anything = "local";

    /// <exception cref="ArgumentException">There is none; the message says where it is looked for.</exception>
    public static void Fill(SpeechStreamClientOptions options, string? appKey, string? token, Uri? tokenEndpoint, Func<string, string?> variable)
    {
        var isLocal = options.Endpoint is { IsAbsoluteUri: true, IsLoopback: true };
        options.AppKey = First(appKey, variable("NLS_APP_KEY"), isLocal ? Anything : null)
            ?? throw new ArgumentException($"There is no app key. Set NLS_APP_KEY or --app-key to that of your project in the vendor's console, {Advice}.");
        options.Credential = Token(token, variable)
            ?? (isLocal && tokenEndpoint is null ? SpeechCredential.FromToken(Anything) : AccessKey(tokenEndpoint, variable))
            ?? throw new ArgumentException($"There is no credential. Set ALIYUN_AK_ID and ALIYUN_AK_SECRET, or NLS_TOKEN, or --token, {Advice}.");
    }

    private static SpeechCredential? Token(string? token, Func<string, string?> variable) =>
        First(token, variable("NLS_TOKEN")) is { } given ? SpeechCredential.FromToken(given) : null;

    private static SpeechCredential? AccessKey(Uri? tokenEndpoint, Func<string, string?> variable)
    {
        var (id, secret) = (First(variable("ALIYUN_AK_ID")), First(variable("ALIYUN_AK_SECRET")));
        return id is not null && secret is not null ? SpeechCredential.FromAccessKey(id, secret, tokenEndpoint: tokenEndpoint) : null;
    }

    private static string? First(params ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                return value;
            }
        }

        return null;
    }
}

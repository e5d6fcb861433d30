namespace SpeechStream.Cli;

/// <summary>The keys of an account, from the command line or else from the environment. They decide the service.</summary>
internal sealed record Account
{
    // A gateway on this machine takes anything that isn't empty.
    private const string Anything = "local";

    private const string NoKey = "none was given, and a gateway on this machine needs none";

    // Where the services listen, on their own hosts and on a gateway.
    private const string NlsPath = "/ws/v1";
    private const string DashScopePath = "/api-ws/v1/inference";

    /// <summary>The service that was asked for; null when the keys decide.</summary>
    public SpeechService? Service { get; init; }

    public string? AppKey { get; init; }

    public string? Token { get; init; }

    public string? ApiKey { get; init; }

    public Uri? TokenEndpoint { get; init; }

    /// <summary>What the command offers to who has no account; null for nothing.</summary>
    public string? Instead { get; init; } = "or do without an account: add --local";

    /// <summary>Value of an environment variable; null when it isn't set.</summary>
    public required Func<string, string?> Variable { get; init; }

    private string Advice => Instead is null ? "" : $", {Instead}";

    private string? GivenAppKey => First(AppKey, Variable("NLS_APP_KEY"));

    private string? GivenApiKey => First(ApiKey, Variable("DASHSCOPE_API_KEY"));

    /// <summary>The service at an address.</summary>
    /// <param name="endpoint">The address; null when none was given.</param>
    public SpeechService ServiceAt(Uri? endpoint)
    {
        // A key on the command line counts more than one in the environment, which may have those of both services.
        return Service ?? endpoint?.AbsolutePath.TrimEnd('/') switch
        {
            DashScopePath => SpeechService.DashScope,
            NlsPath => SpeechService.Nls,
            _ when ApiKey is not null || (GivenApiKey is not null && First(AppKey, Token, Variable("NLS_APP_KEY")) is null) => SpeechService.DashScope,
            _ => SpeechService.Nls,
        };
    }

    /// <summary>What is said where an app key is needed, and none was given; null otherwise.</summary>
    /// <param name="endpoint">The address of the service; null when none was given.</param>
    public string? AppKeyProblem(Uri? endpoint) => ServiceAt(endpoint) == SpeechService.DashScope || GivenAppKey is not null || IsHere(endpoint) ? null
        : $"There is no app key. Set NLS_APP_KEY or --app-key to that of your project in the vendor's console, or DASHSCOPE_API_KEY for DashScope{Advice}.";

    /// <summary>Where the token or key comes from.</summary>
    public string KeySource(SpeechService service) => service == SpeechService.DashScope
        ? ApiKey is not null ? "--api-key" : GivenApiKey is not null ? "DASHSCOPE_API_KEY" : NoKey
        : Token is not null ? "--token" : First(Variable("NLS_TOKEN")) is not null ? "NLS_TOKEN" : AccessKey() is not null ? "ALIYUN_AK_ID" : NoKey;

    /// <summary>For a gateway of this process, which needs none.</summary>
    public Account WithoutKeys() => this with { AppKey = null, Token = null, ApiKey = null, Variable = _ => null };

    /// <exception cref="ArgumentException">A key is missing; the message says where it is looked for.</exception>
    public void Fill(SpeechStreamClientOptions options, Uri? endpoint)
    {
        var service = ServiceAt(endpoint);
        if (service == SpeechService.Nls ? ApiKey is not null : (AppKey ?? Token) is not null)
        {
            throw new ArgumentException(service == SpeechService.Nls
                ? "--api-key is a key of DashScope, and --endpoint or --service says NLS. Leave one of them out."
                : "--app-key and --token are of NLS, and --endpoint, --service or --api-key says DashScope. Leave one of them out.");
        }

        var anything = IsHere(endpoint) ? Anything : null;
        if (service == SpeechService.DashScope)
        {
            options.Credential = SpeechCredential.FromApiKey(GivenApiKey ?? anything
                ?? throw new ArgumentException($"There is no API key. Set DASHSCOPE_API_KEY or --api-key to yours from the vendor's console{Advice}."));
        }
        else
        {
            options.AppKey = First(GivenAppKey, anything) ?? throw new ArgumentException(AppKeyProblem(endpoint));
            options.Credential = GivenToken()
                ?? (anything is not null && TokenEndpoint is null ? SpeechCredential.FromToken(anything) : AccessKey())
                ?? throw new ArgumentException($"There is no credential. Set ALIYUN_AK_ID and ALIYUN_AK_SECRET, or NLS_TOKEN, or --token{Advice}.");
        }

        if (endpoint is not null)
        {
            options.Endpoint = endpoint;
        }
    }

    /// <summary>Gets tokens of NLS with the access key of the environment.</summary>
    /// <exception cref="ArgumentException">There is none; the message says where it is looked for.</exception>
    public SpeechCredential TokenSource() =>
        AccessKey() ?? throw new ArgumentException("There is no access key. Set ALIYUN_AK_ID and ALIYUN_AK_SECRET to those from the vendor's console.");

    private static bool IsHere(Uri? endpoint) => endpoint is { IsAbsoluteUri: true, IsLoopback: true };

    private SpeechCredential? GivenToken() => First(Token, Variable("NLS_TOKEN")) is { } given ? SpeechCredential.FromToken(given) : null;

    private SpeechCredential? AccessKey()
    {
        var (id, secret) = (First(Variable("ALIYUN_AK_ID")), First(Variable("ALIYUN_AK_SECRET")));
        return id is not null && secret is not null ? SpeechCredential.FromAccessKey(id, secret, tokenEndpoint: TokenEndpoint) : null;
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

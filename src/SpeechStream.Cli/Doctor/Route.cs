namespace SpeechStream.Cli.Doctor;

/// <summary>Which host is connected to: the service's, or that of a proxy that the environment names for it.</summary>
/// <param name="endpoint">Address of the service.</param>
/// <param name="variable">Value of an environment variable.</param>
internal sealed class Route(Uri endpoint, Func<string, string?> variable)
{
    private static readonly string[] ForSecure = ["https_proxy", "HTTPS_PROXY"];
    private static readonly string[] ForPlain = ["http_proxy", "HTTP_PROXY"];
    private static readonly string[] ForAll = ["all_proxy", "ALL_PROXY"];

    /// <summary>Null when it is connected to directly.</summary>
    public Uri? Proxy { get; } = Find(Page(endpoint));

    /// <summary>The host that is connected to.</summary>
    public Uri Next => Proxy ?? Page(endpoint);

    public string Service { get; } = $"{endpoint.Host}:{endpoint.Port}";

    /// <summary>The proxy without its user and password, and where it is set.</summary>
    public string ProxyName => $"the proxy {Proxy!.Host}:{Proxy.Port}{(Variable is { } name ? $" ({name})" : "")}";

    /// <summary>The variable that has set the proxy, or may be meant to; null when none is set.</summary>
    public string? Variable => (Page(endpoint).Scheme == "https" ? ForSecure : ForPlain).Concat(ForAll).Concat(ForSecure).Concat(ForPlain).FirstOrDefault(name => variable(name) is { Length: > 0 });

    /// <summary>The address as that of a web page, without what may be secret in it.</summary>
    public static Uri Page(Uri endpoint) => new UriBuilder(endpoint.Scheme is "wss" or "https" ? "https" : "http", endpoint.Host, endpoint.Port, endpoint.AbsolutePath).Uri;

    // As the library chooses it: loopback is never reached through a proxy.
    private static Uri? Find(Uri page) => page.IsLoopback || HttpClient.DefaultProxy.IsBypassed(page) ? null : HttpClient.DefaultProxy.GetProxy(page);
}

using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>A gateway under a name that only a proxy knows, with a certificate of the company's authority, which the command trusts.</summary>
internal sealed class CompanyNetwork : IAsyncDisposable
{
    /// <summary>The name of the service there.</summary>
    public const string Host = "speech.invalid";

    private readonly LocalGateway _gateway;
    private readonly LocalServer _proxy;
    private readonly Recording _authority;

    private CompanyNetwork(LocalGateway gateway, Recording authority)
    {
        _gateway = gateway;
        _authority = authority;
        _proxy = new LocalServer(_ => "HTTP/1.1 200 Connection established\r\n\r\n") { TunnelTo = gateway.Endpoint.Port };
    }

    /// <summary>Whether this machine is told to trust the authority.</summary>
    public bool IsTrusted { get; set; } = true;

    /// <summary>User and password of the proxy's address, with an @ behind them.</summary>
    public string User { get; set; } = "";

    public static async Task<CompanyNetwork> StartAsync(LocalGatewayOptions options)
    {
        using var authority = TestCertificate.Authority();
        options.Certificate = TestCertificate.For(Host, authority);
        return new(await LocalGateway.StartAsync(options), Recording.Of(System.Text.Encoding.ASCII.GetBytes(authority.ExportCertificatePem()), ".pem"));
    }

    /// <summary>Runs the command there, for NLS unless the arguments say otherwise.</summary>
    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var path = args.Contains("dashscope") ? "api-ws/v1/inference" : "ws/v1";
        var variables = new Dictionary<string, string> { ["HTTPS_PROXY"] = $"http://{User}127.0.0.1:{_proxy.Port}" };
        if (IsTrusted)
        {
            variables["SSL_CERT_FILE"] = _authority.Path;
        }

        return ToolProcess.RunAsync(variables, [.. args, "--endpoint", $"wss://{Host}/{path}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _gateway.DisposeAsync();
        _authority.Dispose();
    }
}

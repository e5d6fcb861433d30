namespace SpeechStream.Cli.Tests;

/// <summary>In a company, where a proxy is the only way out and decrypts TLS.</summary>
public sealed class DoctorProxyTests
{
    private const string Endpoint = $"wss://{CompanyNetwork.Host}/ws/v1";

    [Fact]
    public async Task A_proxy_that_asks_for_a_login()
    {
        await using var proxy = new LocalServer(_ => LocalServer.Answer(407, "", "Proxy-Authenticate: Basic realm=\"company\"\r\n"));

        (await ProxyFailureAsync($"http://127.0.0.1:{proxy.Port}")).Should().Contain("asks for a login").And.Contain($"http://user:password@127.0.0.1:{proxy.Port}");
        (await ProxyFailureAsync($"http://me:{Doctor.Secret}@127.0.0.1:{proxy.Port}")).Should().Contain("refused the user and password");
    }

    [Theory]
    [InlineData(403, "forbids speech.invalid:443 (HTTP 403)")]
    [InlineData(502, "can't reach speech.invalid:443 (HTTP 502)")]
    public async Task A_proxy_that_does_not_let_through(int status, string expected)
    {
        await using var proxy = new LocalServer(_ => LocalServer.Answer(status));

        (await ProxyFailureAsync($"http://127.0.0.1:{proxy.Port}")).Should().Contain(expected);
    }

    [Fact]
    public async Task A_proxy_that_is_silent()
    {
        await using var proxy = new LocalServer(_ => null);

        (await ProxyFailureAsync($"http://127.0.0.1:{proxy.Port}")).Should().Contain("didn't make a way to speech.invalid:443");
    }

    [Fact]
    public async Task A_proxy_that_is_not_there()
    {
        (await ProxyFailureAsync("http://127.0.0.1:1")).Should().Contain("(HTTPS_PROXY) can't be reached");
        (await ProxyFailureAsync("http://proxy.invalid:3128")).Should().Contain("DNS doesn't know the name of the proxy proxy.invalid:3128 (HTTPS_PROXY)");
    }

    [Fact]
    public async Task A_proxy_that_decrypts_TLS_and_whose_authority_is_trusted_lets_all_through()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "SSL_CERT_FILE is read on Linux.");
        await using var company = await CompanyNetwork.StartAsync(new());
        company.User = $"me:{Doctor.Secret}@";
        company.IsTrusted = false;

        var (exitCode, output, _) = await company.RunAsync("doctor", "--app-key", "k", "--token", Doctor.Secret);
        exitCode.Should().Be(13, output);
        output.Should().Contain("doesn't trust its authority, Company Authority").And.Contain("SSL_CERT_FILE").And.NotContain(Doctor.Secret);

        company.IsTrusted = true;
        (exitCode, output, _) = await company.RunAsync("doctor", "--app-key", "k", "--token", Doctor.Secret);
        exitCode.Should().Be(0, output);
        output.Should().Contain("lets through to speech.invalid:443").And.Contain("certificate for speech.invalid from Company Authority").And.Contain("All is well.").And.NotContain(Doctor.Secret);
    }

    [Fact]
    public async Task A_proxy_that_is_excluded_is_told()
    {
        var (exitCode, output, _) = await RunAsync(new Dictionary<string, string> { ["HTTPS_PROXY"] = "http://127.0.0.1:1", ["NO_PROXY"] = CompanyNetwork.Host });

        exitCode.Should().Be(10);
        output.Should().Contain($"DNS doesn't know the name of {CompanyNetwork.Host}");
    }

    private static async Task<string> ProxyFailureAsync(string proxy)
    {
        var (exitCode, output, _) = await RunAsync(new Dictionary<string, string> { ["HTTPS_PROXY"] = proxy });
        exitCode.Should().Be(12, output);
        return output.Split('\n').Single(line => line.StartsWith('✗'));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(Dictionary<string, string> variables)
    {
        var result = await ToolProcess.RunAsync(variables, "doctor", "--endpoint", Endpoint, "--app-key", "k", "--token", Doctor.Secret);
        result.Output.Should().NotContain(Doctor.Secret);
        result.Error.Should().BeEmpty();
        return result;
    }
}

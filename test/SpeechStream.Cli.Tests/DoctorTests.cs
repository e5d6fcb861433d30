using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Each failure of the network, the keys and the account is told by its own step, in words that say what to do.</summary>
public sealed class DoctorTests
{
    [Theory]
    [InlineData("/ws/v1", "token", "app key")]
    [InlineData("/api-ws/v1/inference", "key", "model")]
    public async Task A_healthy_service_has_a_tick_at_each_step(string path, string key, string appKey)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);

        var report = await Doctor.JsonAsync(0, recording.Path, "--endpoint", new Uri(gateway.Endpoint, path).ToString());

        Doctor.Results(report).Should().Equal(
            "dns passed", "tcp passed", "proxy skipped", "tls skipped", "clock passed", $"{key} passed", "service passed", $"{appKey} passed", "audio passed", "file passed");
        report["firstFailure"].Should().BeNull();
        ((string)report["steps"]![9]!["text"]!).Should().Contain("00:01 of audio").And.Contain(recording.Sentences.Single());
    }

    [Fact]
    public async Task A_name_that_DNS_does_not_know()
    {
        (await Doctor.FailureAsync(10, "--endpoint", "wss://nowhere.invalid/ws/v1", "--app-key", "k", "--token", Doctor.Secret))
            .Should().Contain("nowhere.invalid").And.Contain("--endpoint").And.Contain("HTTPS_PROXY");
    }

    [Fact]
    public async Task A_port_where_nothing_listens()
    {
        (await Doctor.FailureAsync(11, "--endpoint", $"ws://127.0.0.1:{UnusedPort()}/ws/v1")).Should().Contain("refused the connection").And.Contain("check the port");
    }

    [Theory]
    [InlineData(-7200, "2 hours ahead of")]
    [InlineData(300, "5 minutes behind")]
    [InlineData(-864_000, "10 days ahead of")]
    public async Task A_clock_that_is_wrong(int seconds, string expected)
    {
        await using var server = new LocalServer(_ => LocalServer.Answer(503, "", $"Date: {DateTimeOffset.UtcNow.AddSeconds(seconds).ToString("R", CultureInfo.InvariantCulture)}\r\n"));

        (await Doctor.FailureAsync(14, "--endpoint", $"ws://127.0.0.1:{server.Port}/ws/v1")).Should().Contain($"clock is {expected}");
    }

    [Theory]
    [InlineData("/ws/v1", "refused the token with HTTP 403", "--app-key", "k", "--token", Doctor.Secret)]
    [InlineData("/api-ws/v1/inference", "refused the API key with HTTP 401", "--api-key", Doctor.Secret)]
    public async Task A_token_or_key_that_is_refused(string path, string expected, params string[] keys)
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = new Dictionary<string, DateTimeOffset>(), ApiKeys = new HashSet<string>() });

        (await Doctor.FailureAsync(15, ["--endpoint", new Uri(gateway.Endpoint, path).ToString(), .. keys])).Should().Contain(expected);
    }

    [Fact]
    public async Task A_token_that_has_expired()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = new Dictionary<string, DateTimeOffset> { [Doctor.Secret] = DateTimeOffset.UtcNow.AddDays(-1) } });

        (await Doctor.FailureAsync(15, "--endpoint", gateway.Endpoint.ToString(), "--token", Doctor.Secret)).Should().Contain("The token '***' has expired!");
    }

    [Theory]
    [InlineData("SignatureDoesNotMatch", "Check the access key's secret")]
    [InlineData("InvalidTimeStamp.Expired", "Set this machine's clock right")]
    [InlineData("InvalidAccessKeyId.NotFound", "Check the access key's id and secret")]
    public async Task An_access_key_that_is_refused(string code, string expected)
    {
        await using var gateway = await LocalGateway.StartAsync();
        await using var tokens = new LocalServer(_ => LocalServer.Answer(400, $$"""{"Code":"{{code}}","Message":"no"}"""));

        (await Doctor.FailureAsync(WithAccessKey(), 15, "--endpoint", gateway.Endpoint.ToString(), "--token-endpoint", $"http://127.0.0.1:{tokens.Port}/"))
            .Should().Contain(expected);
    }

    [Fact]
    public async Task A_token_service_that_cannot_be_reached()
    {
        await using var gateway = await LocalGateway.StartAsync();

        (await Doctor.FailureAsync(WithAccessKey(), 15, "--endpoint", gateway.Endpoint.ToString(), "--token-endpoint", $"http://127.0.0.1:{UnusedPort()}/"))
            .Should().Contain("token service").And.Contain("nothing listens there");
    }

    [Fact]
    public async Task A_token_says_where_it_is_from_and_when_it_expires()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine { Variables = { ["ALIYUN_AK_ID"] = "local-access-key-id", ["ALIYUN_AK_SECRET"] = "local-access-key-secret" } };

        (await command.RunAsync("doctor", "--endpoint", gateway.Endpoint.ToString(), "--token-endpoint", gateway.TokenEndpoint.ToString())).Should().Be(0);

        command.OutputLines.Should().Contain(line => line.StartsWith("✓ token    ALIYUN_AK_ID:", StringComparison.Ordinal) && line.Contains("expires on 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, "busy", "HTTP 503: busy")]
    [InlineData(404, "not here", "HTTP 404: not here")]
    [InlineData(302, "", "(HTTP 302), which isn't followed: it would carry the token elsewhere. Set --endpoint to the address itself.")]
    public async Task What_listens_is_not_the_service(int status, string body, string expected)
    {
        await using var gateway = await ScriptAsync($$$"""{"refuse":{"status":{{{status}}},"body":"{{{body}}}"}}""");

        (await Doctor.FailureAsync(16, "--endpoint", gateway.Endpoint.ToString())).Should().Contain(expected);
    }

    [Fact]
    public async Task A_web_page_in_place_of_the_service()
    {
        await using var server = new LocalServer(_ => LocalServer.Answer(200, "<html>Welcome to the hotel</html>"));

        (await Doctor.FailureAsync(16, "--endpoint", $"ws://127.0.0.1:{server.Port}/ws/v1")).Should().Contain("HTTP 200").And.Contain("hotel");
    }

    [Theory]
    [InlineData(40000001, 15, "token")]
    [InlineData(40000003, 17, "--app-key")]
    [InlineData(40020105, 17, "Check --app-key")]
    [InlineData(40020106, 17, "account")]
    [InlineData(41000002, 17, "Check --app-key")]
    [InlineData(41000003, 17, "account")]
    [InlineData(40000010, 18, "free trial")]
    [InlineData(40000005, 18, "2 sessions at once")]
    [InlineData(43040001, 18, "2 sessions at once")]
    [InlineData(41050008, 19, "--sample-rate")]
    [InlineData(50000000, 16, "50000000")]
    public async Task A_task_of_NLS_that_does_not_start(int status, int exitCode, string expected)
    {
        await using var gateway = await ScriptAsync($$"""{"started":false,"steps":[{"wait":"start"},{"fail":{{status}},"text":"{{Doctor.Secret}}"}]}""");

        (await Doctor.FailureAsync(exitCode, "--endpoint", gateway.Endpoint.ToString(), "--token", Doctor.Secret)).Should().Contain(expected);
    }

    [Theory]
    [InlineData("InvalidApiKey", 15, "key")]
    [InlineData("AccessDenied", 17, "model")]
    [InlineData("ModelNotFound", 17, "--model")]
    [InlineData("InvalidParameter", 17, "--model")]
    [InlineData("Arrearage", 18, "console")]
    [InlineData("AllocationQuota.FreeTierOnly", 18, "console")]
    [InlineData("Throttling.RateQuota", 18, "Throttling.RateQuota")]
    [InlineData("UNSUPPORTED_FORMAT", 19, "UNSUPPORTED_FORMAT")]
    [InlineData("ModelUnavailable", 16, "ModelUnavailable")]
    public async Task A_task_of_DashScope_that_does_not_start(string code, int exitCode, string expected)
    {
        await using var gateway = await ScriptAsync($$"""{"started":false,"steps":[{"wait":"start"},{"fail":"{{code}}","text":"{{Doctor.Secret}}"}]}""");

        (await Doctor.FailureAsync(exitCode, "--endpoint", gateway.DashScopeEndpoint.ToString(), "--api-key", Doctor.Secret)).Should().Contain(expected);
    }

    [Fact]
    public async Task Audio_that_is_refused()
    {
        await using var gateway = await ScriptAsync("""{"steps":[{"wait":"audio","ms":500},{"fail":40270003,"text":"DECODE_ERROR"}]}""");

        (await Doctor.FailureAsync(19, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("40270003");
    }

    [Theory]
    [InlineData("no-such-file.wav", null, "Could not find")]
    [InlineData(null, "Dear Sir or Madam", "text")]
    [InlineData(null, "", "empty")]
    public async Task A_file_that_is_no_recording(string? name, string? content, string expected)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var file = Recording.Of(System.Text.Encoding.UTF8.GetBytes(content ?? ""), ".wav");

        (await Doctor.FailureAsync(20, name ?? file.Path, "--endpoint", gateway.Endpoint.ToString())).Should().Contain(expected);
    }

    [Fact]
    public async Task A_file_of_zeros()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var file = Recording.Of(new byte[64_000], ".pcm");

        (await Doctor.FailureAsync(20, file.Path, "--endpoint", gateway.Endpoint.ToString())).Should().Contain("all zeros");
    }

    [Fact]
    public async Task A_file_that_is_cut_off()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var whole = Recording.Wave(10);
        using var file = Recording.Of(whole.Content[..64_044], ".wav");
        var command = new CommandLine();

        (await command.RunAsync("doctor", file.Path, "--endpoint", gateway.Endpoint.ToString())).Should().Be(0);

        command.Output.ReplaceLineEndings(" ").Should().Contain("it is cut off: 00:02.0 of it are there, and its header promises 00:08.0 more");
    }

    [Fact]
    public async Task A_file_is_looked_at_without_a_network_too()
    {
        using var recording = Recording.Wave(1);

        var report = await Doctor.JsonAsync(11, recording.Path, "--endpoint", $"ws://127.0.0.1:{UnusedPort()}/ws/v1");

        Doctor.Results(report).Should().Equal("dns passed", "tcp failed", "file passed");
        ((string)report["firstFailure"]!).Should().Be("tcp");
        ((int)report["exitCode"]!).Should().Be(11);
    }

    [Fact]
    public async Task Without_keys_the_network_is_looked_at_and_then_told_where_they_are_set()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(), "SSL_CERT_FILE is read on Linux.");
        await using var company = await CompanyNetwork.StartAsync(new());

        var (exitCode, output, _) = await company.RunAsync("doctor");
        exitCode.Should().Be(15);
        output.Should().Contain("✓ clock").And.Contain("✗ token    There is no credential. Set ALIYUN_AK_ID and ALIYUN_AK_SECRET");

        (exitCode, output, _) = await company.RunAsync("doctor", "--token", Doctor.Secret);
        exitCode.Should().Be(17);
        output.Should().Contain("✓ token    --token: the service takes the token").And.Contain("✗ app key  There is no app key. Set NLS_APP_KEY").And.NotContain(Doctor.Secret);

        (exitCode, output, _) = await company.RunAsync("doctor", "--service", "dashscope");
        exitCode.Should().Be(15);
        output.Should().Contain("✗ key      There is no API key. Set DASHSCOPE_API_KEY");
    }

    [Fact]
    public async Task Lines_are_broken_at_the_width_of_the_terminal()
    {
        await using var gateway = await ScriptAsync("""{"steps":[{"wait":"audio","ms":100},{"fail":40270003,"text":"格式错误：音频与声明的格式不一致，请检查采样率"}]}""");
        var command = new CommandLine { TerminalWidth = 40 };

        await command.RunAsync("doctor", "--endpoint", gateway.Endpoint.ToString());

        command.OutputLines.Should().OnlyContain(line => line.Sum(Output.Cells.Of) < 40);
        string.Concat(command.OutputLines.Select(line => line.Trim())).Should().Contain("请检查采样率");
    }

    [Fact]
    public async Task A_query_and_a_user_in_the_address_are_not_printed()
    {
        await Doctor.FailureAsync(11, "--endpoint", $"ws://{Doctor.Secret}:{Doctor.Secret}@127.0.0.1:{UnusedPort()}/ws/v1?mc={Doctor.Secret}");
    }

    private static CommandLine WithAccessKey() => new() { Variables = { ["ALIYUN_AK_ID"] = "id", ["ALIYUN_AK_SECRET"] = Doctor.Secret } };

    internal static Task<LocalGateway> ScriptAsync(string connection) => LocalGateway.StartAsync(new() { Recognizer = Recognizer.Script($$"""{"connections":[{{connection}}]}""") });

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>The keys decide the service, unless the address or --service does.</summary>
public sealed class ServiceTests
{
    private static readonly Uri Unknown = new("wss://proxy.example/speech");

    [Theory]
    [InlineData(SpeechService.Nls, null, null, null)]
    [InlineData(SpeechService.DashScope, "--api-key", null, null)]
    [InlineData(SpeechService.DashScope, "DASHSCOPE_API_KEY", null, null)]
    [InlineData(SpeechService.Nls, "--app-key", "DASHSCOPE_API_KEY", null)]
    [InlineData(SpeechService.Nls, "NLS_APP_KEY", "DASHSCOPE_API_KEY", null)]
    [InlineData(SpeechService.DashScope, "NLS_APP_KEY", "--api-key", null)]
    [InlineData(SpeechService.DashScope, "NLS_APP_KEY", null, "wss://dashscope.aliyuncs.com/api-ws/v1/inference")]
    [InlineData(SpeechService.DashScope, null, null, "ws://127.0.0.1:1/api-ws/v1/inference/")]
    [InlineData(SpeechService.Nls, "DASHSCOPE_API_KEY", null, "ws://127.0.0.1:1/ws/v1")]
    public void Address_and_keys_decide_the_service(SpeechService expected, string? key, string? other, string? endpoint)
    {
        string?[] set = [key, other];
        var account = new Account
        {
            ApiKey = set.Contains("--api-key") ? "k" : null,
            AppKey = set.Contains("--app-key") ? "k" : null,
            Variable = name => set.Contains(name) ? "k" : null,
        };

        account.ServiceAt(endpoint is null ? null : new Uri(endpoint)).Should().Be(expected);
        account.ServiceAt(endpoint is null ? Unknown : new Uri(endpoint)).Should().Be(expected, "an address that tells nothing changes nothing");
        (account with { Service = SpeechService.DashScope }).ServiceAt(Unknown).Should().Be(SpeechService.DashScope);
    }

    [Fact]
    public async Task A_gateway_is_told_to_speak_DashScope_by_its_address()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(4.5);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", gateway.DashScopeEndpoint.ToString(), "--speed", "max")).Should().Be(0);

        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
    }

    [Fact]
    public async Task What_was_charged_for_is_in_the_summary()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(4.5);
        var command = new CommandLine();

        await command.RunAsync("transcribe", recording.Path, "--endpoint", gateway.DashScopeEndpoint.ToString(), "--speed", "max", "--format", "jsonl");

        command.OutputLines[^1].Should().Contain("\"billedAudio\":5000");
    }

    [Fact]
    public async Task Without_a_key_of_DashScope_it_says_where_it_is_looked_for()
    {
        var command = new CommandLine();

        (await command.RunAsync("transcribe", "x.wav", "--service", "dashscope")).Should().NotBe(0);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("DASHSCOPE_API_KEY").And.Contain("--api-key");
    }

    [Fact]
    public async Task A_model_that_the_service_lacks_is_told_with_its_code()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", gateway.DashScopeEndpoint.ToString(), "--model", "no-such-model")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("ModelNotFound").And.Contain("--model");
    }

    [Theory]
    [InlineData("--api-key", "--endpoint", "ws://127.0.0.1:1/ws/v1", "--api-key", "secret-key")]
    [InlineData("--token", "--endpoint", "ws://127.0.0.1:1/api-ws/v1/inference", "--token", "secret-key")]
    [InlineData("--app-key", "--app-key", "secret-key", "--api-key", "secret-key")]
    public async Task A_key_of_the_other_service_is_not_ignored(string named, params string[] options)
    {
        var command = new CommandLine();

        (await command.RunAsync(["transcribe", "x.wav", .. options])).Should().NotBe(0);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain(named).And.Contain("Leave one of them out").And.NotContain("secret-key");
    }

    [Theory]
    [InlineData("--endpoint", "Singapore", "--api-key", "secret-key")]
    [InlineData("--endpoint", "ModelStudioSingapore", "--token", "secret-key", "--service", "nls", "--app-key", "k")]
    public async Task A_key_at_the_other_services_address_is_told_in_the_tools_words(params string[] options)
    {
        var command = new CommandLine();

        (await command.RunAsync(["transcribe", "x.wav", .. options])).Should().NotBe(0);

        command.ErrorLines.Should().ContainSingle().Which.Should().NotContain("secret-key").And.NotContain("SpeechCredential").And.NotContain("Credential");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class KeyTests : ServedTests
{
    private const string Secret = "a-secret-value";

    private protected override LocalGatewayOptions Settings => new()
    {
        AccessKeys = new Dictionary<string, string> { ["id"] = Secret },
        Tokens = new Dictionary<string, DateTimeOffset>(),
        ApiKeys = new HashSet<string> { Secret },
    };

    [Fact]
    public async Task A_token_is_alone_on_standard_output_and_transcribes()
    {
        var command = WithAccessKey(Secret);

        (await command.RunAsync("token", "--token-endpoint", Gateway.TokenEndpoint.ToString())).Should().Be(0);

        command.ErrorLines.Should().BeEmpty();
        var token = command.OutputLines.Should().ContainSingle().Which;
        await TranscribesAsync("--endpoint", Gateway.Endpoint.ToString(), "--token", token);
    }

    [Fact]
    public async Task A_key_is_alone_on_standard_output_and_transcribes()
    {
        var command = new CommandLine { Variables = { ["DASHSCOPE_API_KEY"] = Secret } };

        (await command.RunAsync("key", "--endpoint", Gateway.DashScopeEndpoint.ToString())).Should().Be(0);

        command.ErrorLines.Should().BeEmpty();
        var key = command.OutputLines.Should().ContainSingle().Which;
        await TranscribesAsync("--endpoint", Gateway.DashScopeEndpoint.ToString(), "--api-key", key);
    }

    [Fact]
    public async Task On_a_terminal_the_expiry_is_told_beside_it()
    {
        var command = WithAccessKey(Secret, terminalWidth: 80);

        await command.RunAsync("token", "--token-endpoint", Gateway.TokenEndpoint.ToString());

        command.OutputLines.Should().ContainSingle();
        command.ErrorLines.Should().ContainSingle().Which.Should().MatchRegex(@"until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$").And.NotContain(command.OutputLines[0]);
    }

    [Fact]
    public async Task Json_has_the_token_and_its_expiry()
    {
        var command = WithAccessKey(Secret);

        await command.RunAsync("token", "--json", "--token-endpoint", Gateway.TokenEndpoint.ToString());

        var printed = JsonNode.Parse(command.Output)!;
        ((string)printed["token"]!).Should().NotBeEmpty();
        ExpiryOf(printed).Should().BeCloseTo(DateTimeOffset.UtcNow.AddHours(24), TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_key_lives_as_long_as_is_asked_for()
    {
        var command = new CommandLine { Variables = { ["DASHSCOPE_API_KEY"] = Secret } };

        await command.RunAsync("key", "--json", "--expires-in", "1800", "--endpoint", Gateway.DashScopeEndpoint.ToString());

        var printed = JsonNode.Parse(command.Output)!;
        ((string)printed["key"]!).Should().StartWith("st-");
        ExpiryOf(printed).Should().BeCloseTo(DateTimeOffset.UtcNow.AddMinutes(30), TimeSpan.FromMinutes(5));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1801")]
    [InlineData("a day")]
    public async Task A_life_that_the_service_does_not_give_is_misuse(string seconds)
    {
        var command = new CommandLine { Variables = { ["DASHSCOPE_API_KEY"] = Secret } };

        (await command.RunAsync("key", "--expires-in", seconds)).Should().Be(2);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain($"--expires-in is {seconds}. Allowed: 1 to 1800.");
    }

    [Fact]
    public async Task A_wrong_secret_is_told_without_it()
    {
        var command = WithAccessKey("another-secret-value");

        (await command.RunAsync("token", "--token-endpoint", Gateway.TokenEndpoint.ToString())).Should().Be(1);

        command.Output.Should().BeEmpty();
        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("Check the access key's secret.").And.NotContain("another-secret-value");
    }

    [Fact]
    public async Task A_wrong_key_is_told_without_it()
    {
        var command = new CommandLine();

        (await command.RunAsync("key", "--api-key", "another-secret-value", "--endpoint", Gateway.DashScopeEndpoint.ToString())).Should().Be(1);

        command.Output.Should().BeEmpty();
        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("refused the API key with HTTP 401").And.NotContain("another-secret-value");
    }

    [Theory]
    [InlineData("ALIYUN_AK_ID", "token")]
    [InlineData("DASHSCOPE_API_KEY", "key")]
    public async Task Without_a_key_it_says_where_it_is_looked_for(string expected, string name)
    {
        var command = new CommandLine();

        (await command.RunAsync(name)).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain(expected).And.NotContain("--local");
    }

    [Theory]
    [InlineData("""{"token":5,"expires_at":1}""")]
    [InlineData("""{"token":"st-1","expires_at":"soon"}""")]
    [InlineData("""{"token":"st-1","expires_at":99999999999999999}""")]
    [InlineData("[]")]
    [InlineData("<html>Welcome</html>")]
    public async Task An_answer_without_a_key_says_so(string body)
    {
        await using var server = new LocalServer(_ => LocalServer.Answer(200, body));
        var command = new CommandLine();

        (await command.RunAsync("key", "--endpoint", $"ws://127.0.0.1:{server.Port}/api-ws/v1/inference")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("holds no temporary key");
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_told()
    {
        var command = new CommandLine();

        (await command.RunAsync("key", "--endpoint", "ws://127.0.0.1:1/api-ws/v1/inference")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("nothing listens there");
    }

    private static CommandLine WithAccessKey(string secret, int? terminalWidth = null) =>
        new() { Variables = { ["ALIYUN_AK_ID"] = "id", ["ALIYUN_AK_SECRET"] = secret }, TerminalWidth = terminalWidth };

    private static DateTimeOffset ExpiryOf(JsonNode printed) => DateTimeOffset.Parse((string)printed["expiresAt"]!, CultureInfo.InvariantCulture);

    private static async Task TranscribesAsync(params string[] options)
    {
        using var recording = Recording.Wave(1);
        var command = new CommandLine { Variables = { ["NLS_APP_KEY"] = "k" } };
        (await command.RunAsync(["transcribe", recording.Path, "--speed", "max", .. options])).Should().Be(0);
        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
    }
}

using System.Net.Sockets;
using System.Text.RegularExpressions;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Messages name what can be typed, and a slip of the keyboard transcribes nothing.</summary>
public sealed partial class MessageTests
{
    [Theory]
    [InlineData("--sped is no option of transcribe. Did you mean --speed?", "transcribe", "x.wav", "--sped", "2")]
    [InlineData("Did you mean --verbose?", "transcribe", "x.wav", "-v")]
    [InlineData("Did you mean --format?", "transcribe", "--formt=jsonl", "x.wav")]
    [InlineData("--color is no option of transcribe. There are --local,", "transcribe", "--color", "x.wav")]
    [InlineData("--recogniser is no option of gateway. Did you mean --recognizer?", "gateway", "--recogniser", "digest")]
    [InlineData("--fleet stands behind init, and not before it. See 'speechstream fleet init --help'.", "--fleet", "sqlite:a.db", "fleet", "init", "--quota", "2")]
    [InlineData("--speed stands behind transcribe, and not before it.", "--speed=2", "transcribe", "x.wav")]
    [InlineData("-j stands behind transcribe, and not before it.", "-j", "2", "transcribe", "x.wav")]
    [InlineData("'foo' is no command. There are transcribe,", "foo")]
    [InlineData("'submt' is no command. Did you mean submit?", "fleet", "submt", "x.wav")]
    [InlineData("'transcribr' is no command. Did you mean transcribe?", "transcribr", "x.wav")]
    [InlineData("'Singapor' is no address. Give one such as wss://host/ws/v1, or a name: Shanghai, Beijing,", "transcribe", "x.wav", "--endpoint", "Singapor")]
    [InlineData("--format is xml. Allowed: text, jsonl, srt, vtt or html.", "transcribe", "x.wav", "--format", "xml")]
    [InlineData("--sample-rate is 44100. Allowed: 8000 or 16000.", "transcribe", "x.wav", "--sample-rate", "44100")]
    public async Task A_slip_is_told_with_what_there_is(string expected, params string[] args)
    {
        (await ErrorOfAsync(exitCode: 2, args)).Should().Contain(expected);
    }

    [Fact]
    public void A_refused_connection_is_told_with_its_address_which_may_be_the_proxys()
    {
        var refused = new HttpRequestException("Connection refused (proxy.example:3128)", new SocketException((int)SocketError.ConnectionRefused));

        Problem.Describe(new SpeechConnectionException("No connection to speech.example.", refused))
            .Should().Be("No connection to speech.example. Connection refused (proxy.example:3128): nothing listens there.");
    }

    [Fact]
    public async Task A_recording_without_a_command_is_told_the_command()
    {
        using var recording = Recording.Wave(1);

        (await ErrorOfAsync(exitCode: 2, recording.Path)).Should().Contain($"Did you mean: speechstream transcribe {FileName.Quoted(recording.Path)}?");
    }

    [Theory]
    [InlineData("add --insecure", "--endpoint", "ws://host.invalid/ws/v1")]
    [InlineData("--token-endpoint is http", "--token-endpoint", "http://host.invalid/")]
    public async Task Options_of_the_tool_are_named(string expected, string option, string value)
    {
        var command = new CommandLine { Variables = { ["ALIYUN_AK_ID"] = "id", ["ALIYUN_AK_SECRET"] = "secret" } };

        (await ErrorOfAsync(command, 1, "transcribe", "x.wav", "--app-key", "k", option, value)).Should().Contain(expected);
    }

    [Theory]
    [InlineData(40000003, "Check --app-key, and the other options.")]
    [InlineData(40000009, "The audio isn't what its name says. Check its name,")]
    [InlineData(41010101, "Set --sample-rate to that of the audio")]
    [InlineData(41040202, "Leave --speed at 1.")]
    [InlineData(41010105, "the file's name and --sample-rate")]
    public async Task Advice_on_a_status_names_options_of_the_tool(int status, string expected)
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script($$"""{"connections":[{"steps":[{"wait":"start"},{"fail":{{status}},"text":"No."}]}]}"""),
        });
        using var recording = Recording.Wave(1);

        (await ErrorOfAsync(1, "transcribe", recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--speed", "max")).Should().Contain(expected);
    }

    [Theory]
    [InlineData("Auth")]
    [InlineData("Protocol")]
    [InlineData("Session")]
    [InlineData("Transport")]
    public void No_message_names_a_setting_that_only_programs_have(string folder)
    {
        var settings = new[] { typeof(SpeechStreamClientOptions), typeof(TranscriptionOptions) }.SelectMany(type => type.GetProperties()).Select(property => property.Name).ToHashSet();
        var messages = Directory.EnumerateFiles(Path.Combine(Repository.Source, "SpeechStream", folder), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)).SelectMany(line => Texts().Matches(line).Select(text => Values().Replace(text.Value, "")));

        // Only programs set the first, and the second is never full where events are read as they come.
        messages.Where(message => message.Contains(". ", StringComparison.Ordinal) && !message.Contains("ConnectPipeline", StringComparison.Ordinal) && !message.Contains("EventCapacity", StringComparison.Ordinal))
            .Select(Wording.ForTool).Where(message => Words().Matches(message).Any(word => settings.Contains(word.Value))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_plain_endpoint_is_taken_when_it_is_permitted()
    {
        var error = await ErrorOfAsync(1, "transcribe", "missing.wav", "--app-key", "k", "--token", "t", "--insecure", "--endpoint", "ShanghaiInternal");

        error.Should().Contain("missing.wav: Could not find file");
    }

    [Theory]
    [InlineData("Singapore")]
    [InlineData("singapore")]
    [InlineData("Nearest")]
    public async Task An_endpoint_may_be_named_as_in_configuration(string name)
    {
        (await ErrorOfAsync(1, "transcribe", "missing.wav", "--app-key", "k", "--token", "t", "--endpoint", name)).Should().Contain("Could not find file");
    }

    [Fact]
    public async Task A_refused_connection_is_told_at_once()
    {
        using var recording = Recording.Wave(1);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine();

        var running = command.RunAsync(interrupt.Token, "transcribe", recording.Path, "--endpoint", "ws://127.0.0.1:1/");
        SpinWait.SpinUntil(() => command.ErrorLines.Length > 0, TimeSpan.FromSeconds(15));
        await interrupt.CancelAsync();
        await running;

        command.ErrorLines[0].Should().StartWith("speechstream: no connection yet").And.Contain("nothing listens there");
    }

    [Fact]
    public async Task A_token_service_that_cannot_be_reached_is_told_by_its_option()
    {
        using var recording = Recording.Wave(1);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine { Variables = { ["ALIYUN_AK_ID"] = "id", ["ALIYUN_AK_SECRET"] = "secret" } };

        var running = command.RunAsync(
            interrupt.Token, "transcribe", recording.Path, "--endpoint", "ws://127.0.0.1:1/", "--token-endpoint", "http://127.0.0.1:1/");
        SpinWait.SpinUntil(() => command.ErrorLines.Length > 0, TimeSpan.FromSeconds(15));
        await interrupt.CancelAsync();
        await running;

        command.ErrorLines[0].Should().StartWith("speechstream: no connection yet").And.Contain("Check the network, --token-endpoint and the proxy.");
    }

    [Fact]
    public async Task A_name_that_DNS_does_not_know_is_told_at_once()
    {
        using var recording = Recording.Wave(1);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine();

        var running = command.RunAsync(interrupt.Token, "transcribe", recording.Path, "--app-key", "k", "--token", "a-long-token", "--endpoint", "wss://host.invalid/ws/v1");
        SpinWait.SpinUntil(() => command.ErrorLines.Length > 0, TimeSpan.FromSeconds(15));
        await interrupt.CancelAsync();
        await running;

        command.ErrorLines[0].Should().StartWith("speechstream: no connection yet").And.Contain("DNS");
    }

    private static Task<string> ErrorOfAsync(int exitCode, params string[] args) => ErrorOfAsync(new CommandLine(), exitCode, args);

    private static async Task<string> ErrorOfAsync(CommandLine command, int exitCode, params string[] args)
    {
        (await command.RunAsync(args)).Should().Be(exitCode);
        command.Output.Should().BeEmpty();
        return command.ErrorLines.Should().ContainSingle().Which;
    }

    [GeneratedRegex("\"[^\"]+\"")]
    private static partial Regex Texts();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Values();

    [GeneratedRegex(@"(?<![\w-])[A-Z]\w+")]
    private static partial Regex Words();
}

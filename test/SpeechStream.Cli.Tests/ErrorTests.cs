using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Each is one line that says what to do, and an exit code that isn't 0.</summary>
public sealed class ErrorTests
{
    private const string Secret = "a-secret-token";

    [Theory]
    [InlineData("--local", "transcribe", "x.wav")]
    [InlineData("ALIYUN_AK_ID", "transcribe", "x.wav", "--app-key", "k")]
    [InlineData("Could not find", "gateway", "--recognizer", "no-such-script.json")]
    [InlineData("--insecure", "transcribe", "x.wav", "--app-key", "k", "--token", Secret, "--endpoint", "ws://host.invalid/ws/v1")]
    [InlineData("--app-key has", "transcribe", "x.wav", "--app-key", "k\n", "--token", Secret, "--endpoint", "ws://127.0.0.1:1/")]
    public async Task A_command_that_cannot_run_says_why(string expected, params string[] args)
    {
        (await ErrorOfAsync(exitCode: 1, args)).Should().Contain(expected);
    }

    [Theory]
    [InlineData("INPUT", "transcribe")]
    [InlineData("Allowed: 0.1 and more, or max", "transcribe", "x", "--speed", "0")]
    [InlineData("Allowed: 0.1 and more, or max", "transcribe", "x", "--speed", "fast")]
    [InlineData("--speed is 1,5. Allowed: 0.1 and more, or max", "transcribe", "x", "--speed", "1,5")]
    [InlineData("--speed is 1,500. Allowed: 0.1 and more, or max", "transcribe", "x", "--speed", "1,500")]
    [InlineData("leave one of them out", "transcribe", "x", "--local", "--endpoint", "ws://localhost/")]
    [InlineData("no address", "transcribe", "x", "--endpoint", "somewhere")]
    [InlineData("leave one of them out", "transcribe", "x", "--local", "--endpoint", "somewhere")]
    [InlineData("44100", "transcribe", "x", "--sample-rate", "44100")]
    [InlineData("xml", "transcribe", "x", "--format", "xml")]
    [InlineData("--parallel is 0", "transcribe", "x", "--parallel", "0")]
    [InlineData("Allowed: 0 to 65535", "gateway", "--port", "65536")]
    [InlineData("Allowed: 0 to 65535", "gateway", "--port", "x")]
    [InlineData("--color", "gateway", "--color")]
    [InlineData("Allowed: 1 or more, mix or each", "transcribe", "x", "--channel", "left")]
    [InlineData("--output - takes one format", "transcribe", "x", "--output", "-", "--format", "srt", "--format", "vtt")]
    [InlineData("name - once", "transcribe", "-", "-", "--local")]
    public async Task A_wrong_command_line_says_what_is_wrong(string expected, params string[] args)
    {
        (await ErrorOfAsync(exitCode: 2, args)).Should().Contain(expected).And.MatchRegex("See 'speechstream ([a-z]+ )?--help'");
    }

    [Theory]
    [InlineData("fLaC\0\0\0\"", ".flac", "FLAC")]
    [InlineData("\0\0\0\u001cftypM4A \0\0\0\0", ".m4a", "MP4")]
    [InlineData("ID3\u0004\0\0\0\0\0\0", ".wav", "MP3")]
    [InlineData("", ".wav", "empty")]
    public async Task A_file_that_is_no_raw_audio_is_refused_before_connecting(string start, string extension, string expected)
    {
        await using var gateway = await LocalGateway.StartAsync();
        var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + extension);
        await File.WriteAllTextAsync(path, start);
        try
        {
            (await ErrorOfAsync(1, "transcribe", path, "--endpoint", gateway.Endpoint.ToString())).Should().Contain(expected);
            gateway.AcceptedConnections.Should().Be(0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_refusal_of_the_service_is_told_without_the_secret_that_it_quotes()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script($$"""{"connections":[{"steps":[{"wait":"start"},{"fail":40000010,"text":"Token {{Secret}}\nis spent"}]}]}"""),
        });
        using var recording = Recording.Raw(1);

        var error = await ErrorOfAsync(1, "transcribe", recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--app-key", "k", "--token", Secret);

        error.Should().Contain("40000010").And.Contain("Token *** is spent");
    }

    private static async Task<string> ErrorOfAsync(int exitCode, params string[] args)
    {
        var command = new CommandLine();
        (await command.RunAsync(args)).Should().Be(exitCode);
        command.Output.Should().BeEmpty();
        var line = command.ErrorLines.Should().ContainSingle().Which;
        line.Should().StartWith("speechstream: ").And.NotContain(Secret).And.NotContain("(Parameter");
        return line;
    }
}

using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary><c>--encode opus</c> sends less, and changes nothing else.</summary>
public sealed class EncodeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_sentences_come_and_the_bytes_of_the_wire_are_told(bool isDashScope)
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("one", "two", "three") });
        var endpoint = (isDashScope ? gateway.DashScopeEndpoint : gateway.Endpoint).ToString();
        using var recording = Recording.Wave(5);
        var (samples, opus) = (new CommandLine(), new CommandLine());

        (await samples.RunAsync("transcribe", recording.Path, "--endpoint", endpoint, "--speed", "max")).Should().Be(0);
        (await opus.RunAsync("transcribe", recording.Path, "--endpoint", endpoint, "--speed", "max", "--encode", "opus")).Should().Be(0);

        opus.Output.Should().Be(samples.Output);
        opus.ErrorLines.Should().ContainSingle(line => line.Contains("bytes of Opus in place of 160,000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_too_short_to_save_anything_has_no_percentage()
    {
        await using var gateway = await LocalGateway.StartAsync();
        var command = new CommandLine { Input = new byte[2] };

        (await command.RunAsync("transcribe", "-", "--raw", "--endpoint", gateway.Endpoint.ToString(), "--encode", "opus")).Should().Be(0);

        command.ErrorLines.Should().ContainSingle(line => line.EndsWith("bytes of Opus in place of 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_one_encoding()
    {
        var command = new CommandLine();

        (await command.RunAsync("transcribe", "x.wav", "--encode", "mp3")).Should().Be(2);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain("--encode is mp3. Allowed: opus.");
    }
}

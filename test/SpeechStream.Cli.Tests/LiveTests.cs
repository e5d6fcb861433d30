using System.IO.Pipelines;
using SpeechStream.Captions;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

/// <summary>Audio that comes while people speak.</summary>
public sealed class LiveTests : FolderTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Into_a_pipe_go_plain_finals_and_nothing_else(bool isWave)
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(3.5);
        var command = new CommandLine { Input = isWave ? recording.Content : recording.Samples };

        (await command.RunAsync(["live", "-", "--endpoint", $"{gateway.Endpoint}", .. isWave ? Array.Empty<string>() : ["--raw"]])).Should().Be(0);

        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
        command.Output.Should().NotContain("\e").And.NotContain("\r");
        command.ErrorLines.Should().Equal("speechstream: listening to standard input; Ctrl+C ends it");
    }

    [Fact]
    public async Task Raw_samples_without_a_word_about_it_are_refused_with_the_option_to_add()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Raw(3.5);
        var command = new CommandLine { Input = recording.Samples };

        (await command.RunAsync("live", "-", "--endpoint", $"{gateway.Endpoint}")).Should().Be(1);

        command.ErrorLines[^1].Should().Contain("raw 16-bit mono samples, add --raw").And.NotContain("TranscribeAsync");
    }

    [Fact]
    public async Task On_a_terminal_the_sentence_changes_in_place_above_the_state()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("今天 天气 很好") });
        using var recording = Recording.Wave(2.5);
        var command = new CommandLine { Input = recording.Content, TerminalWidth = 40 };

        (await command.RunAsync("live", "--endpoint", $"{gateway.Endpoint}")).Should().Be(0);

        command.Output.Should().Contain("\r\e[1A\e[J今天 天气\nconnected · 00:0").And.Contain("[00:00.0 - 00:02.0] 今天 天气 很好").And.Contain("latency");
        command.Output.Split('\e', '\n').Where(line => line.Contains(" · ", StringComparison.Ordinal)).Select(line => line.Length).Should().OnlyContain(length => length <= 37 + "[K\r".Length, "the echo of Ctrl+C must fit behind it");
        command.Output.Should().EndWith("\r\e[K", "nothing of the state stays");
    }

    [Fact]
    public async Task Captions_are_whole_at_any_time_and_grow_with_each_sentence()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Raw(4.5);
        var (input, file) = (new Pipe(new PipeOptions(pauseWriterThreshold: 0)), In("live.vtt"));
        var command = new CommandLine { LiveInput = input };
        var running = command.RunAsync("live", "--raw", "--endpoint", $"{gateway.Endpoint}", "--captions", file);
        await Until.HoldsAsync(() => File.Exists(file));
        (await CuesOfAsync(file)).Should().BeEmpty();

        await input.Writer.WriteAsync(recording.Samples.AsMemory(0, 80_000));
        await Until.HoldsAsync(() => File.ReadAllText(file).Contains("-->", StringComparison.Ordinal));
        (await CuesOfAsync(file)).Should().Equal(recording.Sentences.Take(1));
        running.IsCompleted.Should().BeFalse();
        await input.Writer.WriteAsync(recording.Samples.AsMemory(80_000));
        await input.Writer.CompleteAsync();

        (await running).Should().Be(0);
        (await CuesOfAsync(file)).Should().Equal(recording.Sentences);
    }

    [Fact]
    public async Task An_interrupt_ends_the_audio_and_the_last_sentence_still_comes()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(2.5);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine { Input = recording.Content, KeepsInputOpen = true };
        var running = command.RunAsync(interrupt.Token, "live", "--endpoint", $"{gateway.Endpoint}", "--captions", In("live.vtt"));
        await Until.HoldsAsync(() => File.ReadAllText(In("live.vtt")).Contains("-->", StringComparison.Ordinal));

        await interrupt.CancelAsync();

        (await running).Should().Be(0);
        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
    }

    [Fact]
    public async Task An_interrupt_before_any_audio_is_no_failure()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine { KeepsInputOpen = true };
        var running = command.RunAsync(interrupt.Token, "live", "--raw", "--endpoint", $"{gateway.Endpoint}");

        await interrupt.CancelAsync();

        (await running).Should().Be(0);
        gateway.AcceptedConnections.Should().Be(0);
    }

    [Theory]
    [InlineData("live")]
    [InlineData("transcribe", "-")]
    public async Task A_refused_token_is_told_while_the_next_audio_is_waited_for(params string[] args)
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Tokens = new Dictionary<string, DateTimeOffset>() });
        using var recording = Recording.Wave(1);
        var command = new CommandLine { Input = recording.Content, KeepsInputOpen = true };

        (await command.RunAsync([.. args, "--endpoint", $"{gateway.Endpoint}", "--app-key", "any", "--token", "unknown"])).Should().Be(1);

        command.ErrorLines[^1].Should().Contain("HTTP 403").And.Contain("token");
    }

    [Fact]
    public async Task A_session_is_recorded_and_replayed()
    {
        var file = In("live.cassette.jsonl");
        using var recording = Recording.Wave(3.5);
        var recorded = new CommandLine { Input = recording.Content };
        await using (var gateway = await LocalGateway.StartAsync())
        {
            (await recorded.RunAsync("live", "--endpoint", $"{gateway.Endpoint}", "--record", file)).Should().Be(0);
        }

        await using var replay = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(Cassette.Load(file)) });
        var replayed = new CommandLine { Input = recording.Content };
        (await replayed.RunAsync("live", "--endpoint", $"{replay.Endpoint}")).Should().Be(0);

        replayed.Output.Should().Be(recorded.Output);
    }

    [Theory]
    [InlineData("live reads a microphone, or - for standard input. Did you mean: speechstream transcribe a.wav?", "live", "a.wav")]
    [InlineData("Leave one of them out.", "live", "-", "--device", "hw:1")]
    [InlineData("--captoins is no option of live. Did you mean --captions?", "live", "--captoins", "a.vtt")]
    public async Task A_slip_is_told_with_what_there_is(string expected, params string[] args)
    {
        var command = new CommandLine();

        (await command.RunAsync(args)).Should().Be(2);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain(expected);
    }

    [Fact]
    public async Task Captions_that_cannot_be_written_stop_it_before_anything_is_sent()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        var command = new CommandLine { Input = recording.Content };

        (await command.RunAsync("live", "--endpoint", $"{gateway.Endpoint}", "--captions", Path.Combine(Folder, "no-such-folder", "a.vtt"))).Should().Be(1);

        gateway.AcceptedConnections.Should().Be(0);
        command.ErrorLines[^1].Should().Contain("no-such-folder");
    }

    [Fact]
    public async Task A_recording_whose_name_stands_for_the_captions_is_not_lost()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(1);
        var command = new CommandLine { Input = recording.Content };

        (await command.RunAsync("live", "--endpoint", $"{gateway.Endpoint}", "--captions", recording.Path)).Should().Be(1);

        command.ErrorLines.Should().Equal($"speechstream: --captions is {recording.Path}, which is there and is no WebVTT file. Give another name, or delete it.");
        (await File.ReadAllBytesAsync(recording.Path)).Should().Equal(recording.Content);
    }

    private static async Task<List<string>> CuesOfAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. (await CaptionReader.ReadAsync(stream).Select(cue => cue.Text).ToListAsync())];
    }
}

using System.IO.Pipelines;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class TranscribeTests : ServedTests
{
    [Fact]
    public async Task Finals_are_printed_with_their_times()
    {
        using var recording = Recording.Wave(4.5);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        string[] times = ["[00:00.0 - 00:02.0]", "[00:02.0 - 00:04.0]", "[00:04.0 - 00:04.5]"];
        command.OutputLines.Should().Equal(times.Zip(recording.Sentences, (time, text) => $"{time} {text}"));
        command.ErrorLines.Should().BeEmpty();
    }

    [Fact]
    public async Task That_nothing_was_said_is_told()
    {
        using var silence = Recording.Of(new byte[32_000], ".pcm");
        var command = new CommandLine();

        (await command.RunAsync("transcribe", silence.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        command.Output.Should().BeEmpty();
        command.ErrorLines.Should().Equal($"speechstream: {silence.Path}: the service heard no speech in it");
    }

    [Fact]
    public async Task What_is_converted_is_told_with_its_bits_where_they_are_the_reason()
    {
        using var recording = Recording.Wave(1.2);
        BitConverter.TryWriteBytes(recording.Content.AsSpan(32), (short)3);
        BitConverter.TryWriteBytes(recording.Content.AsSpan(34), (short)24);
        using var deeper = Recording.Of(recording.Content, ".wav");
        var command = new CommandLine();

        (await command.RunAsync("transcribe", deeper.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        command.ErrorLines[0].Should().Contain(": WAV with 24-bit PCM, 16000 Hz, 1 channel, decoded by this program");
    }

    [Fact]
    public async Task Standard_input_may_be_raw_samples_or_WAV()
    {
        using var recording = Recording.Wave(3);
        foreach (var input in (byte[][])[recording.Samples, recording.Content])
        {
            var command = new CommandLine { Input = input };

            (await command.RunAsync("transcribe", "-", "--raw", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

            command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
        }
    }

    [Fact]
    public async Task Several_files_are_labeled_and_each_is_whole()
    {
        using var first = Recording.Wave(5, seed: 1);
        using var second = Recording.Raw(3, seed: 2);
        var command = new CommandLine { TerminalWidth = 80 };

        (await command.RunAsync("transcribe", first.Path, second.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        foreach (var recording in (Recording[])[first, second])
        {
            command.OutputLines.Where(line => line.StartsWith(recording.Path + " [", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
        }

        var files = command.OutputLines.Select(line => line.Split(' ')[0]).ToList();
        files.Should().HaveCount(5);
        files.Zip(files.Skip(1)).Count(pair => pair.First != pair.Second).Should().Be(1, "the lines of a file stay together");
    }

    [Fact]
    public async Task A_file_that_fails_does_not_stop_the_others()
    {
        using var recording = Recording.Wave(3);
        var command = new CommandLine();

        (await command.RunAsync("transcribe", "missing.wav", recording.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(1);

        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith("speechstream: missing.wav: Could not find file");
        command.OutputLines.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_file_is_opened_when_its_turn_comes()
    {
        using var first = Recording.Raw(1);
        using var second = Recording.Raw(1);
        var (live, waiting) = (new Pipe(), second.Path + ".pcm");
        var command = new CommandLine { LiveInput = live };
        var running = command.RunAsync("transcribe", "-", waiting, "--raw", "--parallel", "1", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max");
        await live.Writer.WriteAsync(first.Samples);
        SpinWait.SpinUntil(() => Gateway.StartedTasks == 1, TimeSpan.FromSeconds(30)).Should().BeTrue();

        // It didn't exist so far.
        File.Move(second.Path, waiting);
        await live.Writer.CompleteAsync();
        var code = await running;
        File.Delete(waiting);

        command.ErrorLines.Should().BeEmpty();
        code.Should().Be(0);
    }

    [Fact]
    public async Task Every_way_to_name_an_account_is_taken()
    {
        using var recording = Recording.Raw(0.5);
        var command = new CommandLine { Variables = { ["NLS_APP_KEY"] = "an app key", ["NLS_TOKEN"] = "a-token" } };

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);
        (await command.RunAsync("transcribe", recording.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max", "--app-key", "k", "--token", "t")).Should().Be(0);
    }

    [Fact]
    public async Task A_slow_start_is_told()
    {
        using var recording = Recording.Raw(0.5);
        var command = new CommandLine { IsPatienceOver = true };

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max")).Should().Be(0);

        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith("speechstream: not started yet");
    }

    [Fact]
    public async Task Canceling_exits_as_after_Ctrl_C()
    {
        using var recording = Recording.Raw(60);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine();

        var running = command.RunAsync(interrupt.Token, "transcribe", recording.Path, "--endpoint", Gateway.Endpoint.ToString());
        SpinWait.SpinUntil(() => Gateway.StartedTasks == 1, TimeSpan.FromSeconds(30)).Should().BeTrue();
        await interrupt.CancelAsync();

        (await running).Should().Be(130);
        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith("speechstream: interrupted");
    }

    [Fact]
    public async Task Ctrl_C_ends_standard_input_and_what_came_before_is_transcribed()
    {
        using var recording = Recording.Raw(5);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine { Input = recording.Content, KeepsInputOpen = true };

        var running = command.RunAsync(interrupt.Token, "transcribe", "-", "--raw", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max");
        SpinWait.SpinUntil(() => command.OutputLines.Length == 2, TimeSpan.FromSeconds(30)).Should().BeTrue("two sentences are over");
        await interrupt.CancelAsync();

        (await running).Should().Be(0);
        command.OutputLines.Should().HaveCount(3).And.Subject.Last().Should().EndWith(recording.Sentences.Last());
        command.ErrorLines.Should().BeEmpty();
    }

    [Fact]
    public async Task WAV_from_a_recorder_is_heard_while_it_comes()
    {
        using var recording = Recording.Wave(5);
        // What arecord writes before it knows the length.
        BitConverter.TryWriteBytes(recording.Content.AsSpan(40), 0x7FFF_FFFF);
        using var interrupt = new CancellationTokenSource();
        var command = new CommandLine { Input = recording.Content, KeepsInputOpen = true };

        var running = command.RunAsync(interrupt.Token, "transcribe", "-", "--endpoint", Gateway.Endpoint.ToString(), "--speed", "max");
        SpinWait.SpinUntil(() => command.OutputLines.Length == 2, TimeSpan.FromSeconds(30)).Should().BeTrue("two sentences are over");
        await interrupt.CancelAsync();

        (await running).Should().Be(0);
        command.OutputLines.Select(line => line.Split(' ')[^1]).Should().Equal(recording.Sentences);
        command.ErrorLines.Should().BeEmpty();
    }

    [Fact]
    public async Task Tokens_come_from_the_token_service_that_is_named()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { AccessKeys = new Dictionary<string, string> { ["id"] = "secret" }, Tokens = new Dictionary<string, DateTimeOffset>() });
        using var recording = Recording.Raw(0.5);
        var command = new CommandLine { Variables = { ["ALIYUN_AK_ID"] = "id", ["ALIYUN_AK_SECRET"] = "secret" } };

        (await command.RunAsync("transcribe", recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--token-endpoint", gateway.TokenEndpoint.ToString(), "--speed", "max")).Should().Be(0);

        command.OutputLines.Should().ContainSingle();
    }

    [Theory]
    [InlineData("nls")]
    [InlineData("dashscope")]
    public async Task Real_words_are_recognized_without_an_account(string service)
    {
        var command = new CommandLine { Variables = { ["NLS_APP_KEY"] = "not used", ["NLS_TOKEN"] = "not used" } };

        var code = await command.RunAsync("transcribe", Path.Combine(AppContext.BaseDirectory, "ivr-prompts.wav"), "--local", "--service", service, "--speed", "max");

        if (code != 0 && command.ErrorLines is [var missing] && missing.Contains("apt-get", StringComparison.Ordinal))
        {
            Assert.Skip(missing);
        }

        code.Should().Be(0);
        command.OutputLines.Should().HaveCount(4);
        command.OutputLines[0].Should().EndWith("] playback of the list of people attending is complete");
    }
}

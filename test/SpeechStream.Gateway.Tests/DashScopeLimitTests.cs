using System.Net.WebSockets;

namespace SpeechStream.Gateway.Tests;

/// <summary>How long DashScope waits for audio, for speech, and for the next task.</summary>
public sealed class DashScopeLimitTests
{
    private readonly ManualTimeProvider _clock = new();

    private Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null)
    {
        options ??= new();
        options.TimeProvider = _clock;
        return LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
    }

    private static async Task ShouldFailAsync(RawClient client, string code, string text)
    {
        var failed = (await client.ReadToAsync("TaskFailed"))[^1];
        (failed.Name, failed.ErrorCode, failed.ErrorMessage, failed.TaskId).Should().Be(("TaskFailed", code, text, client.TaskId));
        (await client.ReadAsync()).Should().BeNull();
    }

    /// <summary>Sends silence, and returns when the gateway has read it, which sets its limit of data again.</summary>
    private async Task HearSilenceAsync(RawClient client)
    {
        var heard = _clock.TimerSetAsync(TimeSpan.FromSeconds(23));
        await client.AudioAsync(TestAudio.Silence(100));
        await heard;
    }

    [Theory]
    [InlineData(null, 23)]
    [InlineData(5, 5)]
    public async Task A_task_that_gets_no_data_fails(int? setting, int seconds)
    {
        await using var gateway = await StartAsync(new() { IdleTimeout = setting is { } s ? TimeSpan.FromSeconds(s) : null });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync();
        await client.ReadAsync();

        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await client.AudioAsync(TestAudio.Sound(300));
        await client.ReadToAsync("TranscriptionResultChanged");
        _clock.Advance(TimeSpan.FromSeconds(seconds));

        await ShouldFailAsync(client, "CLIENT_ERROR", $"request timeout after {seconds} seconds.");
    }

    [Fact]
    public async Task A_task_whose_audio_never_comes_fails_no_later()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync();
        await client.ReadAsync();

        _clock.Advance(TimeSpan.FromSeconds(23));

        await ShouldFailAsync(client, "CLIENT_ERROR", "request timeout after 23 seconds.");
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData(30, 30)]
    public async Task A_task_that_hears_only_silence_fails_though_zeros_come(int? setting, int seconds)
    {
        var options = new LocalGatewayOptions();
        if (setting is { } limit)
        {
            options.SilenceTimeout = TimeSpan.FromSeconds(limit);
        }

        await using var gateway = await StartAsync(options);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync();
        await client.ReadAsync();

        for (var second = 0; second < seconds - 10; second += 10)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            await HearSilenceAsync(client);
        }

        _clock.Advance(TimeSpan.FromSeconds(10));

        await ShouldFailAsync(client, "RequestTimeOut", "Response timeout!");
    }

    [Fact]
    public async Task Speech_puts_the_limit_of_silence_off()
    {
        await using var gateway = await StartAsync(new() { IdleTimeout = TimeSpan.FromHours(1) });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync("""{"max_sentence_silence":200}""");
        await client.ReadAsync();

        for (var sentence = 0; sentence < 3; sentence++)
        {
            _clock.Advance(TimeSpan.FromSeconds(59));
            await client.AudioAsync((byte[])[.. TestAudio.Sound(100), .. TestAudio.Silence(200)]);
            (await client.ReadToAsync("SentenceEnd"))[^1].Name.Should().Be("SentenceEnd");
        }

        _clock.Advance(TimeSpan.FromSeconds(60));
        await ShouldFailAsync(client, "RequestTimeOut", "Response timeout!");
    }

    [Fact]
    public async Task What_a_recognizer_hears_in_zeros_is_speech()
    {
        await using var gateway = await StartAsync(new() { IdleTimeout = TimeSpan.FromHours(1), Recognizer = Recognizer.Say("one", "two", "three") });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync();
        for (var sentence = 0; sentence < 3; sentence++)
        {
            await client.AudioAsync(TestAudio.Silence(2000), chunk: 64_000);
            (await client.ReadToAsync("SentenceEnd"))[^1].Name.Should().Be("SentenceEnd");
            _clock.Advance(TimeSpan.FromSeconds(59));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));

        await ShouldFailAsync(client, "RequestTimeOut", "Response timeout!");
    }

    [Fact]
    public async Task A_heartbeat_comes_with_each_second_of_silence_if_asked_for_and_there_is_no_limit()
    {
        await using var gateway = await StartAsync(new() { IdleTimeout = TimeSpan.FromHours(1) });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        await client.StartAsync("""{"heartbeat":true}""");
        await client.AudioAsync(TestAudio.Silence(2100));
        await client.ReadToAsync("Heartbeat");
        await client.ReadToAsync("Heartbeat");

        _clock.Advance(TimeSpan.FromMinutes(30));

        await client.AudioAsync((byte[])[.. TestAudio.Sound(100), .. TestAudio.Silence(2799)]);
        await client.StopAsync();
        var events = await client.ReadToAsync("TranscriptionCompleted");
        events.Select(e => e.Name).Should().Equal("SentenceBegin", "SentenceEnd", "Heartbeat", "TranscriptionCompleted");
        events.Single(e => e.Name == "SentenceEnd").BeginTime.Should().Be(2100);
        events[^1].Duration.Should().Be(5);
    }

    [Fact]
    public async Task Silence_is_not_answered_unless_asked_for()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        (await client.TranscribeAsync(TestAudio.Silence(5000))).Should().NotContain(e => e.Name == "Heartbeat");
    }

    [Fact]
    public async Task The_next_task_has_60_seconds_to_begin_then_the_gateway_closes()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        _clock.Advance(TimeSpan.FromSeconds(59));
        for (var task = 0; task < 3; task++)
        {
            client.TaskId = Guid.NewGuid().ToString();
            (await client.TranscribeAsync(TestAudio.Sound(100)))[^1].Name.Should().Be("TranscriptionCompleted");
            _clock.Advance(TimeSpan.FromSeconds(59));
        }

        _clock.Advance(TimeSpan.FromSeconds(1));

        (await client.ReadAsync()).Should().BeNull("there is no task that could fail");
        client.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }
}

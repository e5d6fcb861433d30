using System.Net.WebSockets;

namespace SpeechStream.Gateway.Tests;

public sealed class DashScopeTaskTests
{
    private static Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null) =>
        LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);

    private static async Task ShouldFailAsync(RawClient client, string code, string text)
    {
        var failed = (await client.ReadToAsync("TaskFailed"))[^1];
        failed.Name.Should().Be("TaskFailed");
        failed.ErrorCode.Should().Be(code);
        failed.ErrorMessage.Should().Be(text);
        failed.Payload.Should().BeEmpty();
        (await client.ReadAsync()).Should().BeNull("the gateway closes after a failure");
        client.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_task_has_its_messages_in_order_with_times_and_what_is_billed()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        var audio = TestAudio.Sound(2700);

        var events = await client.TranscribeAsync(audio);

        events.Select(e => (e.Name, e.Duration)).Should().Equal(
            [
                ("TranscriptionStarted", null), ("SentenceBegin", null), .. Enumerable.Repeat(("TranscriptionResultChanged", (int?)null), 6),
                ("SentenceEnd", 2), ("SentenceBegin", null), .. Enumerable.Repeat(("TranscriptionResultChanged", (int?)null), 2),
                ("SentenceEnd", 3), ("TranscriptionCompleted", 3),
            ]);
        events.Should().OnlyContain(e => e.TaskId == client.TaskId);
        var ends = events.Where(e => e.Name == "SentenceEnd").ToList();
        ends.Select(e => e.Result).Should().Equal(Recognizer.DigestOf(audio).Select(s => s.Text));
        ends.Select(e => (e.Index, e.BeginTime, e.Time)).Should().Equal((1, 0, 2000), (2, 2000, 2700));
        ends[1].Words.Select(w => (w.BeginTime, w.EndTime)).Should().Equal((2000, 2175), (2175, 2350), (2350, 2525), (2525, 2700));
    }

    [Theory]
    [InlineData("paraformer-realtime-v2", 800)]
    [InlineData("paraformer-realtime-8k-v2", 800)]
    [InlineData("fun-asr-realtime", 1300)]
    [InlineData("fun-asr-realtime-2025-11-07", 1300)]
    [InlineData("qwen-audio-3.0-asr-flash-streaming", 1300)]
    public async Task Each_family_of_models_has_its_own_sentence_silence(string model, int silence)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.ActionAsync("run-task", RawClient.RunTask("{}", model));
        await client.AudioAsync((byte[])[.. TestAudio.Sound(100), .. TestAudio.Silence(silence - 1), .. TestAudio.Sound(100), .. TestAudio.Silence(silence), .. TestAudio.Sound(100)]);
        await client.StopAsync();

        var ends = (await client.ReadToAsync("TranscriptionCompleted")).Where(e => e.Name == "SentenceEnd");
        ends.Select(e => (e.BeginTime, e.Time)).Should().HaveCount(2).And.StartWith((0, silence + 199));
    }

    [Theory]
    [InlineData("""{"model":"paraformer-realtime-v2"}""", "InvalidParameter", "task can not be null")]
    [InlineData("""{"model":"paraformer-realtime-v2","input":null}""", "InvalidParameter", "task can not be null")]
    [InlineData("null", "InvalidParameter", "task can not be null")]
    [InlineData("""{"input":{}}""", "InvalidParameter", "Missing required parameter 'payload.model'! Please follow the protocol!")]
    [InlineData("""{"input":{},"model":"paraformer-v2"}""", "ModelNotFound", "Model can not be found.")]
    [InlineData("""{"input":{},"model":"qwen-audio-3.0-realtime"}""", "ModelNotFound", "Model can not be found.")]
    [InlineData("""{"input":{},"model":"gummy-realtime-v1"}""", "ModelNotFound", "Model can not be found.")]
    public async Task A_start_without_input_or_a_known_model_fails(string payload, string code, string text)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.ActionAsync("run-task", payload);

        await ShouldFailAsync(client, code, text);
        gateway.StartedTasks.Should().Be(0);
    }

    [Theory]
    [InlineData("""{"format":"PCM"}""", "UNSUPPORTED_FORMAT", "UNSUPPORTED_FORMAT")]
    [InlineData("""{"format":7}""", "UNSUPPORTED_FORMAT", "UNSUPPORTED_FORMAT")]
    [InlineData("""{"format":"opu"}""", "UNSUPPORTED_FORMAT", "UNSUPPORTED_FORMAT")]
    [InlineData("""{"max_sentence_silence":199}""", "InvalidParameter", "max_sentence_silence is not in [200, 6000]!")]
    [InlineData("""{"max_sentence_silence":6001}""", "InvalidParameter", "max_sentence_silence is not in [200, 6000]!")]
    [InlineData("""{"max_sentence_silence":"800"}""", "InvalidParameter", "max_sentence_silence must be an integer!")]
    [InlineData("""{"sample_rate":44100}""", "InvalidParameter", "sample_rate 44100 is not supported!")]
    public async Task A_start_with_a_wrong_parameter_fails(string parameters, string code, string text)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.StartAsync(parameters);

        await ShouldFailAsync(client, code, text);
    }

    [Theory]
    [InlineData("""{"bogus":1,"language_hints":"xx","heartbeat":"yes","vocabulary":7}""")]
    [InlineData("7")]
    public async Task Other_parameters_are_not_validated(string parameters)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        (await client.TranscribeAsync(TestAudio.Sound(300), parameters))[^1].Name.Should().Be("TranscriptionCompleted");
    }

    [Theory]
    [InlineData("no json", "Message is not JSON!")]
    [InlineData("""{"header":{"action":"run-task","task_id":"half of a pair: \ud83d"} }""", "Message is not JSON!")]
    [InlineData("[1]", "Message is not a JSON object!")]
    [InlineData("{}", "Missing required parameter 'header'! Please follow the protocol!")]
    [InlineData("""{"header":{"task_id":"t"}}""", "Missing required parameter 'header.action'! Please follow the protocol!")]
    [InlineData("""{"header":{"action":"run-task"}}""", "Missing required parameter 'header.task_id'! Please follow the protocol!")]
    [InlineData("""{"header":{"action":"start","task_id":"t"}}""", "Invalid action('start')! Please follow the protocol!")]
    [InlineData("""{"header":{"action":"finish-task","task_id":"t"},"payload":{"input":{}}}""", "Invalid action('finish-task')! Please follow the protocol!")]
    [InlineData("""{"header":{"action":"continue-task","task_id":"t"},"payload":{"input":{}}}""", "Invalid action('continue-task')! Please follow the protocol!")]
    public async Task A_message_that_is_malformed_or_comes_too_early_fails(string message, string text)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.TextAsync(message);

        await ShouldFailAsync(client, "InvalidParameter", text);
    }

    [Fact]
    public async Task Audio_before_the_start_fails()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.AudioAsync(TestAudio.Sound(100));

        await ShouldFailAsync(client, "InvalidParameter", "Invalid binary message in state 'CONNECTED'!");
    }

    [Fact]
    public async Task A_second_start_and_a_second_finish_fail()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        using var other = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.StartAsync();
        await client.StartAsync();
        await other.StartAsync();
        await other.StopAsync();
        await other.StopAsync();

        await ShouldFailAsync(client, "InvalidParameter", "Invalid action('run-task')! Please follow the protocol!");
        await ShouldFailAsync(other, "InvalidParameter", "Invalid action('finish-task')! Please follow the protocol!");
    }

    [Fact]
    public async Task A_wave_task_without_a_RIFF_header_fails()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.StartAsync("""{"format":"wav"}""");
        await client.AudioAsync(TestAudio.Sound(100));

        await ShouldFailAsync(client, "CLIENT_ERROR", "Failed to decode audio");
    }

    [Fact]
    public async Task A_task_too_many_fails_with_RateQuota()
    {
        await using var gateway = await StartAsync(new() { MaxConcurrentTasks = 0 });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        await client.StartAsync();

        await ShouldFailAsync(client, "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.");
    }

    [Fact]
    public async Task The_context_may_change_and_sentences_go_on()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        var audio = TestAudio.Sound(2000);

        await client.StartAsync();
        await client.AudioAsync(audio.AsMemory(0, 16_000));
        await client.ActionAsync("continue-task", """{"input":{"context":[{"role":"user","content":[{"type":"input_text","text":"hello"}]}]}}""");
        await client.AudioAsync(audio.AsMemory(16_000));
        await client.StopAsync();

        var end = (await client.ReadToAsync("TranscriptionCompleted")).Single(e => e.Name == "SentenceEnd");
        end.Result.Should().Be(Recognizer.DigestOf(audio).Single().Text);
    }

    [Fact]
    public async Task Interim_results_can_be_switched_off()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        var events = await client.TranscribeAsync(TestAudio.Sound(1000), """{"intermediate_result_enabled":false}""");

        events.Select(e => e.Name).Should().Equal("TranscriptionStarted", "SentenceBegin", "SentenceEnd", "TranscriptionCompleted");
    }

    [Fact]
    public async Task Older_models_open_a_sentence_with_its_first_result()
    {
        await using var gateway = await StartAsync(new() { SendSentenceBegin = false });
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        var events = await client.TranscribeAsync(TestAudio.Sound(400));

        events.Select(e => e.Name).Should().Equal("TranscriptionStarted", "TranscriptionResultChanged", "SentenceEnd", "TranscriptionCompleted");
    }
}

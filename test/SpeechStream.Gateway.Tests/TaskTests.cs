using System.Net.WebSockets;
using System.Text;

namespace SpeechStream.Gateway.Tests;

public sealed class TaskTests
{
    private static Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null) =>
        LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);

    private static async Task ShouldFailAsync(RawClient client, int status, string text)
    {
        var failed = (await client.ReadToAsync("TaskFailed"))[^1];
        failed.Name.Should().Be("TaskFailed");
        failed.Status.Should().Be(status);
        failed.StatusText.Should().Be(text);
        ((string)failed.Header["namespace"]!).Should().Be("Default");
        failed.Json.Should().NotContainKey("payload");
        (await client.ReadAsync()).Should().BeNull("the gateway closes after a failure");
        client.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Theory]
    [InlineData("""{"format":"PCM"}""", 40010003, "Gateway:DIRECTIVE_INVALID:Invalid format 'PCM'!")]
    [InlineData("""{"format":7}""", 40010003, "Gateway:DIRECTIVE_INVALID:[format must be a string]!")]
    [InlineData("""{"enable_words":"true"}""", 40010003, "Gateway:DIRECTIVE_INVALID:[enable_words must be a boolean]!")]
    [InlineData("""{"special_word_filter":"{}"}""", 40010003, "Gateway:DIRECTIVE_INVALID:[special_word_filter must be an object]!")]
    [InlineData("""{"speech_noise_threshold":1.5}""", 40010003, "Gateway:DIRECTIVE_INVALID:[speech_noise_threshold must be a number in [-1, 1]]!")]
    [InlineData("""{"sample_rate":44100}""", 41010101, "UNSUPPORTED_SAMPLE_RATE")]
    [InlineData("""{"sample_rate":"16000"}""", 40010003, "Gateway:DIRECTIVE_INVALID:[sample_rate must be an integer]!")]
    [InlineData("""{"max_sentence_silence":199}""", 41040205, "Realtime:PARAMETER_INVALID:max_sentence_silence is not in [200, 6000]!")]
    [InlineData("""{"max_sentence_silence":6001}""", 41040205, "Realtime:PARAMETER_INVALID:max_sentence_silence is not in [200, 6000]!")]
    [InlineData("[]", 40010003, "Gateway:DIRECTIVE_INVALID:[payload must be an object]!")]
    public async Task A_start_with_a_wrong_parameter_fails(string payload, int status, string text)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync(payload);

        await ShouldFailAsync(client, status, text);
    }

    [Theory]
    [InlineData("message_id", "xyz", 40000002, "Gateway:MESSAGE_INVALID:Invalid message id 'xyz'!")]
    [InlineData("message_id", null, 40000002, "Gateway:MESSAGE_INVALID:Invalid message id 'null'!")]
    [InlineData("message_id", "0123456789ABCDEF0123456789abcdef", 40000002, "Gateway:MESSAGE_INVALID:Invalid message id '0123456789ABCDEF0123456789abcdef'!")]
    [InlineData("task_id", "0123456789abcdef0123456789abcdeg", 40000002, "Gateway:MESSAGE_INVALID:Invalid task id '0123456789abcdef0123456789abcdeg'!")]
    [InlineData("namespace", "SpeechRecognizer", 40010001, "Gateway:NAMESPACE_NOT_FOUND:Namespace 'SpeechRecognizer' not found!")]
    [InlineData("name", "Start", 40010003, "Gateway:DIRECTIVE_INVALID:Invalid directive 'Start'!")]
    [InlineData("appkey", "", 40000003, "Gateway:PARAMETER_INVALID:appkey not set")]
    [InlineData("appkey", "other", 40020105, "Meta:APPKEY_NOT_EXIST:Appkey not exist!")]
    public async Task A_start_with_a_wrong_header_fails(string key, string? value, int status, string text)
    {
        await using var gateway = await StartAsync(new() { AppKeys = new HashSet<string> { "appkey" } });
        using var client = await RawClient.ConnectAsync(gateway);

        await client.CommandAsync("StartTranscription", change: header => header[key] = value);

        await ShouldFailAsync(client, status, text);
    }

    [Theory]
    [InlineData("no json", "Message is not JSON")]
    [InlineData("""{"header":{"task_id":"half of a pair: \ud83d"} }""", "Message is not JSON")]
    [InlineData("""{"header":{"half of a pair: \udc00":1} }""", "Message is not JSON")]
    [InlineData("[1]", "Message is not a JSON object")]
    [InlineData("{}", "Missing message header")]
    public async Task A_malformed_message_fails_with_40000002(string text, string reason)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.TextAsync(text);

        await ShouldFailAsync(client, 40000002, $"Gateway:MESSAGE_INVALID:{reason}!");
    }

    [Fact]
    public async Task Audio_before_the_start_fails()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.AudioAsync(TestAudio.Sound(100));

        await ShouldFailAsync(client, 40000002, "Gateway:MESSAGE_INVALID:Can't process message in state'CONNECTED'!");
    }

    [Fact]
    public async Task A_second_start_fails()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync();
        await client.StartAsync();

        await ShouldFailAsync(client, 40000002, "Gateway:MESSAGE_INVALID:Can't process message in state'STARTED'!");
    }

    [Fact]
    public async Task A_second_stop_fails_with_40010005()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync();
        await client.StopAsync();
        await client.StopAsync();

        await ShouldFailAsync(client, 40010005, "Gateway:TASK_STATE_ERROR:Got stop directive while task is stopping!");
    }

    [Fact]
    public async Task A_wave_task_without_a_RIFF_header_fails_with_40000009()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);

        await client.StartAsync("""{"format":"wav"}""");
        await client.AudioAsync(TestAudio.Sound(100));

        await ShouldFailAsync(client, 40000009, "Invalid wav header!");
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task Tasks_follow_one_another_on_a_connection(Service service)
    {
        await using var gateway = await StartAsync(new() { MaxConcurrentTasks = 1 });
        using var client = await RawClient.ConnectAsync(gateway, service);
        for (var task = 0; task < 3; task++)
        {
            client.TaskId = RawClient.NewId();
            var events = await client.TranscribeAsync(TestAudio.Sound(2500));
            events.Should().OnlyContain(e => e.TaskId == client.TaskId);
            events.Where(e => e.Name == "SentenceEnd").Select(e => e.Index).Should().Equal(1, 2);
        }

        gateway.StartedTasks.Should().Be(3);
    }

    [Theory]
    [InlineData(Service.Nls, Service.DashScope)]
    [InlineData(Service.DashScope, Service.Nls)]
    public async Task A_task_too_many_of_both_services_fails_with_40000005_until_a_place_is_free(Service service, Service other)
    {
        await using var gateway = await StartAsync(new() { MaxConcurrentTasks = 1 });
        using var first = await RawClient.ConnectAsync(gateway, service);
        using var second = await RawClient.ConnectAsync(gateway);
        using var third = await RawClient.ConnectAsync(gateway, other);
        await first.StartAsync();
        await first.ReadAsync();

        await second.StartAsync();
        await ShouldFailAsync(second, 40000005, "Gateway:TOO_MANY_REQUESTS:Too many requests!");
        (gateway.RunningTasks, gateway.PeakTasks).Should().Be((1, 2), "the refused one counts in the peak");

        await first.StopAsync();
        await first.ReadToAsync("TranscriptionCompleted");
        await third.StartAsync();
        (await third.ReadAsync())!.Name.Should().Be("TranscriptionStarted");
    }

    [Fact]
    public async Task Fragmented_messages_are_assembled()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        var audio = TestAudio.Sound(2000);

        foreach (var piece in audio.Chunk(1001))
        {
            await client.SendAsync(piece, WebSocketMessageType.Binary, end: false);
        }

        await client.SendAsync(default, WebSocketMessageType.Binary, end: true);
        var stop = Encoding.UTF8.GetBytes($$$"""
            {"header":{"message_id":"{{{RawClient.NewId()}}}","task_id":"{{{client.TaskId}}}","namespace":"SpeechTranscriber",
            "name":"StopTranscription","appkey":"k"}}
            """);
        await client.SendAsync(stop.AsMemory(0, 20), WebSocketMessageType.Text, end: false);
        await client.SendAsync(stop.AsMemory(20), WebSocketMessageType.Text, end: true);

        var events = await client.ReadToAsync("TranscriptionCompleted");
        events.Single(e => e.Name == "SentenceEnd").Result.Should().Be(Recognizer.DigestOf(audio).Single().Text);
    }

    [Theory]
    [InlineData("ControlTranscriber")]
    [InlineData("ControlTranscription")]
    public async Task A_control_message_changes_the_sentence_silence(string name)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync("""{"max_sentence_silence":1000}""");
        byte[] audio = [.. TestAudio.Sound(300), .. TestAudio.Silence(400), .. TestAudio.Sound(300)];

        await client.AudioAsync(audio);
        await client.CommandAsync(name, """{"max_sentence_silence":400,"vocabulary_id":"id"}""");
        await client.AudioAsync(audio);
        await client.StopAsync();

        var events = await client.ReadToAsync("TranscriptionCompleted");
        events.Where(e => e.Name == "SentenceEnd").Select(e => e.Time).Should().Equal(1300, 2000);
    }

    [Fact]
    public async Task Silence_on_the_line_fails_with_40000004_but_text_and_audio_put_it_off()
    {
        var clock = new ManualTimeProvider();
        await using var gateway = await StartAsync(new() { TimeProvider = clock });
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync("""{"max_sentence_silence":200,"enable_intermediate_result":true}""");
        await client.ReadAsync();

        clock.Advance(TimeSpan.FromSeconds(9));
        await client.AudioAsync(TestAudio.Sound(300));
        await client.ReadToAsync("TranscriptionResultChanged");
        clock.Advance(TimeSpan.FromSeconds(9));
        await client.AudioAsync(TestAudio.Sound(300));
        await client.ReadToAsync("TranscriptionResultChanged");
        clock.Advance(TimeSpan.FromSeconds(10));

        await ShouldFailAsync(
            client,
            40000004,
            "Gateway:IDLE_TIMEOUT:Websocket session is idle for too long time, the last directive is 'StartTranscription'!");
    }
}

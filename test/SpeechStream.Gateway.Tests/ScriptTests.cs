using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;

namespace SpeechStream.Gateway.Tests;

public sealed class ScriptTests
{
    private static Task<LocalGateway> StartAsync(string script, LocalGatewayOptions? options = null)
    {
        options ??= new();
        options.Recognizer = Recognizer.Script(script);
        return LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
    }

    private static string One(string steps, string more = "") => $$"""{"connections":[{{{more}}"steps":[{{steps}}]}]}""";

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task Events_are_sent_when_the_audio_is_there_and_completion_waits_for_the_steps(Service service)
    {
        await using var gateway = await StartAsync(One("""
            {"wait":"audio","ms":200},
            {"event":"SentenceBegin","payload":{"index":1,"time":100}},
            {"wait":"stop"},
            {"event":"SentenceEnd","payload":{"index":1,"time":200,"result":"你好"},"header":{"extra":true}}
            """));
        using var client = await RawClient.ConnectAsync(gateway, service);

        await client.StartAsync();
        await client.AudioAsync(TestAudio.Sound(199));
        (await client.ReadAsync())!.Name.Should().Be("TranscriptionStarted");
        await client.AudioAsync(TestAudio.Sound(1));
        var begin = (await client.ReadAsync())!;
        (begin.Name, begin.Index, begin.TaskId).Should().Be(("SentenceBegin", 1, client.TaskId));
        await client.StopAsync();
        var end = (await client.ReadAsync())!;
        (end.Name, end.Index, end.Time, end.Result).Should().Be(("SentenceEnd", 1, 200, "你好"));
        end.Header.Should().ContainKey("extra");
        (await client.ReadAsync())!.Name.Should().Be("TranscriptionCompleted");
    }

    [Fact]
    public async Task Over_NLS_an_event_is_sent_as_it_is_but_for_what_its_header_replaces()
    {
        await using var gateway = await StartAsync(One("""{"wait":"start"},{"event":"SentenceBegin","payload":{"index":1,"time":100},"header":{"status":1}}"""));
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();

        var begin = (await client.ReadToAsync("SentenceBegin"))[^1];

        begin.Payload.ToJsonString().Should().Be("""{"index":1,"time":100}""");
        begin.Status.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task Connections_take_scripts_in_turn_and_the_last_one_stays(Service service)
    {
        await using var gateway = await StartAsync("""
            {"connections":[
              {"recognizer":"digest","steps":[{"wait":"audio","ms":2000},{"abort":true}]},
              {"refuse":{"status":503,"body":"busy"}},
              {"recognizer":"digest"}
            ]}
            """);
        using var first = await RawClient.ConnectAsync(gateway, service);
        await first.StartAsync();
        await first.AudioAsync(TestAudio.Sound(2000));
        await first.Invoking(c => c.ReadToAsync("never")).Should().ThrowAsync<WebSocketException>();

        var second = () => RawClient.ConnectAsync(gateway, service);
        (await second.Should().ThrowAsync<WebSocketException>()).WithMessage("*503*");

        for (var i = 0; i < 2; i++)
        {
            using var next = await RawClient.ConnectAsync(gateway, service);
            (await next.TranscribeAsync(TestAudio.Sound(100))).Should().HaveCount(4);
        }
    }

    [Theory]
    [InlineData(Service.Nls, "abort", false)]
    [InlineData(Service.Nls, "reset", true)]
    [InlineData(Service.DashScope, "abort", false)]
    [InlineData(Service.DashScope, "reset", true)]
    public async Task The_connection_can_end_without_a_close_frame_by_an_end_of_stream_or_a_reset(Service service, string step, bool reset)
    {
        await using var gateway = await StartAsync(One($$"""{"wait":"audio","ms":100},{"{{step}}":true}"""));
        using var client = await RawClient.ConnectAsync(gateway, service);
        await client.StartAsync();
        await client.ReadAsync();
        await client.AudioAsync(TestAudio.Sound(100));

        var lost = (await client.Invoking(c => c.ReadAsync()).Should().ThrowAsync<WebSocketException>()).Which;
        lost.WebSocketErrorCode.Should().Be(WebSocketError.ConnectionClosedPrematurely);
        (lost.InnerException is IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } }).Should().Be(reset);
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task The_connection_can_be_closed_with_a_status_and_a_reason_but_no_failure(Service service)
    {
        await using var gateway = await StartAsync(One("""{"wait":"start"},{"close":4000,"reason":"because"}"""));
        using var client = await RawClient.ConnectAsync(gateway, service);
        await client.StartAsync();

        (await client.ReadToAsync("never")).Should().ContainSingle();
        ((int)client.CloseStatus!).Should().Be(4000);
        client.CloseReason.Should().Be("because");
    }

    [Fact]
    public async Task A_task_can_fail_twice_and_the_connection_stays_open()
    {
        await using var gateway = await StartAsync(One("""{"wait":"start"},{"fail":40000005,"text":"a"},{"fail":50000000,"text":"b"}"""));
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();

        (await client.ReadToAsync("TaskFailed"))[^1].Status.Should().Be(40000005);
        var second = (await client.ReadAsync())!;
        second.Status.Should().Be(50000000);
        second.StatusText.Should().Be("b");
        ((string)second.Header["task_id"]!).Should().Be(client.TaskId);
        await client.StartAsync();
        await client.CloseAsync();
        (await client.ReadAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Started_can_come_late_and_completed_never()
    {
        var clock = new ManualTimeProvider();
        var delayed = clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        await using var gateway = await StartAsync(
            One("""{"wait":"start"},{"event":"SentenceBegin"},{"delay":5000},{"event":"TranscriptionStarted"}""", "\"started\":false,\"completed\":false,"),
            new() { TimeProvider = clock });
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        (await client.ReadAsync())!.Name.Should().Be("SentenceBegin");

        await delayed;
        clock.Advance(TimeSpan.FromSeconds(5));

        (await client.ReadAsync())!.Name.Should().Be("TranscriptionStarted");
        await client.StopAsync();
        await client.CloseAsync();
        (await client.ReadAsync()).Should().BeNull("a close was answered by a close, and nothing else came");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_any_more_is_dropped_when_its_task_has_failed()
    {
        var clock = new ManualTimeProvider();
        var dropping = clock.TimerSetAsync(TimeSpan.FromSeconds(5));
        await using var gateway = await StartAsync(
            One("""{"wait":"start"},{"event":"SentenceEnd","pad":16000000}"""), new() { TimeProvider = clock });
        using var client = await RawClient.ConnectAsync(gateway, receiveBuffer: 4096);
        await client.StartAsync();
        await client.ReadToAsync("TranscriptionStarted");
        await client.ReadBeginningAsync();

        clock.Advance(TimeSpan.FromSeconds(10));
        await dropping.Within("the task is idle for too long");
        clock.Advance(TimeSpan.FromSeconds(5));

        await Patience.Until(() => gateway.OpenConnections == 0);
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task Messages_can_be_raw_binary_fragmented_and_large(Service service)
    {
        await using var gateway = await StartAsync(One("""
            {"raw":"{\"half\":"},{"binary":"AQID"},{"raw":"no json, in pieces","fragment":4},
            {"wait":"start"},{"event":"SentenceEnd","payload":{"index":1},"pad":70000,"fragment":10000}
            """));
        using var client = await RawClient.ConnectAsync(gateway, service);

        (await client.ReadTextAsync()).Should().Be("{\"half\":");
        (await client.ReadTextAsync()).Should().Be("\u0001\u0002\u0003");
        (await client.ReadTextAsync()).Should().Be("no json, in pieces");
        client.Frames.Should().Be(5);
        await client.StartAsync();
        Encoding.UTF8.GetByteCount((await client.ReadToAsync("SentenceEnd"))[^1].Json.ToJsonString()).Should().BeGreaterThan(70000);
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task A_gateway_that_stops_reading_holds_its_client_up(Service service)
    {
        var clock = new ManualTimeProvider();
        var delayed = clock.TimerSetAsync(TimeSpan.FromSeconds(7));
        await using var gateway = await StartAsync(
            """
            {"connections":[
              {"recognizer":"digest","steps":[{"wait":"start"},{"read":false},{"event":"Stopped"},{"delay":7000},{"read":true}]},
              {"recognizer":"digest"}
            ]}
            """,
            new() { TimeProvider = clock });
        using var held = await RawClient.ConnectAsync(gateway, service);
        await held.StartAsync();
        await held.ReadToAsync("Stopped");

        // The other client shows that the gateway had the time to read as much, had it read.
        var audio = TestAudio.Sound(300_000);
        var sending = held.AudioAsync(audio, chunk: 65_536);
        using var other = await RawClient.ConnectAsync(gateway, service);
        await other.TranscribeAsync(audio, chunk: 65_536);
        sending.IsCompleted.Should().BeFalse();

        await delayed;
        clock.Advance(TimeSpan.FromSeconds(7));
        await sending;
        await held.StopAsync();
        (await held.ReadToAsync("TranscriptionCompleted")).Count(e => e.Name == "SentenceEnd").Should().Be(150);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"connections":[]}""")]
    [InlineData("""{"connections":[{"recognizer":"other"}]}""")]
    [InlineData("""{"connections":[{"unknown":1}]}""")]
    [InlineData("""{"connections":[{"steps":[{"wait":"forever"}]}]}""")]
    [InlineData("""{"connections":[{"steps":[{"delay":1,"close":1000}]}]}""")]
    [InlineData("""{"connections":[{"steps":[{}]}]}""")]
    [InlineData("""{"connections":[{"steps":[{"fail":true}]}]}""")]
    public void A_script_with_a_mistake_is_refused_when_it_is_read(string script)
    {
        FluentActions.Invoking(() => Recognizer.Script(script)).Should().Throw<FormatException>();
    }

    [Theory]
    [InlineData("""{"refuse":{"status":42} }""", "status is 42. Allowed: 200 to 599.")]
    [InlineData("""{"refuse":{"status":101} }""", "status is 101.*")]
    [InlineData("""{"ping":0}""", "ping is 0.*")]
    [InlineData("""{"steps":[{"delay":-5}]}""", "delay is -5. Allowed: 0 or more.")]
    [InlineData("""{"steps":[{"wait":"audio","ms":-1}]}""", "ms is -1.*")]
    [InlineData("""{"steps":[{"event":"SentenceEnd","pad":-1}]}""", "pad is -1.*")]
    [InlineData("""{"steps":[{"raw":"x","fragment":-1}]}""", "fragment is -1.*")]
    [InlineData("""{"steps":[{"close":999}]}""", "close is 999. Allowed: 1000 to 4999.")]
    [InlineData("""{"steps":[{"close":1006}]}""", "close is 1006, which *abort*")]
    [InlineData("""{"steps":[{"close":1005,"reason":"bye"}]}""", "close is 1005, *no reason*")]
    [InlineData("""{"steps":[{"fail":1.5}]}""", "A step fails with a whole number or a text, not 1.5.")]
    [InlineData("""{"steps":[{"reset":false}]}""", "A step's abort and reset are true, or left out.")]
    [InlineData("""{"steps":[null]}""", "A step is null.")]
    [InlineData("""null""", "A connection is null.")]
    public void A_script_with_a_value_that_cannot_be_done_says_which(string connection, string message)
    {
        FluentActions.Invoking(() => Recognizer.Script($$"""{"connections":[{{connection}}]}""")).Should().Throw<FormatException>().WithMessage(message);
    }

    [Fact]
    public void A_reason_that_no_close_frame_has_room_for_is_refused()
    {
        FluentActions.Invoking(() => Recognizer.Script($$"""{"connections":[{"steps":[{"close":1000,"reason":"{{new string('é', 62)}}"}]}]}"""))
            .Should().Throw<FormatException>().WithMessage("*124 bytes*123*");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"connections":[{"stepz":[]}]}""")]
    [InlineData("""{"connections":[{"refuse":{"body":"x"} }]}""")]
    [InlineData("""{"connections":[{"steps":[{"delay":"5"}]}]}""")]
    [InlineData("""{"connections":[{"started":"no"}]}""")]
    [InlineData("""{"connections":[{"steps":{} }]}""")]
    [InlineData("""{"connections":[{"recognizer":null}]}""")]
    [InlineData("""{"connections":[{"steps":[{"wait":"start","reset":true}]}]}""")]
    public void A_mistake_in_a_script_is_told_without_names_of_our_code(string script)
    {
        FluentActions.Invoking(() => Recognizer.Script(script)).Should().Throw<FormatException>().Which.Message.Should()
            .NotContain("SpeechStream").And.NotContain("Script").And.NotContain("Payload =").And.NotContain("System.").And.NotContain(".NET").And.NotContain("nullability");
    }

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("// a reset\n")]
    [InlineData("/* a reset */ ")]
    public void A_script_may_begin_with_a_comment_or_a_byte_order_mark(string begin)
    {
        Recognizer.Script(begin + """{"connections":[{}]}""").Should().NotBeNull();
    }

    [Fact]
    public void A_script_may_be_a_file()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, """{"connections":[{}]}""");
        try
        {
            Recognizer.Script(path).Should().NotBeNull();
        }
        finally
        {
            File.Delete(path);
        }
    }
}

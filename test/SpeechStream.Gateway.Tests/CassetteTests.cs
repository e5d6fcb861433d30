using System.Net;
using System.Net.WebSockets;
using System.Text.Json;

namespace SpeechStream.Gateway.Tests;

/// <summary>Recorded sessions, served to a client that knows nothing of them.</summary>
public sealed class CassetteTests
{
    private const string Head = """{"v":1,"service":"nls","path":"/ws/v1","tool":"test","at":"2026-11-27T00:00:00Z","audio":false}""";
    private const string Open = """{"t":0,"s":1,"c":1,"kind":"open"}""";
    private const string Start = """{"t":10,"s":1,"c":1,"kind":"client","json":{"header":{"name":"StartTranscription","task_id":"recorded-task"}}}""";

    private static string Golden(Service service) => Path.Combine(AppContext.BaseDirectory, "Cassettes", $"{(service == Service.Nls ? "nls" : "dashscope")}.cassette.jsonl");

    private static Task<LocalGateway> StartAsync(Cassette cassette, double speed = double.PositiveInfinity, TimeProvider? clock = null) =>
        LocalGateway.StartAsync(new() { Recognizer = Recognizer.Replay(cassette, speed), TimeProvider = clock ?? TimeProvider.System }, TestContext.Current.CancellationToken);

    private static Cassette Read(params string[] lines)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, string.Join('\n', lines));
            return Cassette.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_message_that_is_nested_as_deeply_as_a_parser_permits_is_read_back()
    {
        const int deepest = 64;
        var message = string.Concat(Enumerable.Repeat("{\"a\":", deepest - 1)) + "{}" + new string('}', deepest - 1);
        JsonDocument.Parse(message).Dispose();

        Read(Head, Open, Start, $$"""{"t":20,"s":1,"c":1,"kind":"server","json":{{message}}}""").IsCut.Should().BeFalse();
    }

    [Theory]
    [InlineData(Service.Nls, 1200, "\"time\":880", "北京的天气。")]
    [InlineData(Service.DashScope, 1300, "\"begin_time\":500", "自我介绍一下。")]
    public async Task A_golden_cassette_answers_start_audio_and_stop_about_the_clients_own_task(Service service, int begins, string time, string text)
    {
        await using var gateway = await StartAsync(Cassette.Load(Golden(service)));
        using var client = await RawClient.ConnectAsync(gateway, service);

        await client.StartAsync();
        (await client.ReadAsync())!.Name.Should().Be("TranscriptionStarted");
        await client.AudioAsync(TestAudio.Sound(begins));
        var begin = (await client.ReadAsync())!;
        (begin.Name, begin.TaskId).Should().Be(("SentenceBegin", client.TaskId));
        begin.Json.ToJsonString().Should().Contain(time);
        await client.AudioAsync(TestAudio.Sound(3400 - begins), chunk: 1000);
        var end = (await client.ReadAsync())!;
        (end.Name, end.TaskId, end.Index, end.Result).Should().Be(("SentenceEnd", client.TaskId, 1, text));
        await client.StopAsync();
        (await client.ReadAsync())!.Name.Should().Be("TranscriptionCompleted");
        await client.CloseAsync();
        (await client.ReadAsync()).Should().BeNull();
        client.CloseStatus.Should().Be(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Connections_are_served_in_turn_and_then_from_the_first_again()
    {
        await using var gateway = await StartAsync(Cassette.Load(Golden(Service.Nls)));
        string[] last = ["TranscriptionCompleted", "TaskFailed", "TranscriptionCompleted"];
        foreach (var name in last)
        {
            using var client = await RawClient.ConnectAsync(gateway);
            await client.StartAsync();
            await client.StopAsync();
            (await client.ReadToAsync(name))[^1].Name.Should().Be(name);
        }

        gateway.StartedTasks.Should().Be(3);
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 200)]
    public async Task An_answer_comes_as_long_after_its_cause_as_the_recorded_one(double speed, int milliseconds)
    {
        var clock = new ManualTimeProvider();
        var delayed = clock.TimerSetAsync(TimeSpan.FromMilliseconds(milliseconds));
        var cassette = Read(Head, Open, Start, """{"t":410,"s":1,"c":1,"kind":"server","json":{"header":{"name":"TranscriptionStarted","task_id":"recorded-task"}}}""");
        await using var gateway = await StartAsync(cassette, speed, clock);
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        await delayed;

        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        (await client.ReadAsync())!.TaskId.Should().Be(client.TaskId);
    }

    [Fact]
    public async Task Audio_of_another_rate_counts_by_its_length()
    {
        await using var gateway = await StartAsync(Cassette.Load(Golden(Service.Nls)));
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync("""{"sample_rate":8000}""");

        await client.AudioAsync(TestAudio.Sound(1200, sampleRate: 8000));

        (await client.ReadToAsync("SentenceBegin"))[^1].Name.Should().Be("SentenceBegin");
    }

    [Fact]
    public async Task Messages_that_are_no_JSON_come_as_they_were()
    {
        await using var gateway = await StartAsync(Read(
            Head, Open, """{"t":1,"s":1,"c":1,"kind":"server","text":"half a\nmessage"}""", """{"t":1,"s":1,"c":1,"kind":"server","bytes":2,"data":"AQI="}""",
            """{"t":1,"s":1,"c":1,"kind":"server","json":{"a" : 1.0,"b":"\u00e9"}}"""));
        using var client = await RawClient.ConnectAsync(gateway);

        (await client.ReadTextAsync()).Should().Be("half a\nmessage");
        (await client.ReadTextAsync()).Should().Be("\u0001\u0002");
        (await client.ReadTextAsync()).Should().Be("""{"a" : 1.0,"b":"\u00e9"}""");
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_dropped()
    {
        var clock = new ManualTimeProvider();
        var waiting = clock.TimerSetAsync(TimeSpan.FromSeconds(10));
        var large = $$$"""{"t":20,"s":1,"c":1,"kind":"server","json":{"pad":"{{{new string('x', 16_000_000)}}}"}}""";
        await using var gateway = await StartAsync(Read(Head, Open, Start, large), clock: clock);
        using var client = await RawClient.ConnectAsync(gateway, receiveBuffer: 4096);
        await client.StartAsync();

        await waiting.Within("the message isn't taken");
        clock.Advance(TimeSpan.FromSeconds(10));

        await Patience.Until(() => gateway.OpenConnections == 0);
    }

    [Fact]
    public async Task A_client_that_does_not_notice_the_end_of_the_stream_is_dropped()
    {
        var clock = new ManualTimeProvider();
        var (losing, dropping) = (clock.TimerSetAsync(TimeSpan.FromSeconds(1)), clock.TimerSetAsync(TimeSpan.FromSeconds(5)));
        await using var gateway = await StartAsync(Read(Head, Open, Start, """{"t":20,"s":1,"c":1,"kind":"lost","how":"end"}"""), clock: clock);
        using var client = await RawClient.ConnectAsync(gateway);
        await client.StartAsync();
        await losing.Within("what was sent before is still on its way");
        clock.Advance(TimeSpan.FromSeconds(1));

        await dropping.Within("the stream has ended");
        clock.Advance(TimeSpan.FromSeconds(5));

        await Patience.Until(() => gateway.OpenConnections == 0);
    }

    [Fact]
    public async Task A_refusal_has_its_status_and_a_client_of_the_other_service_is_told()
    {
        await using var gateway = await StartAsync(Read(Head, """{"t":1,"s":1,"c":1,"kind":"refused","status":503,"retryAfter":7,"text":"Busy."}"""));

        var other = () => RawClient.ConnectAsync(gateway, Service.DashScope);
        (await other.Should().ThrowAsync<WebSocketException>()).WithMessage("*404*");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new UriBuilder(gateway.Endpoint) { Scheme = "http" }.Uri);
        request.Headers.Connection.ParseAdd("Upgrade");
        request.Headers.Upgrade.ParseAdd("websocket");
        request.Headers.Add("Sec-WebSocket-Version", "13");
        request.Headers.Add("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==");
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter!.Delta.Should().Be(TimeSpan.FromSeconds(7));
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Be("Busy.");
    }

    [Fact]
    public async Task A_handshake_that_was_not_answered_is_not_answered()
    {
        await using var gateway = await StartAsync(Read(Head, """{"t":1,"s":1,"c":1,"kind":"unreachable","text":"No connection."}"""));

        var connecting = () => RawClient.ConnectAsync(gateway);

        (await connecting.Should().ThrowAsync<WebSocketException>()).Which.InnerException.Should().BeOfType<HttpRequestException>();
    }

    [Fact]
    public void The_last_line_may_be_cut_and_what_is_not_known_is_skipped()
    {
        var cassette = Read(Head, Open, Start, """{"t":11,"s":1,"c":1,"kind":"of a later version"}""", """{"t":12,"s":1,"c":1,"kind":"ser""");

        (cassette.Service, cassette.SessionCount, cassette.ConnectionCount, cassette.IsCut).Should().Be(("nls", 1, 1, true));
    }

    [Fact]
    public void A_blank_line_at_the_end_cuts_nothing()
    {
        Read(Head, Open, "", "").IsCut.Should().BeFalse();
    }

    [Theory]
    [InlineData("*empty*")]
    [InlineData("*no cassette*", "RIFF")]
    [InlineData("*no cassette*", "{}")]
    [InlineData("*version 2*later*", """{"v":2,"service":"nls"}""")]
    [InlineData("*'other'*", """{"v":1,"service":"other"}""")]
    [InlineData("*\"v\"*number*", """{"v":"1","service":"nls"}""")]
    [InlineData("*\"service\"*text*", """{"v":1,"service":5}""")]
    [InlineData("*no connection*", Head)]
    [InlineData("*Line 2*", Head, "{", Open)]
    [InlineData("*Line 2*", Head, """{"t":"a","s":1,"c":1,"kind":"open"}""")]
    public void What_is_no_cassette_is_refused_with_the_reason(string reason, params string[] lines)
    {
        FluentActions.Invoking(() => Read(lines)).Should().Throw<FormatException>().WithMessage(reason);
    }

    [Fact]
    public void The_speed_is_more_than_0()
    {
        FluentActions.Invoking(() => Recognizer.Replay(Cassette.Load(Golden(Service.Nls)), 0)).Should().Throw<ArgumentOutOfRangeException>();
    }
}

namespace SpeechStream.Gateway.Tests;

/// <summary>Scripts speak of events as NLS does, and over DashScope the gateway translates them.</summary>
public sealed class DashScopeScriptTests
{
    private static async Task<List<Event>> RunAsync(string steps, string until = "TranscriptionCompleted", string more = "")
    {
        var script = $$"""{"connections":[{{{more}}"steps":[{"wait":"start"},{{steps}}]}]}""";
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Script(script) }, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        client.TaskId = "task";
        await client.StartAsync();
        await client.StopAsync();
        return await client.ReadToAsync(until);
    }

    private static async Task<string> SentenceAsync(string before, string step) => (await RunAsync(before + step))[^2].Sentence!.ToJsonString();

    [Fact]
    public async Task A_begin_has_no_text_and_no_end() =>
        (await SentenceAsync("", """{"event":"SentenceBegin","payload":{"index":3,"time":120}}""")).Should().Be(
            """{"sentence_id":3,"begin_time":120,"end_time":null,"text":"","sentence_end":false,"sentence_begin":true,"words":[]}""");

    [Fact]
    public async Task A_result_has_the_begin_of_its_sentence_and_its_words()
    {
        const string Begin = """{"event":"SentenceBegin","payload":{"index":1,"time":120}},{"event":"SentenceBegin","payload":{"index":2,"time":900}},""";

        (await SentenceAsync(Begin, """
            {"event":"TranscriptionResultChanged","payload":{"index":1,"time":500,"result":"a b","confidence":0.9,"status":0,
            "words":[{"text":"a","startTime":120,"endTime":300},{"text":"b","startTime":300,"endTime":500}]}}
            """)).Should().Be(
            """
            {"sentence_id":1,"text":"a b","words":[{"begin_time":120,"end_time":300,"text":"a","punctuation":"","fixed":false,"speaker_id":null},
            {"begin_time":300,"end_time":500,"text":"b","punctuation":"","fixed":false,"speaker_id":null}],"begin_time":120,"end_time":null,"sentence_end":false}
            """.ReplaceLineEndings(""));
        (await SentenceAsync(Begin, """{"event":"TranscriptionResultChanged","payload":{"index":2,"time":1200,"result":"a b"}}""")).Should().Be(
            """{"sentence_id":2,"text":"a b","begin_time":900,"end_time":null,"sentence_end":false,"words":[{"begin_time":900,"end_time":1200,"text":"a b","punctuation":""}]}""");
    }

    [Fact]
    public async Task An_end_has_its_times_and_its_stash() =>
        (await SentenceAsync("", """
            {"event":"SentenceEnd","payload":{"index":1,"begin_time":100,"time":900,"result":"ab","confidence":1,"gender":"","sentence_id":"x",
            "stash_result":{"sentenceId":2,"beginTime":900,"text":"","currentTime":950}}}
            """)).Should().Be(
            """
            {"sentence_id":1,"begin_time":100,"end_time":900,"text":"ab","sentence_end":true,
            "stash":{"sentence_id":2,"text":"","begin_time":900,"current_time":950,"words":[]}}
            """.ReplaceLineEndings(""));

    [Fact]
    public async Task Wrong_and_unknown_values_are_handed_on() =>
        (await SentenceAsync("", """{"event":"SentenceEnd","payload":{"index":"one","time":-5,"result":null,"words":"none","other":[1]}}""")).Should().Be(
            """{"sentence_id":"one","end_time":-5,"text":null,"words":"none","other":[1],"sentence_end":true}""");

    [Fact]
    public async Task Fields_of_the_header_are_replaced_but_not_those_of_NLS()
    {
        var events = await RunAsync("""{"event":"SentenceBegin","payload":{"index":1,"time":0},"header":{"task_id":"other","status":1,"message_id":"m","extra":true}}""");

        events[1].Header.ToJsonString().Should().Be("""{"task_id":"other","event":"result-generated","attributes":{},"extra":true}""");
    }

    [Fact]
    public async Task Start_and_completion_can_be_scripted()
    {
        var events = await RunAsync("""{"event":"TranscriptionStarted"},{"wait":"stop"},{"event":"TranscriptionCompleted"}""", more: "\"started\":false,\"completed\":false,");

        events.Select(e => (string)e.Header["event"]!).Should().Equal("task-started", "task-finished");
    }

    [Fact]
    public async Task Its_own_events_are_sent_as_they_are()
    {
        var events = await RunAsync("""{"event":"result-generated","payload":{"output":{"sentence":{"sentence_id":0,"heartbeat":true}}}},{"event":"task-paused"}""");

        events[1].Json.ToJsonString().Should().Be(
            """
            {"header":{"task_id":"task","event":"result-generated","attributes":{}},"payload":{"output":{"sentence":{"sentence_id":0,"heartbeat":true}}}}
            """);
        events[2].Json.ToJsonString().Should().Be("""{"header":{"task_id":"task","event":"task-paused","attributes":{}},"payload":{}}""");
    }

    [Theory]
    [InlineData("""{"fail":40000001}""", "InvalidApiKey", "Invalid API-key provided.")]
    [InlineData("""{"fail":40000004}""", "CLIENT_ERROR", "request timeout after 23 seconds.")]
    [InlineData("""{"fail":40000005}""", "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.")]
    [InlineData("""{"fail":40000005,"text":"Gateway:TOO_MANY_REQUESTS:Too many requests!"}""", "Throttling.RateQuota", "Gateway:TOO_MANY_REQUESTS:Too many requests!")]
    [InlineData("""{"fail":40000010}""", "Arrearage", "Arrearage")]
    [InlineData("""{"fail":40270002}""", "NO_VALID_AUDIO_ERROR", "NO_VALID_AUDIO_ERROR")]
    [InlineData("""{"fail":40270003}""", "CLIENT_ERROR", "Failed to decode audio")]
    [InlineData("""{"fail":41010100}""", "UNSUPPORTED_FORMAT", "UNSUPPORTED_FORMAT")]
    [InlineData("""{"fail":50000000}""", "InternalError", "Internal server error!")]
    [InlineData("""{"fail":51040103}""", "InternalError", "Internal server error!")]
    [InlineData("""{"fail":40010003}""", "InvalidParameter", "Invalid parameter!")]
    [InlineData("""{"fail":"Throttling.BurstRate"}""", "Throttling.BurstRate", "Throttling.BurstRate")]
    [InlineData("""{"event":"TaskFailed","header":{"status":40000005}}""", "Throttling.RateQuota", "Requests rate limit exceeded, please try again later.")]
    [InlineData("""{"event":"TaskFailed","header":{"status":50000000,"status_text":"why"}}""", "InternalError", "why")]
    [InlineData("""{"event":"task-failed","header":{"error_code":"E","error_message":"m"}}""", "E", "m")]
    public async Task A_failure_has_the_code_that_means_the_same(string step, string code, string text)
    {
        var failed = (await RunAsync(step, "TaskFailed"))[^1];

        (failed.TaskId, failed.ErrorCode, failed.ErrorMessage).Should().Be(("task", code, text));
        failed.Payload.Should().BeEmpty();
    }
}

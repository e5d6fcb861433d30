using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

public sealed class DialectTests
{
    private const string Everything = """{"enable_intermediate_result":true,"enable_words":true,"session_id":"mine"}""";

    private static async Task<List<Event>> TranscribeAsync(LocalGatewayOptions options, string payload = Everything)
    {
        await using var gateway = await LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway);
        return await client.TranscribeAsync(TestAudio.Sound(1000), payload);
    }

    private static IEnumerable<string> Keys(JsonObject json) => json.Select(p => p.Key);

    [Fact]
    public async Task Headers_look_like_the_live_service()
    {
        foreach (var e in await TranscribeAsync(new()))
        {
            Keys(e.Header).Should().Equal("namespace", "name", "status", "message_id", "task_id", "status_text");
            e.Status.Should().Be(20000000);
            e.StatusText.Should().Be("Gateway:SUCCESS:Success.");
            ((string)e.Header["namespace"]!).Should().Be("SpeechTranscriber");
        }
    }

    [Fact]
    public async Task The_current_dialect_has_all_keys_and_status_0()
    {
        var events = await TranscribeAsync(new());

        var changed = events.First(e => e.Name == "TranscriptionResultChanged").Payload;
        Keys(changed).Should().BeEquivalentTo("index", "time", "result", "confidence", "words", "status", "fixed_result", "unfixed_result");
        var end = events.Single(e => e.Name == "SentenceEnd").Payload;
        Keys(end).Should().BeEquivalentTo(
            "index", "time", "result", "confidence", "words", "status", "gender", "begin_time", "fixed_result", "unfixed_result",
            "stash_result", "audio_extra_info", "sentence_id", "gender_score");
        end["stash_result"]!.ToJsonString().Should().Be(
            """{"sentenceId":2,"beginTime":1000,"text":"","fixedText":"","unfixedText":"","currentTime":1000,"words":[]}""");
        ((int)end["status"]!).Should().Be(0);
    }

    [Fact]
    public async Task The_2019_dialect_has_the_old_keys_only_and_confidence_0()
    {
        var end = (await TranscribeAsync(new() { Dialect = GatewayDialect.Legacy2019 })).Single(e => e.Name == "SentenceEnd").Payload;

        Keys(end).Should().BeEquivalentTo("index", "time", "begin_time", "result", "confidence", "words", "status", "stash_result");
        end["confidence"]!.ToJsonString().Should().Be("0.0");
        ((int)end["status"]!).Should().Be(20000000);
        end["stash_result"]!.ToJsonString().Should().Be("""{"sentenceId":0,"beginTime":0,"text":"","currentTime":0}""");
    }

    [Fact]
    public async Task Words_and_intermediate_results_come_only_when_asked_for()
    {
        var words = (await TranscribeAsync(new())).Single(e => e.Name == "SentenceEnd").Payload["words"]!.AsArray();
        words.Select(w => ((int)w!["startTime"]!, (int)w["endTime"]!)).Should().Equal((0, 250), (250, 500), (500, 750), (750, 1000));

        var plain = await TranscribeAsync(new(), "{}");
        plain.Should().NotContain(e => e.Name == "TranscriptionResultChanged");
        plain.Single(e => e.Name == "SentenceEnd").Payload["words"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task The_session_id_is_echoed_or_drawn_or_left_out()
    {
        ((string)(await TranscribeAsync(new()))[0].Payload["session_id"]!).Should().Be("mine");
        ((string)(await TranscribeAsync(new(), "{}"))[0].Payload["session_id"]!).Should().HaveLength(32);
        (await TranscribeAsync(new() { SendSessionId = false }))[0].Json.Should().NotContainKey("payload");
    }

    [Fact]
    public async Task Headers_can_say_status_message_and_everything_can_carry_unknown_keys()
    {
        foreach (var e in await TranscribeAsync(new() { UseStatusMessage = true, AddUnknownKeys = true }))
        {
            e.Header.Should().ContainKey("status_message").And.NotContainKey("status_text");
            e.Header.Should().ContainKey("unknown_key");
            e.Json.Should().ContainKey("unknown_key");
        }
    }
}

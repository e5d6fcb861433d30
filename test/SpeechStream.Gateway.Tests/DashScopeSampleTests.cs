using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

/// <summary>The messages have the shape of those in the vendor's documents and of those that others recorded.</summary>
public sealed class DashScopeSampleTests
{
    private static JsonObject Sample(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", name)))!.AsObject();

    /// <summary>Keys and kinds of values, in order; of lists the first element.</summary>
    private static string Shape(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject json => $"{{{string.Join(", ", json.Select(p => $"{p.Key}: {Shape(p.Value)}"))}}}",
        JsonArray { Count: 0 } => "[]",
        JsonArray list => $"[{Shape(list[0])}]",
        _ => node.GetValueKind() is System.Text.Json.JsonValueKind.False ? "True" : node.GetValueKind().ToString(),
    };

    private static async Task<List<Event>> TranscribeAsync(LocalGatewayOptions options, byte[] audio, string parameters = """{"heartbeat":true}""")
    {
        await using var gateway = await LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        return await client.TranscribeAsync(audio, parameters);
    }

    [Theory]
    [InlineData("TranscriptionStarted", "server.01-task-started.json")]
    [InlineData("SentenceBegin", "server.02-result.sentence-begin.capture.json")]
    [InlineData("TranscriptionResultChanged", "server.04-result.partial.fun-asr-doc.json")]
    [InlineData("SentenceEnd", "server.06-result.final.stash.capture.json")]
    [InlineData("Heartbeat", "server.09-result.heartbeat.json")]
    public async Task A_message_has_the_shape_of_the_sample(string name, string sample)
    {
        var events = await TranscribeAsync(new() { Recognizer = Recognizer.Say("你好 啊。") }, TestAudio.Silence(4000));

        Shape(events.First(e => e.Name == name).Json).Should().Be(Shape(Sample(sample)));
    }

    [Fact]
    public async Task What_is_billed_is_in_the_last_message_unless_there_was_no_audio()
    {
        var empty = await TranscribeAsync(new(), []);
        empty[^1].Json["payload"]!.ToJsonString().Should().Be(Sample("server.11-task-finished.usage-null.json")["payload"]!.ToJsonString());

        var billed = Sample("server.12-task-finished.usage.json");
        foreach (var tokens in (string[])["input_tokens", "output_tokens", "total_tokens"])
        {
            billed["payload"]!["usage"]!.AsObject().Remove(tokens);
        }

        Shape((await TranscribeAsync(new(), TestAudio.Sound(1001)))[^1].Json).Should().Be(Shape(billed));
    }

    [Fact]
    public async Task A_wave_header_is_not_billed()
    {
        byte[] header = [.. "RIFF"u8, 0, 0, 0, 0, .. "WAVEdata"u8, 0, 0, 0, 0];

        (await TranscribeAsync(new(), [.. header, .. TestAudio.Sound(1000)], """{"format":"wav"}"""))[^1].Duration.Should().Be(1);
    }

    public static TheoryData<string> Failures =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Samples"), "server.1*task-failed*").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_looks_like_the_sample_and_a_script_can_have_all_of_them(string sample)
    {
        var expected = Sample(sample);
        var (code, text) = ((string)expected["header"]!["error_code"]!, (string)expected["header"]!["error_message"]!);
        var script = new JsonObject { ["fail"] = code, ["text"] = text };
        var recognizer = Recognizer.Script($$"""{"connections":[{"steps":[{"wait":"start"},{{script.ToJsonString()}}]}]}""");
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = recognizer }, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        client.TaskId = (string)expected["header"]!["task_id"]!;

        await client.StartAsync();

        (await client.ReadToAsync("TaskFailed"))[^1].ToString().Should().Be(expected.ToJsonString());
    }

    [Theory]
    [InlineData("client.01-run-task.minimal.json")]
    [InlineData("client.02-run-task.paraformer-all-parameters.json")]
    [InlineData("client.03-run-task.qwen-audio-all-parameters.json")]
    public async Task The_messages_of_clients_are_understood(string start)
    {
        await using var gateway = await LocalGateway.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);

        foreach (var message in (string[])[start, "client.06-continue-task.context.json", "client.07-finish-task.json"])
        {
            await client.TextAsync(Sample(message).ToJsonString());
        }

        (await client.ReadToAsync("TranscriptionCompleted")).Select(e => e.Name).Should().Equal("TranscriptionStarted", "TranscriptionCompleted");
    }

    [Fact]
    public async Task Everything_can_carry_unknown_keys()
    {
        foreach (var e in await TranscribeAsync(new() { AddUnknownKeys = true }, TestAudio.Sound(1000)))
        {
            e.Header.Should().ContainKey("unknown_key");
            e.Json.Should().ContainKey("unknown_key");
            e.Payload.Should().ContainKey("unknown_key");
        }
    }
}

using System.Text.Json.Nodes;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Tests;

public sealed class JsonLinesTests
{
    [Fact]
    public async Task Every_event_is_a_line_with_its_type_the_file_and_times_in_milliseconds()
    {
        await using var gateway = await LocalGateway.StartAsync();
        using var recording = Recording.Wave(4.5);

        var events = await TranscribeAsync(gateway, recording);

        events.Should().OnlyContain(e => (string)e["file"]! == recording.Path);
        events.Should().OnlyContain(e => ((string)e["taskId"]!).Length == 32);
        // How many interim results are left depends on who is faster.
        events.Select(e => (string)e["event"]!).Distinct().Where(name => name != "TranscriptionResultChanged").Should().Equal(
            "TranscriptionStarted", "SentenceBegin", "SentenceEnd", "TranscriptionCompleted", "ChannelClosed");
        var finals = events.Where(e => (string)e["event"]! == "SentenceEnd").ToList();
        finals.Select(e => (string)e["text"]!).Should().Equal(recording.Sentences);
        finals.Select(e => ((int)e["index"]!, (long)e["beginTime"]!, (long)e["time"]!)).Should().Equal((1, 0, 2000), (2, 2000, 4000), (3, 4000, 4500));
        ((int)events[^1]["closeStatus"]!).Should().Be(1000);
    }

    [Fact]
    public async Task Chinese_words_and_unknown_events_are_written_as_they_are()
    {
        await using var gateway = await StartAsync("""
            {"event":"SentenceEnd","payload":{"index":1,"time":900,"begin_time":100,"result":"你好，世界。","words":[{"text":"你好","startTime":100,"endTime":400}]}},
            {"event":"SentenceSemantics","payload":{"index":1,"nlp":{"名":1.5}}},
            {"event":"Heartbeat"}
            """);
        using var recording = Recording.Raw(1);

        var events = await TranscribeAsync(gateway, recording);

        ((string)events[1]["text"]!).Should().Be("你好，世界。");
        events[1]["words"]!.ToJsonString().Should().Be(JsonNode.Parse("""[{"text":"你好","startTime":100,"endTime":400}]""")!.ToJsonString());
        ((string)events[2]["name"]!).Should().Be("SentenceSemantics");
        ((double)events[2]["payload"]!["nlp"]!["名"]!).Should().Be(1.5);
        ((string)events[3]["name"]!).Should().Be("Heartbeat");
    }

    [Fact]
    public async Task A_reconnect_is_a_line_of_each_kind_and_a_warning_and_loses_nothing()
    {
        await using var gateway = await LocalGateway.StartAsync(new()
        {
            Recognizer = Recognizer.Script("""
                {"connections":[{"recognizer":"digest","steps":[{"wait":"audio","ms":3000},{"reset":true}]},{"recognizer":"digest"}]}
                """),
        });
        using var recording = Recording.Wave(5);
        var command = new CommandLine();

        var events = await TranscribeAsync(gateway, recording, command);

        events.Where(e => (string)e["event"]! == "SentenceEnd").Select(e => (string)e["text"]!).Should().Equal(recording.Sentences);
        var lost = events.Single(e => (string)e["event"]! == "Reconnecting");
        ((string)lost["cause"]!).Should().NotBeEmpty();
        ((int)lost["attempt"]!).Should().Be(1);
        ((long)events.Single(e => (string)e["event"]! == "Reconnected")["outage"]!).Should().BeGreaterThanOrEqualTo(0);
        command.ErrorLines.Should().ContainSingle().Which.Should().StartWith($"speechstream: {recording.Path}: no connection; attempt 1 in ");
    }

    [Fact]
    public async Task The_last_line_has_the_summary_also_of_a_failure()
    {
        await using var gateway = await StartAsync("""{"fail":40000003,"text":"because"}""");
        using var recording = Recording.Raw(1);

        var events = await TranscribeAsync(gateway, recording, exitCode: 1);

        var summary = events[^1]["summary"]!;
        ((long)summary["audioWritten"]!).Should().Be(1000);
        ((long)summary["audioLost"]!).Should().Be(1000);
        ((bool)summary["drained"]!).Should().BeFalse();
        ((string)summary["error"]!).Should().Contain("40000003");
    }

    [Fact]
    public void Every_type_of_event_can_be_written()
    {
        var types = typeof(TranscriptionEvent).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(TranscriptionEvent))).ToList();
        var command = new CommandLine();
        var transcript = new JsonTranscript(new Screen(command.Surroundings));

        types.ForEach(type => transcript.Write("-", null, (TranscriptionEvent)Activator.CreateInstance(type)!));

        command.OutputLines.Select(line => (string)JsonNode.Parse(line)!["event"]!).Should().Equal(types.Select(type => type.Name));
    }

    private static Task<LocalGateway> StartAsync(string steps) =>
        LocalGateway.StartAsync(new() { Recognizer = Recognizer.Script($$"""{"connections":[{"steps":[{"wait":"audio","ms":1000},{{steps}}]}]}""") });

    private static async Task<List<JsonNode>> TranscribeAsync(LocalGateway gateway, Recording recording, CommandLine? command = null, int exitCode = 0)
    {
        command ??= new CommandLine();
        (await command.RunAsync("transcribe", recording.Path, "--endpoint", gateway.Endpoint.ToString(), "--speed", "max", "--format", "jsonl")).Should().Be(exitCode);
        return [.. command.OutputLines.Select(line => JsonNode.Parse(line)!)];
    }
}

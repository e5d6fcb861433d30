using System.Text.Json.Nodes;

namespace SpeechStream.Gateway.Tests;

public sealed class DashScopeTaskTests
{
    private static Task<LocalGateway> StartAsync(LocalGatewayOptions? options = null) =>
        LocalGateway.StartAsync(options, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_task_has_its_messages_in_order_with_times_words_and_what_is_billed()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway, Service.DashScope);
        var audio = TestAudio.Sound(2700);

        var events = await client.TranscribeAsync(audio);

        events.Where(e => e.Name != "TranscriptionResultChanged").Select(e => e.Name).Should().Equal(
            "TranscriptionStarted", "SentenceBegin", "SentenceEnd", "SentenceBegin", "SentenceEnd", "TranscriptionCompleted");
        events.Should().OnlyContain(e => e.TaskId == client.TaskId);
        var ends = events.Where(e => e.Name == "SentenceEnd").ToList();
        ends.Select(e => e.Result).Should().Equal(Recognizer.DigestOf(audio).Select(s => s.Text));
        ends.Select(e => (e.Index, e.BeginTime, e.Time, e.Duration)).Should().Equal((1, 0, 2000, 2), (2, 2000, 2700, 3));
        events[^1].Duration.Should().Be(3);
        events.Count(e => e.Name == "TranscriptionResultChanged").Should().Be(8);
    }
}

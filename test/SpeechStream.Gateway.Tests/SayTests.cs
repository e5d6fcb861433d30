namespace SpeechStream.Gateway.Tests;

public sealed class SayTests
{
    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task A_sentence_is_said_every_two_seconds_and_the_rest_at_the_stop(Service service)
    {
        var events = await SayAsync(service, TestAudio.Silence(2500), "{}", ["good morning", "how are you", "good bye"]);

        events.Where(e => e.Name == "SentenceEnd").Select(e => (e.BeginTime, e.Time, e.Result)).Should().Equal(
            (0, 2000, "good morning"), (2000, 2250, "how are you"), (2250, 2500, "good bye"));
    }

    [Theory]
    [MemberData(nameof(Services.Both), MemberType = typeof(Services))]
    public async Task All_sentences_are_said_when_there_is_no_audio(Service service)
    {
        var events = await SayAsync(service, [], "{}", ["good morning", "good bye"]);

        events.Where(e => e.Name == "SentenceEnd").Select(e => (e.Time, e.Result)).Should().Equal((0, "good morning"), (0, "good bye"));
    }

    [Fact]
    public async Task Nothing_is_said_after_the_last_sentence()
    {
        var events = await SayAsync(Service.Nls, TestAudio.Sound(9000), "{}", ["good morning"]);

        events.Select(e => e.Name).Should().Equal("TranscriptionStarted", "SentenceBegin", "SentenceEnd", "TranscriptionCompleted");
    }

    [Theory]
    [InlineData(Service.Nls, 7)]
    [InlineData(Service.Nls, 3200)]
    [InlineData(Service.Nls, 70_000)]
    [InlineData(Service.DashScope, 3200)]
    public async Task Interim_results_grow_by_a_word(Service service, int chunk)
    {
        var events = await SayAsync(service, TestAudio.Sound(4000), """{"enable_intermediate_result":true}""", ["how are you"], chunk);

        events.Where(e => e.Name is "TranscriptionResultChanged" or "SentenceEnd").Select(e => (e.Time, e.Result)).Should().Equal(
            (666, "how"), (1333, "how are"), (2000, "how are you"));
    }

    [Fact]
    public async Task Each_task_begins_with_the_first_sentence()
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say("good morning") }, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway);
        await client.TranscribeAsync(TestAudio.Silence(0));

        var events = await client.TranscribeAsync(TestAudio.Silence(0));

        events.Single(e => e.Name == "SentenceEnd").Result.Should().Be("good morning");
    }

    [Fact]
    public async Task DashScope_has_the_punctuation_of_words_apart()
    {
        var end = (await SayAsync(Service.DashScope, [], "{}", ["Good morning, C#… 你好。 ?!"])).Single(e => e.Name == "SentenceEnd");

        end.Sentence!["words"]!.AsArray().Select(w => ((string)w!["text"]!, (string)w["punctuation"]!)).Should().Equal(
            ("Good", ""), ("morning", ","), ("C", "#…"), ("你好", "。"), ("?!", ""));
        string.Join(' ', end.Words.Select(w => w.Text)).Should().Be(end.Result);
    }

    private static async Task<List<Event>> SayAsync(Service service, byte[] audio, string parameters, string[] sentences, int chunk = 3200)
    {
        await using var gateway = await LocalGateway.StartAsync(new() { Recognizer = Recognizer.Say(sentences) }, TestContext.Current.CancellationToken);
        using var client = await RawClient.ConnectAsync(gateway, service);
        return await client.TranscribeAsync(audio, parameters, chunk);
    }
}

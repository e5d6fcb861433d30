using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SpeechStream.Gateway;

namespace SpeechStream.Extensions.AI.Tests;

public sealed class SpeechToTextTests
{
    [Fact]
    public async Task A_recording_becomes_the_text_of_all_its_sentences()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var audio = Transcriber.Speech(seconds: 5);
        var sentences = Recognizer.DigestOf(audio, 16000).ToList();

        var response = await transcriber.SpeechToText.GetTextAsync(new MemoryStream(audio));

        response.Text.Should().Be(string.Join(' ', sentences.Select(sentence => sentence.Text)));
        response.StartTime.Should().Be(TimeSpan.Zero);
        response.EndTime.Should().Be(TimeSpan.FromSeconds(5));
        response.Usage!.AdditionalCounts!["audio_milliseconds"].Should().Be(5000);
        response.ResponseId.Should().NotBeNullOrEmpty();
        response.RawRepresentation.Should().BeAssignableTo<IReadOnlyList<SentenceEnd>>().Which.Should().HaveCount(sentences.Count);
    }

    [Fact]
    public async Task Finals_put_together_are_the_text_and_interim_results_show_its_growth()
    {
        await using var transcriber = await Transcriber.ScriptedAsync(
            """
            {"steps":[{"wait":"start"},
              {"event":"TranscriptionResultChanged","payload":{"index":1,"time":500,"result":"你"}},
              {"event":"TranscriptionResultChanged","payload":{"index":1,"time":900,"result":"你好"}},
              {"event":"SentenceEnd","payload":{"index":1,"begin_time":0,"time":1000,"result":"你好，世界。"}},
              {"event":"TranscriptionResultChanged","payload":{"index":2,"time":1500,"result":"Good"}},
              {"event":"SentenceEnd","payload":{"index":2,"begin_time":1000,"time":2000,"result":"Hello."}},
              {"event":"SentenceEnd","payload":{"index":3,"begin_time":2000,"time":3000,"result":"How are you?"}},
              {"event":"TranscriptionResultChanged","payload":{"index":4,"time":3100,"result":"Well"}}]}
            """);

        var updates = await ReadAsync(transcriber.SpeechToText.GetStreamingTextAsync(new MemoryStream(Transcriber.Speech(seconds: 3))));

        var (interim, others) = (updates.Where(IsInterim).ToList(), updates.Where(update => !IsInterim(update)).ToList());
        others.ToSpeechToTextResponse().Text.Should().Be("你好，世界。Hello. How are you?");
        interim.Should().NotBeEmpty().And
            .OnlyContain(update => update.Text.Length > 0 && update.Text == ((TranscriptionResultChanged)update.RawRepresentation!).Text);
        others.Where(update => update.Text != "").Select(update => (update.StartTime, update.EndTime)).Should().Equal(
            (TimeSpan.Zero, TimeSpan.FromSeconds(1)), (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3)));
        updates[0].Kind.Should().Be(SpeechToTextResponseUpdateKind.SessionOpen);
        updates[^1].Kind.Should().Be(SpeechToTextResponseUpdateKind.SessionClose);
        updates.Select(update => update.ResponseId).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Streamed_updates_put_together_are_the_text_by_default()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var audio = Transcriber.Speech(seconds: 3);

        var response = await transcriber.Client.AsSpeechToTextClient(new() { SendRate = double.PositiveInfinity }).GetStreamingTextAsync(new MemoryStream(audio)).ToSpeechToTextResponseAsync();

        response.Text.Should().Be(string.Join(' ', Recognizer.DigestOf(audio, 16000).Select(sentence => sentence.Text)));
    }

    [Fact]
    public async Task The_stream_stays_open()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var audio = new MemoryStream(Transcriber.Speech(seconds: 1));

        await transcriber.SpeechToText.GetTextAsync(audio);

        audio.CanRead.Should().BeTrue();
    }

    [Fact]
    public async Task A_lost_connection_is_an_error_update_and_costs_no_text()
    {
        await using var transcriber = await Transcriber.ScriptedAsync(
            """{"recognizer":"digest","steps":[{"wait":"audio","ms":3000},{"reset":true}]},{"recognizer":"digest"}""");
        var audio = Transcriber.Speech(seconds: 6);

        var updates = await ReadAsync(transcriber.SpeechToText.GetStreamingTextAsync(new MemoryStream(audio)));

        updates.Where(update => !IsInterim(update)).ToSpeechToTextResponse().Text.Should().Be(string.Join(' ', Recognizer.DigestOf(audio, 16000).Select(sentence => sentence.Text)));
        updates.Should().ContainSingle(update => update.Kind == SpeechToTextResponseUpdateKind.Error)
            .Which.Contents.Should().ContainSingle().Which.Should().BeOfType<ErrorContent>().Which.ErrorCode.Should().Be(nameof(SpeechConnectionException));
    }

    [Fact]
    public async Task A_failed_task_throws_what_the_session_threw()
    {
        await using var transcriber = await Transcriber.ScriptedAsync("""{"steps":[{"wait":"start"},{"fail":40000003,"text":"no"}]}""");

        var transcribing = () => transcriber.SpeechToText.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)));

        (await transcribing.Should().ThrowAsync<SpeechServiceException>()).Which.StatusCode.Should().Be(40000003);
    }

    [Fact]
    public async Task Canceling_throws_with_the_callers_token()
    {
        await using var transcriber = await Transcriber.StartAsync();
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();

        var transcribing = () => transcriber.SpeechToText.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), null, cancellation.Token);

        (await transcribing.Should().ThrowAsync<OperationCanceledException>()).Which.CancellationToken.Should().Be(cancellation.Token);
    }

    [Fact]
    public async Task The_callers_options_reach_the_session()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var options = new SpeechToTextOptions
        {
            RawRepresentationFactory = _ => new SpeechStream.TranscriptionOptions { SendRate = double.PositiveInfinity, SessionId = "0123456789abcdef0123456789abcdef" },
            SpeechSampleRate = 8000,
        };

        var response = await transcriber.SpeechToText.GetTextAsync(new MemoryStream(Transcriber.Speech(seconds: 1)), options);

        response.ResponseId.Should().Be("0123456789abcdef0123456789abcdef");
        response.EndTime.Should().Be(TimeSpan.FromSeconds(2), "8,000 samples a second make twice as much time of the same bytes");
    }

    [Fact]
    public async Task It_composes_with_the_container_and_gives_the_client_behind_it()
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("SpeechStream:AppKey", "app-key"), new("SpeechStream:Token", "token")]);
        var services = new ServiceCollection();
        services.AddSpeechStream(configuration.GetSection("SpeechStream"));
        services.AddSpeechToTextClient(provider => provider.GetRequiredService<SpeechStreamClient>().AsSpeechToTextClient());
        await using var provider = services.BuildServiceProvider();

        var client = provider.GetRequiredService<ISpeechToTextClient>();

        client.GetService<SpeechStreamClient>().Should().BeSameAs(provider.GetRequiredService<SpeechStreamClient>());
        client.GetService<SpeechToTextClientMetadata>()!.ProviderName.Should().Be("alibaba_cloud");
        client.GetService<ISpeechToTextClient>().Should().BeSameAs(client);
        client.GetService<SpeechStreamClient>("key").Should().BeNull();
    }

    private static bool IsInterim(SpeechToTextResponseUpdate update) => update.Kind == SpeechToTextResponseUpdateKind.TextUpdating;

    private static async Task<List<SpeechToTextResponseUpdate>> ReadAsync(IAsyncEnumerable<SpeechToTextResponseUpdate> stream)
    {
        var updates = new List<SpeechToTextResponseUpdate>();
        await foreach (var update in stream)
        {
            updates.Add(update);
        }

        return updates;
    }
}

using System.Diagnostics;
using Microsoft.Extensions.AI;
using SpeechStream.Gateway;

namespace SpeechStream.Extensions.AI.Tests;

public sealed class RealtimeTests
{
    private static readonly RealtimeSessionOptions Transcription = new() { SessionKind = RealtimeSessionKind.Transcription };

    [Fact]
    public async Task Audio_that_is_appended_and_committed_becomes_all_its_sentences()
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(new()
        {
            SessionKind = RealtimeSessionKind.Transcription,
            RawRepresentationFactory = () => new SpeechStream.TranscriptionOptions { SendRate = double.PositiveInfinity },
        });
        var audio = Transcriber.Speech(seconds: 5);

        await session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(audio, "audio/pcm")));
        await session.SendAsync(new InputAudioBufferCommitRealtimeClientMessage());

        // Without interim results nothing else is said.
        var completed = (await ReadAsync(session)).OfType<InputAudioTranscriptionRealtimeServerMessage>().ToList();
        completed.Should().OnlyContain(message => message.Type == RealtimeServerMessageType.InputAudioTranscriptionCompleted);
        completed.Select(message => message.Transcription).Should().Equal(Recognizer.DigestOf(audio, 16000).Select(sentence => sentence.Text));
        completed.Select(message => message.ItemId).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task Audio_after_the_commit_is_refused_and_not_lost_silently()
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);
        await session.SendAsync(new InputAudioBufferCommitRealtimeClientMessage());

        var appending = () => session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(Transcriber.Speech(seconds: 1), "audio/pcm")));

        await appending.Should().ThrowAsync<InvalidOperationException>().WithMessage("*commit*");
    }

    [Fact]
    public async Task Deltas_are_the_growth_of_the_stable_text_and_every_event_is_there_raw()
    {
        var messages = await TranscribeAsync(
            Final(1, "Playback of the list."), Interim(2, "press one", "press"), Interim(2, "press one", "press"), Interim(2, "press one to", "press one"));

        messages.Should().OnlyContain(message => message.RawRepresentation is TranscriptionEvent);
        Deltas(messages).Should().Equal(("2", "press"), ("2", " one"));
        Of(messages, RealtimeServerMessageType.InputAudioTranscriptionCompleted).Should().Equal(("1", "Playback of the list."));
    }

    [Fact]
    public async Task A_stable_text_that_shrinks_and_grows_again_is_given_once()
    {
        var messages = await TranscribeAsync(Interim(1, "press one to", "press one"), Interim(1, "press won", ""), Interim(1, "press one to", "press one to"));

        Deltas(messages).Should().Equal(("1", "press one"), ("1", " to"));
    }

    [Fact]
    public async Task What_contradicts_the_deltas_waits_for_the_completed_item()
    {
        var messages = await TranscribeAsync(Interim(1, "press one to", "press one"), Interim(1, "press two to hear", "press two to hear"), Final(1, "Press two to hear."));

        Deltas(messages).Should().Equal(("1", "press one"));
        Of(messages, RealtimeServerMessageType.InputAudioTranscriptionCompleted).Should().Equal(("1", "Press two to hear."));
    }

    [Fact]
    public async Task Results_of_two_sentences_by_turns_repeat_no_delta()
    {
        var messages = await TranscribeAsync(Interim(1, "press one", "press"), Interim(2, "press two", "press"), Interim(1, "press one", "press"), Interim(2, "press two", "press"));

        Deltas(messages).Should().Equal(("1", "press"), ("2", "press"));
    }

    [Fact]
    public async Task A_sender_that_waits_for_its_turn_learns_that_the_session_was_disposed_of()
    {
        await using var transcriber = await Transcriber.ScriptedAsync("""{"steps":[{"wait":"start"}]}""");
        var session = await transcriber.Realtime.CreateSessionAsync(new()
        {
            SessionKind = RealtimeSessionKind.Transcription,
            RawRepresentationFactory = () => new SpeechStream.TranscriptionOptions(),
        });
        var minute = new InputAudioBufferAppendRealtimeClientMessage(new DataContent(Transcriber.Speech(seconds: 60), "audio/pcm"));
        Task[] senders = [session.SendAsync(minute), session.SendAsync(minute)];
        senders.Should().OnlyContain(sender => !sender.IsCompleted, "a minute is more than is taken unsent");

        await session.DisposeAsync();

        foreach (var sender in senders)
        {
            await sender.Awaiting(task => task).Should().ThrowExactlyAsync<InvalidOperationException>().WithMessage("*session is over*");
        }
    }

    [Fact]
    public async Task What_the_service_cant_do_is_refused()
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);

        await transcriber.Realtime.Invoking(client => client.CreateSessionAsync(new() { SessionKind = RealtimeSessionKind.Conversation })).Should().ThrowAsync<NotSupportedException>();
        foreach (var kind in new[] { "image/png", "audio/mpeg", "audio/wav" })
        {
            await session.Invoking(s => s.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[3200], kind))))
                .Should().ThrowAsync<NotSupportedException>().WithMessage($"*{kind}*");
        }

        await session.Invoking(s => s.SendAsync(new CreateResponseRealtimeClientMessage())).Should().ThrowAsync<NotSupportedException>();
    }

    [Theory]
    [InlineData("audio/pcm", 8000)]
    [InlineData("AUDIO/PCM; Rate=8000", 8000)]
    [InlineData("audio/pcm;rate=16000;channels=1", 16000)]
    public async Task The_same_samples_are_taken_as_format_and_as_content(string kind, int sampleRate)
    {
        await using var transcriber = await Transcriber.StartAsync();

        await using var session = await transcriber.Realtime.CreateSessionAsync(new() { SessionKind = RealtimeSessionKind.Transcription, InputAudioFormat = new(kind, sampleRate) });

        await session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[1600], kind)));
    }

    [Theory]
    [InlineData("audio/pcm;rate=8000")]
    [InlineData("audio/pcm; rate=24000")]
    [InlineData("audio/pcm;rate=16000;channels=2")]
    [InlineData("audio/pcmu")]
    public async Task Samples_that_would_be_heard_as_noise_are_refused_as_format_and_as_content(string kind)
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);

        await session.Invoking(s => s.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(new byte[3200], kind))))
            .Should().ThrowAsync<NotSupportedException>().WithMessage($"*{kind}*16000 Hz*");
        await transcriber.Realtime.Invoking(client => client.CreateSessionAsync(new() { SessionKind = RealtimeSessionKind.Transcription, InputAudioFormat = new(kind, 16000) }))
            .Should().ThrowAsync<NotSupportedException>().WithMessage($"*{kind}*16000 Hz*");
    }

    [Fact]
    public async Task A_session_of_another_format_names_it_as_its_input()
    {
        await using var transcriber = await Transcriber.StartAsync();
        var options = new RealtimeSessionOptions
        {
            SessionKind = RealtimeSessionKind.Transcription,
            InputAudioFormat = new("audio/ogg", 16000),
            RawRepresentationFactory = () => new SpeechStream.TranscriptionOptions { Format = AudioFormat.Opus },
        };

        var creating = async () => await (await transcriber.Realtime.CreateSessionAsync(options)).DisposeAsync();

        await creating.Should().NotThrowAsync();
    }

    [Fact]
    public async Task A_trace_of_a_failed_session_names_the_provider_and_the_server()
    {
        var traced = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == nameof(A_trace_of_a_failed_session_names_the_provider_and_the_server),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = traced.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var transcriber = await Transcriber.ScriptedAsync("""{"steps":[{"wait":"start"},{"wait":"audio","ms":100},{"fail":40000003,"text":"no"}]}""");
        var client = transcriber.Realtime.AsBuilder().UseOpenTelemetry(sourceName: nameof(A_trace_of_a_failed_session_names_the_provider_and_the_server)).Build();
        await using var session = await client.CreateSessionAsync(Transcription);
        await session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(Transcriber.Speech(seconds: 1), "audio/pcm")));

        await session.Awaiting(ReadAsync).Should().ThrowAsync<SpeechServiceException>();

        var tags = traced.Should().ContainSingle().Which;
        tags.GetTagItem("gen_ai.provider.name").Should().Be("alibaba_cloud");
        tags.GetTagItem("server.address").Should().Be("127.0.0.1");
    }

    [Fact]
    public async Task The_session_and_the_client_behind_can_be_had()
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);

        session.GetService(typeof(TranscriptionSession)).Should().BeOfType<TranscriptionSession>();
        transcriber.Realtime.GetService(typeof(SpeechStreamClient)).Should().BeSameAs(transcriber.Client);
        session.Options.Should().BeSameAs(Transcription);
    }

    private static string Interim(int index, string text, string fixedText) =>
        $$$"""{"event":"TranscriptionResultChanged","payload":{"index":{{{index}}},"time":500,"result":"{{{text}}}","fixed_result":"{{{fixedText}}}"}}""";

    private static string Final(int index, string text) =>
        $$$"""{"event":"SentenceEnd","payload":{"index":{{{index}}},"begin_time":0,"time":600,"result":"{{{text}}}"}}""";

    /// <summary>What a session gives when the service says this. Each event is read before the next is said, so that no interim result takes the place of an unread one.</summary>
    private static async Task<List<RealtimeServerMessage>> TranscribeAsync(params string[] events)
    {
        var steps = events.Select((said, index) => $$"""{"wait":"audio","ms":{{100 * (index + 1)}}},""" + said);
        await using var transcriber = await Transcriber.ScriptedAsync($$"""{"steps":[{{string.Join(',', steps)}}]}""");
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);
        var messages = new List<RealtimeServerMessage>();
        var left = events.Length;
        await session.SendAsync(Audio());
        await foreach (var message in session.GetStreamingResponseAsync())
        {
            messages.Add(message);
            if (message.RawRepresentation is TranscriptionResultChanged or SentenceEnd)
            {
                await session.SendAsync(--left > 0 ? Audio() : new InputAudioBufferCommitRealtimeClientMessage());
            }
        }

        return messages;

        static InputAudioBufferAppendRealtimeClientMessage Audio() => new(new DataContent(Transcriber.Speech(seconds: 0.1), "audio/pcm;rate=16000"));
    }

    private static IEnumerable<(string? Item, string? Text)> Deltas(List<RealtimeServerMessage> messages) => Of(messages, RealtimeServerMessageType.InputAudioTranscriptionDelta);

    private static IEnumerable<(string? Item, string? Text)> Of(List<RealtimeServerMessage> messages, RealtimeServerMessageType type) =>
        messages.OfType<InputAudioTranscriptionRealtimeServerMessage>().Where(message => message.Type == type).Select(message => (message.ItemId, message.Transcription));

    private static async Task<List<RealtimeServerMessage>> ReadAsync(IRealtimeClientSession session)
    {
        var messages = new List<RealtimeServerMessage>();
        await foreach (var message in session.GetStreamingResponseAsync())
        {
            messages.Add(message);
        }

        return messages;
    }
}

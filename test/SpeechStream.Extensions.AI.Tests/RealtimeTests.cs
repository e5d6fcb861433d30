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
        await using var transcriber = await Transcriber.ScriptedAsync(
            """
            {"steps":[{"wait":"start"},
              {"event":"SentenceEnd","payload":{"index":1,"begin_time":0,"time":400,"result":"Playback of the list."}},
              {"event":"TranscriptionResultChanged","payload":{"index":2,"time":500,"result":"press"}},
              {"event":"TranscriptionResultChanged","payload":{"index":2,"time":600,"result":"press one"}},
              {"event":"TranscriptionResultChanged","payload":{"index":2,"time":700,"result":"press one to"}}]}
            """);
        await using var session = await transcriber.Client.AsRealtimeClient().CreateSessionAsync(Transcription);
        await session.SendAsync(new InputAudioBufferAppendRealtimeClientMessage(new DataContent(Transcriber.Speech(seconds: 1), "audio/pcm;rate=16000")));
        await session.SendAsync(new InputAudioBufferCommitRealtimeClientMessage());

        var messages = await ReadAsync(session);

        messages.Should().OnlyContain(message => message.RawRepresentation is TranscriptionEvent);
        string.Concat(Of(messages, RealtimeServerMessageType.InputAudioTranscriptionDelta)).Should().Be("press one");
        Of(messages, RealtimeServerMessageType.InputAudioTranscriptionCompleted).Should().Equal("Playback of the list.");
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

    [Fact]
    public async Task The_session_and_the_client_behind_can_be_had()
    {
        await using var transcriber = await Transcriber.StartAsync();
        await using var session = await transcriber.Realtime.CreateSessionAsync(Transcription);

        session.GetService(typeof(TranscriptionSession)).Should().BeOfType<TranscriptionSession>();
        transcriber.Realtime.GetService(typeof(SpeechStreamClient)).Should().BeSameAs(transcriber.Client);
        session.Options.Should().BeSameAs(Transcription);
    }

    private static IEnumerable<string?> Of(List<RealtimeServerMessage> messages, RealtimeServerMessageType type) =>
        messages.OfType<InputAudioTranscriptionRealtimeServerMessage>().Where(message => message.Type == type).Select(message => message.Transcription);

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

namespace SpeechStream.IntegrationTests.Faults;

/// <summary>What every recovered session's events have to be, whatever happened to its connections.</summary>
internal static class Transcript
{
    /// <summary>Runs a session to its end and returns its events and summary, which are checked.</summary>
    public static async Task<(List<TranscriptionEvent> Events, SessionSummary Summary)> RunAsync(
        SpeechStreamClient client, byte[] audio, TranscriptionOptions options, Action<TranscriptionEvent>? onEvent = null, int piece = 3200)
    {
        await using var session = client.CreateSession(options);
        var reading = ReadAsync(session, onEvent);
        var feeding = session.FeedAsync(audio, piece);
        await session.StartAsync().Within("the session to start");
        var events = await reading.ToListAsync();
        await feeding.Within("the feeding to end");
        var summary = await session.Completion.Within();
        ShouldBeWhole(events, audio, summary);
        return (events, summary);
    }

    public static void ShouldBeWhole(IReadOnlyList<TranscriptionEvent> events, byte[] audio, SessionSummary summary)
    {
        events.Finals().Should().Equal(Speech.Expected(audio));
        events.OfType<AudioGap>().Should().BeEmpty();
        events.OfType<TaskFailed>().Should().BeEmpty();
        events.Count(e => e is TranscriptionStarted).Should().Be(1);
        events.Count(e => e is TranscriptionCompleted).Should().Be(1);
        events[0].Should().BeOfType<TranscriptionStarted>();
        events[^2].Should().BeOfType<TranscriptionCompleted>();
        events[^1].Should().BeOfType<ChannelClosed>();
        ShouldGoOnFromTheLastFinal(events);
        ShouldBeginAndEndEachSentenceOnce(events);

        summary.Drained.Should().BeTrue();
        summary.Error.Should().BeNull();
        summary.AudioLost.Should().Be(TimeSpan.Zero);
        summary.AudioWritten.Should().Be(new TimeSpan(audio.Length * TimeSpan.TicksPerSecond / Speech.BytesPerSecond)).And.Be(summary.AudioFinalized);
        summary.AudioSent.Should().BeGreaterThanOrEqualTo(summary.AudioWritten).And.BeLessThanOrEqualTo(summary.AudioWritten + summary.AudioReplayed);
        summary.Sentences.Should().Be(events.OfType<SentenceEnd>().Count());
        summary.Reconnects.Should().Be(events.OfType<Reconnected>().Count());
        summary.TaskIds.Should().Equal(events.Where(e => e is TranscriptionStarted or Reconnected).Select(e => e.TaskId)).And.OnlyHaveUniqueItems();
    }

    private static void ShouldGoOnFromTheLastFinal(IEnumerable<TranscriptionEvent> events)
    {
        // Attempts before the first connection count, too, and nobody is told of them but the log.
        var isLost = false;
        var lastFinal = TimeSpan.Zero;
        var attempts = (events.OfType<Reconnecting>().FirstOrDefault()?.Attempt ?? 1) - 1;
        foreach (var item in events)
        {
            switch (item)
            {
                case Reconnecting reconnecting:
                    reconnecting.Attempt.Should().Be(++attempts, "attempts are counted until there is a final");
                    isLost = true;
                    reconnecting.Cause.Should().NotBeNull();
                    break;
                case Reconnected reconnected:
                    isLost.Should().BeTrue("a loss is told before a new connection");
                    reconnected.ResumedAt.Should().BeCloseTo(lastFinal, TimeSpan.FromMilliseconds(1));
                    isLost = false;
                    break;
                default:
                    isLost.Should().BeFalse("nothing comes in between, but {0} did", item);
                    (attempts, lastFinal) = item is SentenceEnd final ? (0, final.Time) : (attempts, lastFinal);
                    break;
            }
        }
    }

    private static void ShouldBeginAndEndEachSentenceOnce(IEnumerable<TranscriptionEvent> events)
    {
        var (begun, ended) = (new HashSet<int>(), new HashSet<int>());
        foreach (var item in events)
        {
            switch (item)
            {
                case SentenceBegin begin:
                    begun.Add(begin.Index).Should().BeTrue("sentence {0} begins once", begin.Index);
                    break;
                case TranscriptionResultChanged changed:
                    begun.Should().Contain(changed.Index);
                    ended.Should().NotContain(changed.Index, "nothing changes what is final");
                    break;
                case SentenceEnd end:
                    begun.Should().Contain(end.Index);
                    ended.Add(end.Index).Should().BeTrue("sentence {0} ends once", end.Index);
                    break;
            }
        }
    }

    private static async IAsyncEnumerable<TranscriptionEvent> ReadAsync(TranscriptionSession session, Action<TranscriptionEvent>? onEvent)
    {
        await foreach (var item in session.Events)
        {
            onEvent?.Invoke(item);
            yield return item;
        }
    }
}

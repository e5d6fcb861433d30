using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

public abstract class ResumeTests : BothServices
{
    private static readonly TranscriptionOptions Unpaced = new() { SendRate = double.PositiveInfinity, CatchUpRate = double.PositiveInfinity, SilenceAfter = Timeout.InfiniteTimeSpan };

    private protected ResumeTests(SpeechService service)
        : base(service)
    {
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_recording_in_two_sessions_is_the_recording_in_one(int seed)
    {
        var random = new Random(seed);
        var audio = LossOracle.Speech(32_000 * 30 + 2 * seed, seed);
        var (first, second) = (new List<TranscriptionEvent>(), new List<TranscriptionEvent>());
        using (var run = new Simulated(Fates(random), options: new()))
        {
            run.StartNow();
            run.WriteLive(audio[..(32_000 * (3 + random.Next(20)))]);
            run.CancelConsumer();
            run.Advance(1);
            first = run.Events;
        }

        var last = first.OfType<SentenceEnd>().LastOrDefault();
        var from = last is null ? default : new ResumePoint(last.Index, last.Time);
        using (var run = new Simulated(Fates(random), options: new() { ResumeFrom = from }))
        {
            run.StartNow();
            run.WriteLive(audio[(int)(from.Time.TotalSeconds * 32_000)..]);
            run.Session.Audio.Complete();
            run.AdvanceToEnd(TimeSpan.FromMinutes(2));
            second = run.Events;
        }

        LossOracle.Check([second[0], .. first.Where(said => said is SentenceEnd), .. second.Skip(1)], audio);
    }

    [Fact]
    public void Gaps_and_reconnects_are_told_in_the_time_of_the_recording()
    {
        using var run = Simulated.Scripted(0, options => options.ReplayWindow = TimeSpan.FromSeconds(1), Unpaced with { ResumeFrom = new(7, TimeSpan.FromMinutes(1)) });
        run.Session.TryWriteAudio(LossOracle.Speech(16_000, 1)).Should().BeTrue();
        run.Settle();
        run.Service.SayBegin(1, 100);
        run.Service.SayEnd(1, 100, 500, more: ""","words":[{"text":"te","startTime":200,"endTime":300}]""");
        run.Service.Lose();
        run.Settle();

        run.All<SentenceBegin>().Should().ContainSingle().Which.Should().BeEquivalentTo(new { Index = 8, Time = TimeSpan.FromSeconds(60.1) });
        var final = run.All<SentenceEnd>().Should().ContainSingle().Which;
        (final.Index, final.BeginTime, final.Time).Should().Be((8, TimeSpan.FromSeconds(60.1), TimeSpan.FromSeconds(60.5)));
        final.Words.Should().Equal(new Word("te", TimeSpan.FromSeconds(60.2), TimeSpan.FromSeconds(60.3)));
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(60.5));
    }

    [Fact]
    public void Dropped_audio_is_a_gap_in_the_time_of_the_recording()
    {
        using var run = Simulated.Scripted(
            0, options => options.ReplayWindow = TimeSpan.FromSeconds(1), Unpaced with { ResumeFrom = new(7, TimeSpan.FromMinutes(1)) }, new Fate { BlackHole = true }, new Fate { Deaf = true });
        run.Session.TryWriteAudio(LossOracle.Speech(32_000, 1)).Should().BeTrue();
        run.Session.TryWriteAudio(LossOracle.Speech(32_000, 2)).Should().BeFalse();
        run.Service.Lose();
        run.Settle();
        run.Session.TryWriteAudio(LossOracle.Speech(3_200, 3)).Should().BeTrue();
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(62)));
    }

    [Theory]
    [InlineData(30, 0, 0)]
    [InlineData(30, 1, 0)]
    [InlineData(32, 0, 1)]
    public void Less_than_a_millisecond_that_rounding_has_left_of_a_recording_is_no_sentence(int bytes, int secondsToEnd, int sentences)
    {
        using var run = new Simulated(options: Unpaced with { ResumeFrom = new(7, TimeSpan.FromMinutes(1)) });
        run.StartNow();
        _ = run.Write(LossOracle.Speech(bytes, 1));
        run.Advance(secondsToEnd);
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromSeconds(30));

        run.All<SentenceEnd>().Should().HaveCount(sentences);
        run.All<TranscriptionCompleted>().Should().ContainSingle();
        run.Summary.AudioLost.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_recording_of_which_nothing_is_left_is_complete_without_a_connection()
    {
        using var run = new Simulated();

        var events = await run.Client.TranscribeAsync(Stream.Null, new() { ResumeFrom = new(7, TimeSpan.FromMinutes(1)) }, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        events.Select(happened => happened.GetType()).Should().Equal(typeof(TranscriptionCompleted), typeof(ChannelClosed));
        events[^1].Should().BeOfType<ChannelClosed>().Which.Summary.Should().BeEquivalentTo(new SessionSummary { Drained = true });
    }

    [Fact]
    public void The_summary_counts_only_what_this_session_did()
    {
        using var run = Simulated.Scripted(1, options: Unpaced with { ResumeFrom = new(7, TimeSpan.FromMinutes(1)) });
        run.Service.SayEnd(1, 0, 1000);
        run.Session.Audio.Complete();
        run.Settle();

        (run.Summary.AudioWritten, run.Summary.Sentences, run.Summary.AudioLost).Should().Be((TimeSpan.FromSeconds(1), 1, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, -1)]
    [InlineData(0, 100_000_000)]
    public void A_point_that_cannot_be_is_refused(int sentences, int seconds)
    {
        using var run = new Simulated();

        run.Client.Invoking(client => client.CreateSession(new() { ResumeFrom = new(sentences, TimeSpan.FromSeconds(seconds)) }))
            .Should().Throw<ArgumentException>().WithMessage("ResumeFrom *");
    }

    // One of three connections breaks in the middle of its audio.
    private static Func<Fate> Fates(Random random) => () => new Fate { AudioBytes = random.Next(3) == 0 ? 32_000 * (1 + random.Next(8)) : null };
}

public sealed class ResumeTestsWithNls() : ResumeTests(SpeechService.Nls);

public sealed class ResumeTestsWithDashScope() : ResumeTests(SpeechService.DashScope);

using SpeechStream.Tests.Simulation;

namespace SpeechStream.Tests.Session;

/// <summary>TryWriteAudio never waits: what finds no room is dropped and told.</summary>
public abstract class DroppedAudioTests : BothServices
{
    private protected DroppedAudioTests(SpeechService service)
        : base(service)
    {
    }

    [Fact]
    public void Dropped_audio_is_one_gap_reported_at_the_next_write()
    {
        using var run = OneSecondWindow();
        Capture(run, 10).Should().OnlyContain(taken => taken);
        Capture(run, 5).Should().OnlyContain(taken => !taken);
        run.Settle();
        run.Events.OfType<AudioGap>().Should().BeEmpty();

        run.StartNow();
        Capture(run, 1).Should().OnlyContain(taken => taken);
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public void Audio_dropped_last_is_reported_at_the_end()
    {
        using var run = OneSecondWindow();
        Capture(run, 13);
        run.Session.Audio.Complete();
        run.Start();
        run.AdvanceToEnd(TimeSpan.FromSeconds(30));

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.3)));
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(0.3));
        run.Summary.AudioFinalized.Should().Be(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void An_hour_offline_keeps_the_window_and_reports_one_gap()
    {
        using var run = Simulated.Scripted(
            0,
            options => (options.MaxReconnectAttempts, options.ConnectTimeout) = (1000, TimeSpan.FromMinutes(5)),
            new() { SendRate = double.PositiveInfinity },
            [new Fate { Deaf = true }, new Fate { Unanswered = true }]);
        run.Session.TryWriteAudio(LossOracle.Speech(3_200, 1));
        run.Settle();
        run.Service.Lose();
        var second = LossOracle.Speech(32_000, 1);
        var taken = 0;
        for (var i = 0; i < 3600; i++)
        {
            taken += run.Session.TryWriteAudio(second) ? 1 : 0;
            run.Advance(1);
        }

        taken.Should().Be(59, "the window is 60 s, and a tenth of one was there already");
        run.IsOver.Should().BeFalse();
        run.Session.Dispose();
        run.Summary.AudioWritten.Should().Be(TimeSpan.FromSeconds(3600.1));
        run.Summary.AudioLost.Should().Be(TimeSpan.FromSeconds(3600.1));
    }

    [Fact]
    public void A_writer_that_waits_loses_nothing_offline()
    {
        using var run = new Simulated(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1));
        var audio = LossOracle.Speech(32_000, 1);
        run.Write(audio.AsSpan(0, 16_000)).IsCompleted.Should().BeTrue();
        var flush = run.Write(audio.AsSpan(16_000));
        run.Advance(TimeSpan.FromHours(1));
        flush.IsCompleted.Should().BeFalse("the window is full");

        run.StartNow();
        flush.IsCompleted.Should().BeTrue();
        run.Session.Audio.Complete();
        run.AdvanceToEnd(TimeSpan.FromSeconds(30));
        LossOracle.Check(run.Events, audio);
    }

    [Fact]
    public void A_loss_releases_a_writer_while_the_window_has_room()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }, new Fate { Unanswered = true }));
        run.StartNow();
        var flush = run.Write(LossOracle.Speech(4 * 32_000, 1));
        flush.IsCompleted.Should().BeFalse("more than 2 s are unsent");
        run.Service.Lose();
        run.Advance(0.001);

        flush.IsCompleted.Should().BeTrue("without a connection only a full window makes a writer wait");
    }

    [Fact]
    public void A_writer_released_by_a_loss_evicts_no_audio_to_replay()
    {
        using var run = new Simulated(Fate.Sequence(new Fate { Deaf = true }, new Fate()), options => options.ReplayWindow = TimeSpan.FromSeconds(10));
        var audio = LossOracle.Speech(30 * 32_000, 1);
        run.StartNow();
        var writing = WriteAllAsync();
        run.Advance(6);
        writing.IsCompleted.Should().BeFalse("it is 2 s ahead of the sender");

        run.Service.Lose();
        run.AdvanceToEnd(TimeSpan.FromMinutes(1));

        run.All<AudioGap>().Should().BeEmpty();
        LossOracle.Check(run.Events, audio);

        async Task WriteAllAsync()
        {
            for (var at = 0; at < audio.Length; at += 3_200)
            {
                await run.Write(audio.AsSpan(at, 3_200));
            }

            run.Session.Audio.Complete();
        }
    }

    [Fact]
    public void A_sentence_longer_than_the_window_is_a_gap_after_a_loss()
    {
        using var run = Simulated.Scripted(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1));
        run.Service.SayBegin(1, 0);
        run.CaptureLive(LossOracle.Speech(3 * 32_000, 1));
        run.Service.Lose();
        run.Settle();

        var gap = run.All<AudioGap>().Should().ContainSingle().Which;
        (gap.From, gap.To).Should().Be((TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().Be(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void Heard_silence_is_neither_a_gap_nor_replayed()
    {
        using var run = Simulated.Scripted(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(12));
        run.CaptureLive(LossOracle.Speech(20 * 32_000, 1));
        run.Service.Lose();
        run.Settle();

        run.Events.OfType<AudioGap>().Should().BeEmpty();
        run.All<Reconnected>().Should().ContainSingle().Which.ResumedAt.Should().BeCloseTo(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200));
    }

    private static Simulated OneSecondWindow() => new(configure: options => options.ReplayWindow = TimeSpan.FromSeconds(1));

    private static List<bool> Capture(Simulated run, int frames) =>
        [.. Enumerable.Range(0, frames).Select(i => run.Session.TryWriteAudio(LossOracle.Speech(3_200, i)))];
}

public sealed class DroppedAudioTestsWithNls() : DroppedAudioTests(SpeechService.Nls);

public sealed class DroppedAudioTestsWithDashScope() : DroppedAudioTests(SpeechService.DashScope);

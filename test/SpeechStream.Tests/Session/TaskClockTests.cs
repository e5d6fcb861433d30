using SpeechStream.Audio;
using SpeechStream.Session.Events;

namespace SpeechStream.Tests.Session;

/// <summary>A task's times as the caller's, with filler, holes, and more changes between them than are kept.</summary>
public sealed class TaskClockTests
{
    private const int Second = 32_000;
    private const int Turns = 10_000;

    private readonly TaskClock _clock = new(new AudioRate(16_000), new CallerOffset(0));

    [Fact]
    public void Filler_makes_the_task_longer()
    {
        _clock.AddAudio(new(0), Second);
        _clock.AddFiller(new(Second), Second);
        _clock.AddAudio(new(Second), Second);

        Begin(2.5).Should().Be(1.5);
        Begin(1.5).Should().Be(1, "filler stands where it was put");
    }

    [Fact]
    public void A_hole_makes_the_callers_audio_longer()
    {
        _clock.AddAudio(new(0), Second);
        _clock.AddAudio(new(3 * Second), Second);

        Begin(1.5).Should().Be(3.5);
    }

    [Fact]
    public void At_a_hole_an_end_is_before_it_and_a_begin_after()
    {
        _clock.AddAudio(new(0), Second);
        _clock.AddAudio(new(3 * Second), Second);

        (_clock.MapEnd(Time(1)), _clock.MapBegin(Time(1))).Should().Be((Time(1), Time(3)));
    }

    [Fact]
    public void A_task_that_resumes_counts_from_there()
    {
        var resumed = new TaskClock(new AudioRate(16_000), new CallerOffset(5 * Second));
        resumed.AddAudio(new(5 * Second), Second);

        resumed.MapEnd(Time(1)).Should().Be(Time(6));
    }

    [Theory]
    [InlineData(1.009, true)]
    [InlineData(1.011, false)]
    public void An_end_beyond_the_audio_is_located_within_10_ms(double seconds, bool isLocated)
    {
        _clock.AddAudio(new(0), Second);

        _clock.LocateEnd(Time(seconds)).Should().Be(isLocated ? new CallerOffset(Second) : null);
        _clock.IsBeyondAudio(Time(seconds)).Should().Be(!isLocated);
    }

    [Fact]
    public void Times_of_the_last_minutes_are_exact_beyond_4096_changes()
    {
        Alternate();

        // 1,000 turns of 0.1 s of audio and 0.1 s of filler: more than three minutes of the task.
        for (var turn = Turns - 1_000; turn < Turns; turn++)
        {
            Begin((0.2 * turn) + 0.05).Should().BeApproximately((0.1 * turn) + 0.05, 1e-6);
        }
    }

    [Fact]
    public void Forgotten_times_are_no_later_than_the_oldest_that_is_kept()
    {
        Alternate();

        _clock.MapBegin(TimeSpan.Zero).Should().BeLessThan(Time(0.1 * (Turns - 1_000)));
    }

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);

    private double Begin(double seconds) => _clock.MapBegin(Time(seconds)).TotalSeconds;

    private void Alternate()
    {
        const int tenth = Second / 10;
        for (var turn = 0; turn < Turns; turn++)
        {
            _clock.AddAudio(new((long)turn * tenth), tenth);
            _clock.AddFiller(new((turn + 1L) * tenth), tenth);
        }
    }
}

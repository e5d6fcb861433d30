using SpeechStream.Audio;
using SpeechStream.Audio.Replay;

namespace SpeechStream.Tests.Audio;

/// <summary>Silence is listened to 10 s after it was sent, in real time, and while no sentence is open.</summary>
public sealed class ListenedAudioTests
{
    private const long Second = 32_000;

    private readonly ManualTimeProvider _clock = new();
    private readonly ListenedAudio _listened;

    public ListenedAudioTests() => _listened = new ListenedAudio(new AudioRate(16_000), _clock, startOffset: 0, deadAfter: TimeSpan.Zero);

    [Fact]
    public void Nothing_is_heard_within_10_s()
    {
        SendLive(10);

        SilenceUpTo().Should().BeNull();
    }

    [Fact]
    public void What_was_sent_10_s_before_is_heard()
    {
        SendLive(15);

        SilenceUpTo().Should().BeInRange((long)(4.8 * Second), 5 * Second);
    }

    [Fact]
    public void An_open_sentence_is_no_silence()
    {
        SendLive(5);
        _listened.MarkSpeech(isSentenceOpen: true, acknowledged: 0);
        Wait(60);

        SilenceUpTo().Should().BeNull();
    }

    [Fact]
    public void After_a_sentence_listening_begins_anew()
    {
        SendLive(15);
        _listened.MarkSpeech(isSentenceOpen: false, acknowledged: 12 * Second);
        Wait(9);
        SilenceUpTo().Should().BeNull();
        Wait(3);

        SilenceUpTo().Should().BeInRange(12 * Second, 14 * Second);
    }

    [Fact]
    public void Audio_sent_at_once_is_heard_in_real_time()
    {
        _listened.MarkSent(60 * Second, _clock.GetTimestamp());
        Wait(15);

        SilenceUpTo().Should().Be(5 * Second);
    }

    [Fact]
    public void A_pause_hears_no_more_than_was_sent()
    {
        SendLive(2);
        Wait(60);

        SilenceUpTo().Should().Be(2 * Second);
    }

    private long? SilenceUpTo() => _listened.SilenceUpTo(_clock.GetTimestamp());

    private void SendLive(int seconds)
    {
        for (var chunk = 1; chunk <= 10 * seconds; chunk++)
        {
            Wait(0.1);
            _listened.MarkSent(chunk * Second / 10, _clock.GetTimestamp());
        }
    }

    private void Wait(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}

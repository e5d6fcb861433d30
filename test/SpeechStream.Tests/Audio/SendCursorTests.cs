using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;

namespace SpeechStream.Tests.Audio;

/// <summary>What a connection's place in the audio acknowledges.</summary>
public sealed class SendCursorTests
{
    private const int Second = BufferUnderTest.BytesPerSecond;

    [Fact]
    public void What_a_task_leaves_behind_counts_only_where_audio_was_sent_and_is_not_acknowledged()
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(3);
        buffer.TakeDue();
        buffer.Cursor.Acknowledge(Second);
        buffer.Write(2);

        var gaps = buffer.Cursor.Rewind(new TaskRemainder(9L * Second, [new Gap(0, 9L * Second)], IsSentenceOpen: false));

        gaps.Should().Equal(new Gap(Second, 3L * Second));
        buffer.Buffer.Acked.Should().Be(3L * Second);
    }

    [Theory]
    [InlineData(false, 2 * Second)]
    [InlineData(true, 0)]
    public void Zeros_that_a_silent_task_has_heard_are_replayed_only_into_an_open_sentence(bool isSentenceOpen, long acked)
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(new byte[2 * Second]);
        buffer.TakeDue();

        buffer.Cursor.Rewind(new TaskRemainder(0, [], isSentenceOpen), skipsZeros: true);

        buffer.Buffer.Acked.Should().Be(acked);
    }

    [Fact]
    public void Silence_that_the_service_has_heard_is_acknowledged_while_audio_goes_on()
    {
        var buffer = new BufferUnderTest();

        buffer.SendLive(30);

        buffer.Buffer.Acked.Should().BeGreaterThan(15L * Second, "no sentence is open, and the service has heard it more than ten seconds ago");
    }
}

namespace SpeechStream.Tests.Audio;

/// <summary>The service's times are whole milliseconds; audio needn't end on one.</summary>
public sealed class RoundedTimesTests
{
    private const int Second = BufferUnderTest.BytesPerSecond;

    [Theory]
    [InlineData(true, false, false, 0)]
    [InlineData(true, true, false, 20)]
    [InlineData(false, false, false, 20)]
    [InlineData(true, false, true, 32)]
    public void Rewind_skips_only_a_tail_left_by_rounding(
        bool allWasSentBefore, bool sentenceOpen, bool isWholeMillisecond, int sentAgain)
    {
        var buffer = new BufferUnderTest(double.PositiveInfinity);
        buffer.Write(1);
        buffer.TakeDue();
        buffer.Write((isWholeMillisecond ? 32.0 : 20.0) / Second);
        if (!allWasSentBefore)
        {
            buffer.Cursor.Acknowledge(Second);
        }

        buffer.Buffer.Complete();
        buffer.TakeDue();
        if (allWasSentBefore)
        {
            buffer.Cursor.Acknowledge(Second);
        }

        buffer.Rewind(sentenceOpen).Should().BeEmpty();

        buffer.Buffer.Unsent.Should().Be(sentAgain);
        buffer.Buffer.Lost.Should().Be(0);
    }
}

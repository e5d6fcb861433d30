namespace SpeechStream.Audio.Sending;

/// <summary>The result of <see cref="SendCursor.Take"/>.</summary>
/// <param name="Count">How many bytes were copied; 0 when nothing is due.</param>
/// <param name="Offset">Their offset in the caller's audio.</param>
/// <param name="Wait">Time until audio is due; infinite when there is nothing to send.</param>
internal readonly record struct Outgoing(int Count, long Offset, TimeSpan Wait)
{
    public static Outgoing Nothing { get; } = new(0, 0, Timeout.InfiniteTimeSpan);
}
